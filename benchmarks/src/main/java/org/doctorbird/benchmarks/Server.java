package org.doctorbird.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/// A PostgreSQL server of the benchmark: as it is installed, flushing every commit to the disk, and
/// ready for logical replication.
final class Server implements AutoCloseable {

    /// The databases' user; the server trusts it.
    static final String USER = "postgres";

    private static final String FIRST = "postgres";

    private final EmbeddedPostgres postgres;
    private final Path folder;

    private Server(EmbeddedPostgres postgres, Path folder) {
        this.postgres = postgres;
        this.folder = folder;
    }

    /// Starts one.
    ///
    /// @param folder for its files; on a disk whose flushes count
    /// @param settings beyond those that every server of the benchmark has
    static Server start(Path folder, Map<String, String> settings) throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder()
                        .setDataDirectory(folder)
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("wal_level", "logical")
                        .setRegisterShutdownHook(false);
        settings.forEach(builder::setServerConfig);
        return new Server(builder.start(), folder);
    }

    int port() {
        return postgres.getPort();
    }

    /// Returns the id of the server's first process, whose children all others are.
    long pid() throws IOException {
        return Long.parseLong(
                Files.readAllLines(folder.resolve("postmaster.pid")).getFirst().strip());
    }

    /// Returns a database's address without user and password.
    String address(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), database);
    }

    /// Connects; statements commit by themselves.
    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                address(database) + "?user=" + USER + "&logServerErrorDetail=false");
    }

    /// Makes a database.
    ///
    /// @param template a database of this server that nobody is connected to
    void create(String database, String template) throws SQLException {
        run(FIRST, "create database %s template %s".formatted(database, template));
    }

    /// Removes a database, whoever is connected to it.
    void drop(String database) throws SQLException {
        run(FIRST, "drop database if exists " + database + " with (force)");
    }

    /// Writes all that waits in memory to the disk, so that what is measured next does not pay for
    /// what was done before.
    void settle() throws SQLException {
        run(FIRST, "checkpoint");
    }

    /// Runs one or more statements.
    void run(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Returns the only value of a query as text.
    String value(String database, String sql) throws SQLException {
        try (Connection connection = connect(database)) {
            return value(connection, sql);
        }
    }

    /// Returns the only value of a query as text; null as the word `null`.
    static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            if (!row.next()) {
                throw new IllegalStateException("no row: " + sql);
            }
            return String.valueOf(row.getString(1));
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
