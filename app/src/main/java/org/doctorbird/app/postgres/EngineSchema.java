package org.doctorbird.app.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// The schema `doctorbird` and the engine's own tables, made by numbered files that run once each.
final class EngineSchema {

    private static final List<String> FILES =
            List.of(
                    "001-engine.sql",
                    "002-capture.sql",
                    "003-tasks.sql",
                    "004-interest.sql",
                    "005-search.sql",
                    "006-conflicts.sql",
                    "007-history.sql",
                    "008-quarantine.sql",
                    "009-continuity.sql",
                    "010-audience.sql",
                    "011-verify.sql");

    private final Statements statements;

    EngineSchema(Connection connection) {
        this.statements = new Statements(connection);
    }

    /// Says whether the engine's tables are here, in whatever version.
    boolean isThere() throws SQLException {
        return statements
                .first(
                        "select to_regclass('doctorbird.engine_migration') is not null",
                        row -> row.getBoolean(1))
                .orElseThrow();
    }

    /// Says whether the schema is here, whoever made it.
    boolean isSchemaThere() throws SQLException {
        return statements
                .first("select to_regnamespace('doctorbird') is not null", row -> row.getBoolean(1))
                .orElseThrow();
    }

    /// Refuses a database that a newer or another program installed.
    ///
    /// @throws SyncException `INSTALLED_NEWER`
    void requireKnown() throws SQLException {
        if (!isThere()) {
            return;
        }
        for (Map.Entry<Integer, String> done : done().entrySet()) {
            if (done.getKey() > FILES.size()) {
                throw newer("it has engine tables that this program does not know");
            }
            if (!done.getValue().equals(checksum(text(FILES.get(done.getKey() - 1))))) {
                throw newer("its engine tables are not those of this program");
            }
        }
    }

    /// Creates what is missing, in the caller's transaction.
    ///
    /// @return whether anything was missing
    boolean bringUpToDate() throws SQLException {
        requireKnown();
        boolean isSchemaOurs = !isSchemaThere();
        if (isSchemaOurs) {
            statements.execute("create schema doctorbird");
        }
        statements.execute(
                """
                create table if not exists doctorbird.engine_migration (
                    number integer primary key,
                    file text not null,
                    checksum text not null,
                    done_at timestamptz not null default clock_timestamp())
                """);
        var done = done();
        for (int number = 1; number <= FILES.size(); number++) {
            if (!done.containsKey(number)) {
                run(number);
            }
        }
        if (isSchemaOurs) {
            new EngineMeta(statements).put("schema", "created");
        }
        return done.size() < FILES.size();
    }

    private void run(int number) throws SQLException {
        String file = FILES.get(number - 1);
        String text = text(file);
        statements.execute(text);
        statements.update(
                "insert into doctorbird.engine_migration (number, file, checksum) values (?, ?, ?)",
                number,
                file,
                checksum(text));
    }

    private Map<Integer, String> done() throws SQLException {
        var done = new TreeMap<Integer, String>();
        var rows =
                new ArrayList<Map.Entry<Integer, String>>(
                        statements.query(
                                "select number, checksum from doctorbird.engine_migration",
                                row -> Map.entry(row.getInt(1), row.getString(2))));
        rows.forEach(row -> done.put(row.getKey(), row.getValue()));
        return done;
    }

    private static SyncException newer(String why) {
        return new SyncException(
                        ErrorCode.INSTALLED_NEWER, "the database was installed by another program")
                .with("why", why);
    }

    private static String text(String file) {
        try (InputStream in = EngineSchema.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing: " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + file, e);
        }
    }

    private static String checksum(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
