package org.doctorbird.app.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.app.settings.SettingsFile;
import org.doctorbird.app.testing.TestPostgres;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One instance as its administrator sees it: an application's database, a settings file, and the
/// command line.
///
/// @param database with the application's tables, as the superuser
/// @param file the settings file
record TestInstance(TestPostgres.Database database, Path file) {

    /// An application: reference data that central owns, people who may have a parent, and what
    /// belongs to them.
    static final String TABLES =
            """
            create table country (id serial primary key, code text not null unique, name text);
            create table party (id serial primary key, name text not null, born date,
                country integer references country, parent integer references party);
            create table address (id serial primary key,
                party integer not null references party, street text);
            insert into country (code, name) values ('JM', 'Jamaica'), ('CU', 'Cuba');
            """;

    static final String PLAN =
            """
            format = 1
            [[model]]
            name = "country"
            table = "country"
            mode = "update"
            unique_id_column = "code"
            [[model]]
            name = "party"
            table = "party"
            batch = 100
            [[model]]
            name = "address"
            table = "address"
            """;

    /// What a command printed, and how it ended.
    record Outcome(int exitCode, String out, String err) {

        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    /// Makes central's database and settings; its server chooses a free port.
    static TestInstance central(Path folder) throws SQLException {
        return central(folder, 0);
    }

    static TestInstance central(Path folder, int port) throws SQLException {
        return central(folder, port, TestPostgres.NEWEST.freshDatabase());
    }

    static TestInstance central(Path folder, int port, TestPostgres.Database database)
            throws SQLException {
        write(folder.resolve("plan.toml"), PLAN);
        return make(
                folder,
                database,
                "central",
                """
                [plan]
                file = "plan.toml"
                [http]
                listen = "127.0.0.1:%d"
                """
                        .formatted(port));
    }

    /// Makes a satellite's database and settings.
    static TestInstance satellite(Path folder, String login, int port) throws SQLException {
        return satellite(folder, login, port, TestPostgres.NEWEST.freshDatabase());
    }

    static TestInstance satellite(
            Path folder, String login, int port, TestPostgres.Database database)
            throws SQLException {
        return make(
                folder,
                database,
                "satellite",
                """
                [central]
                url = "http://127.0.0.1:%d/central/"
                login = "%s"
                password_file = "password"
                """
                        .formatted(port, login));
    }

    private static TestInstance make(
            Path folder, TestPostgres.Database database, String role, String rest)
            throws SQLException {
        var instance = new TestInstance(database, folder.resolve("doctorbird.toml"));
        instance.run(TABLES);
        instance.rewrite(
                """
                role = "%s"
                [database]
                url = "%s"
                user = "postgres"
                %s
                """
                        .formatted(role, database.url().replaceFirst("\\?.*", ""), rest));
        return instance;
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes the settings file anew.
    void rewrite(String settings) {
        write(file, settings);
    }

    /// Adds lines to the end of the settings file.
    TestInstance with(String lines) {
        try {
            rewrite(Files.readString(file) + lines);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where the password of the instance's login is.
    Path passwordFile() {
        return file.resolveSibling("password");
    }

    Settings settings() {
        return SettingsFile.read(file);
    }

    /// Runs a command in this JVM.
    Outcome doctorbird(String... arguments) {
        var all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--config", file.toString()));
        return command(all.toArray(String[]::new));
    }

    /// Runs a command that must end with 0.
    Outcome succeed(String... arguments) {
        Outcome outcome = doctorbird(arguments);
        if (outcome.exitCode() != 0) {
            throw new AssertionError(
                    "%s ended with %d: %s%s"
                            .formatted(
                                    String.join(" ", arguments),
                                    outcome.exitCode(),
                                    outcome.out(),
                                    outcome.err()));
        }
        return outcome;
    }

    static Outcome command(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Main.execute(arguments);
            return new Outcome(
                    exitCode,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    /// Runs statements as the application.
    void run(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Returns the only value of a query, null as `-`.
    String value(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            String value = rows.getString(1);
            return value == null ? "-" : value;
        }
    }

    /// Returns count and digest of all models, as `digest` prints them.
    String digest() {
        return succeed("digest", "--json").json().get("models").toString();
    }
}
