package org.doctorbird.app.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.doctorbird.app.central.Instances;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Installer;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.app.settings.SettingsFile;
import org.doctorbird.app.testing.Cluster;
import org.postgresql.ds.PGSimpleDataSource;

/// A central instance and its satellites, each with a database and a settings file as people have
/// them. The tables: `party`, and `visit`, which refers to it.
final class Region {

    static final String PARTY = "party";
    static final String VISIT = "visit";

    private static final int INSTANCES_MAX = 127;

    static final String TABLES =
            """
            create table party (id serial primary key, name text not null, note text);
            create table visit (
                id serial primary key, party integer not null references party, note text);
            create index on visit (party);
            """;

    private final Path folder;
    private final UnaryOperator<String> databases;
    private final int port;
    private final Place central;

    /// One instance.
    ///
    /// @param name of instance, login and database
    /// @param url JDBC address of its database, with the superuser
    /// @param file its settings
    record Place(String name, String url, Path file) {

        Settings settings() {
            return SettingsFile.read(file);
        }

        Connection connect() throws SQLException {
            return DriverManager.getConnection(url);
        }

        PGSimpleDataSource source() {
            var source = new PGSimpleDataSource();
            source.setUrl(url);
            return source;
        }

        /// Runs statements as the application.
        void run(String sql) throws SQLException {
            try (Connection connection = connect();
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        /// What waits for minutes because it has failed, or because something was missing, is tried
        /// again now.
        void hurry() throws SQLException {
            run(
                    """
                    update doctorbird.scheduled_tasks set execution_time = now()
                    where not picked and execution_time > now() + interval '2 seconds'
                      and task_name in ('piece', 'finish', 'retry', 'upkeep')
                    """);
            run("update doctorbird.engine_held set next_try = now() where next_try > now()");
        }

        /// Returns the first column of a query as text.
        List<String> texts(String sql) throws SQLException {
            var texts = new ArrayList<String>();
            try (Connection connection = connect();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
            return texts;
        }

        /// Returns all texts that applications wrote.
        List<String> written() throws SQLException {
            return texts(
                    """
                    select name from party
                    union all select note from party where note is not null
                    union all select note from visit where note is not null
                    """);
        }
    }

    /// Makes central and installs it; does not start it.
    ///
    /// @param databases creates a database of a name and returns its JDBC address
    /// @param batch records in a batch
    Region(Path folder, UnaryOperator<String> databases, int batch)
            throws IOException, SQLException {
        this.folder = folder;
        this.databases = databases;
        this.port = Cluster.freePort();
        String plan = plan(batch);
        Files.writeString(folder.resolve("plan.toml"), plan);
        this.central =
                place(
                        "central",
                        """
                        [plan]
                        file = "plan.toml"
                        [http]
                        listen = "127.0.0.1:%d"
                        """
                                .formatted(port),
                        0);
        try (Connection connection = central.connect()) {
            var _ = Installer.installCentral(connection, plan, PlanFile.parse(plan));
        }
    }

    /// Returns a plan that exchanges both tables fully, deletions of visits too.
    static String plan(int batch) {
        return """
        format = 1
        [[model]]
        name = "party"
        table = "party"
        batch = %1$d
        [[model]]
        name = "visit"
        table = "visit"
        batch = %1$d
        deletes = "propagate"
        """
                .formatted(batch);
    }

    Place central() {
        return central;
    }

    /// The port that central listens on.
    int port() {
        return port;
    }

    /// Adds a satellite; does not install it.
    Place satellite(String name, int number) throws IOException, SQLException {
        var added =
                new Instances(central.source(), INSTANCES_MAX, new SecureRandom())
                        .add(name, Optional.of(number));
        Files.writeString(folder.resolve(name + ".password"), added.password());
        return place(
                name,
                """
                [central]
                url = "http://127.0.0.1:%d/central/"
                login = "%s"
                password_file = "%s.password"
                """
                        .formatted(port, name, name),
                number);
    }

    /// Local ids differ between instances, as they do in life.
    private Place place(String name, String rest, int number) throws IOException, SQLException {
        var place = new Place(name, databases.apply(name), folder.resolve(name + ".toml"));
        place.run(TABLES + "select setval('party_id_seq', %d)".formatted(1_000_000 * (number + 1)));
        Files.writeString(
                place.file(),
                """
                role = "%s"
                [database]
                url = "%s"
                user = "postgres"
                %s
                """
                        .formatted(number == 0 ? "central" : "satellite", place.url(), rest));
        return place;
    }
}
