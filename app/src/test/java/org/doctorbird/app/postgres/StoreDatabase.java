package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Write;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.ETag;
import org.doctorbird.record.FieldNames;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.jspecify.annotations.Nullable;

/// A database with the application's tables, their companions and the engine's tables, but without
/// triggers: a test writes companions as a trigger would.
final class StoreDatabase {

    private final TestPostgres.Database database;
    private final List<SyncedTable> tables;

    private StoreDatabase(TestPostgres.Database database, List<SyncedTable> tables) {
        this.database = database;
        this.tables = tables;
    }

    /// Makes a fresh database.
    ///
    /// @param ddl the application's tables
    static StoreDatabase make(TestPostgres server, String ddl, ModelPlan... models)
            throws SQLException {
        var database = server.freshDatabase();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(ddl);
            statement.execute("create schema doctorbird");
            statement.execute(resource("001-engine.sql"));
            statement.execute(resource("004-interest.sql"));
            statement.execute(resource("006-conflicts.sql"));
            statement.execute(resource("007-history.sql"));
            statement.execute(resource("008-quarantine.sql"));
            statement.execute(resource("009-continuity.sql"));
            statement.execute(resource("010-audience.sql"));
            statement.execute(resource("011-verify.sql"));
            var plan = new Plan(Application.PLAIN, List.of(models));
            List<SyncedTable> tables = SyncedTables.of(plan, Catalogue.read(connection));
            for (SyncedTable table : tables) {
                statement.execute(
                        """
                        create table %1$s (
                          uid uuid primary key, id %2$s,
                          last_synchronisation timestamptz, base_etag timestamptz,
                          revision bigint not null default 1, changed_fields varbit,
                          etag timestamptz, changed xid8,
                          origin smallint, origin_revision bigint,
                          synchronised_instances varbit not null default '',
                          interested_instances varbit, deleted_at timestamptz,
                          direct_instances varbit, creator smallint,
                          stamped smallint not null default 0, origin_user text,
                          is_taken boolean not null default false,
                          unique (id) deferrable initially deferred);
                        create index on %1$s (uid) where last_synchronisation is null;
                        create index on %1$s (changed, uid);
                        """
                                .formatted(table.companion(), table.keyType()));
            }
            return new StoreDatabase(database, tables);
        }
    }

    private static String resource(String name) {
        try (var in = Objects.requireNonNull(SyncedTable.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The plan's part on a model with random uids.
    static ModelPlan model(String name, String table) {
        return new ModelPlan(name, table, Mode.FULL, Optional.empty(), Set.of(), 1_000);
    }

    /// The plan's part on a model whose uids come from a column.
    static ModelPlan model(String name, String table, String uniqueIdColumn) {
        return new ModelPlan(name, table, Mode.FULL, Optional.of(uniqueIdColumn), Set.of(), 1_000);
    }

    DataSource source() {
        return database.dataSource();
    }

    Connection connect() throws SQLException {
        return database.connect();
    }

    List<SyncedTable> tables() {
        return tables;
    }

    SyncedTable table(String model) {
        return new TablesByModel(tables).get(model);
    }

    ModelShape shape(String model) {
        return table(model).shape();
    }

    PostgresCentralStore central() {
        return new PostgresCentralStore(source(), tables);
    }

    PostgresSatelliteStore satellite() {
        return new PostgresSatelliteStore(source(), tables);
    }

    /// Stores a version of `party` at central that everything is still to be computed of.
    void store(InstanceId origin, int uid, long etag) {
        var write =
                new Write.AtCentral(
                        uid(uid),
                        fields("name", "n" + etag),
                        Set.of("name"),
                        new ETag(etag),
                        origin,
                        etag,
                        false);
        List<?> refused = central().inTransaction(t -> t.apply(shape("party"), List.of(write)));
        assertThat(refused).isEmpty();
    }

    /// Runs statements.
    void run(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Returns each row's columns as texts joined by `|`, null as `-`.
    List<String> rows(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var results = new ArrayList<String>();
            while (rows.next()) {
                var columns = new ArrayList<String>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    columns.add(Objects.requireNonNullElse(rows.getString(i), "-"));
                }
                results.add(String.join("|", columns));
            }
            return results;
        }
    }

    /// Fields from names and values in turn.
    static Fields fields(@Nullable String... namesAndValues) {
        var names = new ArrayList<String>();
        var values = new ArrayList<@Nullable String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            names.add(Objects.requireNonNull(namesAndValues[i]));
            values.add(namesAndValues[i + 1]);
        }
        return Fields.of(FieldNames.of(names), values);
    }

    /// A uid that says which one it is.
    static UUID uid(int number) {
        return new UUID(0x0123_4567_0000_4000L, 0x8000_0000_0000_0000L + number);
    }
}
