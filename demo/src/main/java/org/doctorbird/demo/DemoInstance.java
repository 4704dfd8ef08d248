package org.doctorbird.demo;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/// One instance of the demo: its database, its settings file, and its application's way to the
/// database.
///
/// @param name what the instance is called, such as `may-pen`
/// @param title what people call it
/// @param settings its settings file
/// @param database the application's pool
record DemoInstance(String name, String title, Path settings, HikariDataSource database)
        implements AutoCloseable {

    /// Writes the settings file and opens the application's pool.
    ///
    /// @param url the instance's database
    /// @param rest the settings file after its `[database]` part
    static DemoInstance open(
            String name, String title, Path folder, String url, String role, String rest)
            throws IOException {
        Path settings = Files.createDirectories(folder.resolve(name)).resolve("doctorbird.toml");
        write(settings, url, role, rest);
        var pool = new HikariConfig();
        pool.setJdbcUrl(url);
        pool.setUsername("postgres");
        pool.setMaximumPoolSize(3);
        // PostgreSQL quotes the offending row in its error detail.
        pool.addDataSourceProperty("logServerErrorDetail", "false");
        return new DemoInstance(name, title, settings, new HikariDataSource(pool));
    }

    private static void write(Path settings, String url, String role, String rest)
            throws IOException {
        Files.writeString(
                settings,
                """
                role = "%s"

                [database]
                url = "%s"
                user = "postgres"

                %s
                """
                        .formatted(role, url, rest));
    }

    /// Writes the settings file anew.
    ///
    /// @param rest the settings file after its `[database]` part
    void writeSettings(String url, String role, String rest) throws IOException {
        write(settings, url, role, rest);
    }

    /// Returns the first column of the first row; empty if there is no row or no value.
    String text(String query, String... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = prepared(connection, query, parameters);
                ResultSet row = select.executeQuery()) {
            return row.next() ? Objects.requireNonNullElse(row.getString(1), "") : "";
        }
    }

    /// Returns a count.
    long number(String query, String... parameters) throws SQLException {
        return Long.parseLong(text(query, parameters));
    }

    /// Writes one row, as the application would.
    ///
    /// @throws SQLException also if it is not one row
    void write(String statement, String... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = prepared(connection, statement, parameters)) {
            if (update.executeUpdate() != 1) {
                throw new SQLException("the record is not there", "02000");
            }
        }
    }

    private static PreparedStatement prepared(
            Connection connection, String sql, String... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setString(i + 1, parameters[i]);
        }
        return statement;
    }

    /// Changes the tables, as the database's owner would with `psql`.
    void alter(String statement) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement alter = connection.createStatement()) {
            alter.execute(statement);
        }
    }

    /// Gives up the connections that the server has ended; the pool trusts one that was just used.
    void connectAgain() {
        database.getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public void close() {
        database.close();
    }
}
