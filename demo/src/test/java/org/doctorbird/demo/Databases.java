package org.doctorbird.demo;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/// One PostgreSQL for a test class, with a new database for each instance that a test needs.
final class Databases implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final List<HikariDataSource> pools = new ArrayList<>();

    Databases() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    /// Makes a database with schema and reference data.
    DataSource instance(int synchronisationId) throws SQLException {
        String name = "instance_" + pools.size();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        // A new PostgreSQL connection takes ten times as long as one thing that a clinic does.
        var database = new HikariDataSource();
        pools.add(database);
        database.setDataSource(postgres.getDatabase("postgres", name));
        database.setMaximumPoolSize(2);
        try (Connection connection = database.getConnection()) {
            HealthSchema.create(connection);
            ReferenceRows.load(connection, synchronisationId);
        }
        return database;
    }

    /// Returns the first column of the first row as a text.
    static String value(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    static long number(DataSource database, String sql) throws SQLException {
        return Long.parseLong(value(database, sql));
    }

    static long clinicalRows(DataSource database) throws SQLException {
        long rows = 0;
        for (String table : HealthSchema.CLINICAL_TABLES) {
            rows += number(database, "select count(*) from " + HealthSchema.quoted(table));
        }
        return rows;
    }

    /// A digest of every column of every clinical row.
    static String digest(DataSource database) throws SQLException {
        var digests = new StringBuilder();
        for (String table : HealthSchema.CLINICAL_TABLES) {
            digests.append(
                    value(
                            database,
                            "select md5(coalesce(string_agg(t::text, '|' order by id), '')) from "
                                    + HealthSchema.quoted(table)
                                    + " t"));
        }
        return digests.toString();
    }

    @Override
    public void close() throws IOException {
        pools.forEach(HikariDataSource::close);
        postgres.close();
    }
}
