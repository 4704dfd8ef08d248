package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.testing.TestPostgres;

/// A database of its own with tables of an application, one connection as the application and one
/// as the engine.
///
/// Both are the superuser unless a test says otherwise.
final class InstalledDatabase implements AutoCloseable {

    final TestPostgres.Database database;
    final Connection application;
    final Connection engine;

    InstalledDatabase(TestPostgres postgres, String tables) throws SQLException {
        this(postgres.freshDatabase());
        run(tables);
    }

    /// One that is there already, such as a copy.
    InstalledDatabase(TestPostgres.Database database) throws SQLException {
        this.database = database;
        this.application = database.connect();
        this.engine = database.connect();
    }

    InstallReport install(Role role, String plan) {
        return switch (role) {
            case CENTRAL -> Installer.installCentral(engine, plan, PlanFile.parse(plan));
            case SATELLITE ->
                    Installer.installSatellite(engine, plan, PlanFile.parse(plan), "version 1");
        };
    }

    /// Runs statements as the application.
    void run(String sql) throws SQLException {
        run(application, sql);
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Returns rows as the application sees them, columns joined by `|`, null as `-`.
    List<String> rows(String sql) throws SQLException {
        return rows(application, sql);
    }

    static List<String> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                var row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    String value = result.getString(i);
                    row.append(i == 1 ? "" : "|").append(value == null ? "-" : value);
                }
                rows.add(row.toString());
            }
            return rows;
        }
    }

    /// Returns the only value of a query.
    String value(String sql) throws SQLException {
        return rows(sql).getFirst();
    }

    /// Puts all companions in step, as after a synchronisation.
    void settle(String companion) throws SQLException {
        run(
                engine,
                "update doctorbird."
                        + companion
                        + " set last_synchronisation = '2026-01-01', base_etag = '2026-01-01',"
                        + " changed_fields = null");
    }

    /// Ends all rows of the history, as the retention does.
    void forgetHistory() throws SQLException {
        run(
                "begin; set local doctorbird.forgetting = 'on';"
                        + " delete from doctorbird.engine_history; commit");
    }

    @Override
    public void close() throws SQLException {
        application.close();
        engine.close();
        database.endPool();
    }
}
