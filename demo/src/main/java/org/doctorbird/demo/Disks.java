package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/// Backups and copies of whole databases, as a backup program or a cloned disk makes them.
///
/// @param postgres a database that no instance uses, as the superuser
record Disks(DataSource postgres) {

    /// Makes a backup in the place of the one before.
    void backUp(DemoInstance instance) throws SQLException {
        String name = database(instance.name());
        run(
                "drop database if exists %s_backup".formatted(name),
                "alter database %s allow_connections false".formatted(name),
                "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '%s'"
                        .formatted(name),
                "create database %1$s_backup template %1$s".formatted(name),
                "alter database %s allow_connections true".formatted(name));
        instance.connectAgain();
    }

    /// Puts the backup in the place of the database, which is lost.
    void putBack(DemoInstance instance) throws SQLException {
        String name = database(instance.name());
        run(
                "drop database %s with (force)".formatted(name),
                "create database %1$s template %1$s_backup".formatted(name));
        instance.connectAgain();
    }

    /// Makes another database of the backup.
    void copyBackup(DemoInstance instance, String name) throws SQLException {
        run(
                "create database %s template %s_backup"
                        .formatted(database(name), database(instance.name())));
    }

    /// Returns the name of an instance's database.
    static String database(String instance) {
        return instance.replace('-', '_');
    }

    private void run(String... statements) throws SQLException {
        try (Connection connection = postgres.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(statements)) {
                statement.execute(sql);
            }
        }
    }
}
