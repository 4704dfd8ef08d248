package org.doctorbird.demo;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
        var pool = new HikariConfig();
        pool.setJdbcUrl(url);
        pool.setUsername("postgres");
        pool.setMaximumPoolSize(3);
        // PostgreSQL quotes the offending row in its error detail.
        pool.addDataSourceProperty("logServerErrorDetail", "false");
        return new DemoInstance(name, title, settings, new HikariDataSource(pool));
    }

    @Override
    public void close() {
        database.close();
    }
}
