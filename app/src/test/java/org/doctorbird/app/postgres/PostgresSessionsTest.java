package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Sessions;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PostgresSessionsTest {

    private static final String PASSWORD = "påss'word";

    private static TestPostgres.Database central(TestPostgres server)
            throws SQLException, IOException {
        TestPostgres.Database database = server.freshDatabase();
        execute(
                database,
                "create schema doctorbird; "
                        + script("001-engine.sql")
                        + script("009-continuity.sql")
                        + "insert into doctorbird.engine_instance (id, name, password_hash) values (7, 'clinic''s', '"
                        + PasswordHash.make(PASSWORD, new SecureRandom())
                        + "')");
        return database;
    }

    private static String script(String name) throws IOException {
        try (InputStream script =
                Objects.requireNonNull(PostgresSessions.class.getResourceAsStream(name))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void execute(TestPostgres.Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aLoginGivesASessionThatEveryServerKnowsUntilItEnds(TestPostgres server)
            throws SQLException, IOException {
        TestPostgres.Database database = central(server);
        var here = new PostgresSessions(database.dataSource(), new SecureRandom());
        var elsewhere = new PostgresSessions(database.dataSource(), new SecureRandom());

        Sessions.Session session = here.login("clinic's", PASSWORD).orElseThrow();

        assertThat(session.instance()).isEqualTo(new InstanceId(7));
        assertThat(session.key()).matches("[0-9a-f]{64}");
        assertThat(elsewhere.find(session.key())).contains(new InstanceId(7));
        elsewhere.end(session.key());
        assertThat(here.find(session.key())).isEmpty();
    }

    @Test
    void wrongNamesAndPasswordsGiveNone() throws SQLException, IOException {
        var sessions =
                new PostgresSessions(central(TestPostgres.NEWEST).dataSource(), new SecureRandom());

        assertThat(sessions.login("clinic's", "password")).isEmpty();
        assertThat(sessions.login("clinic's", "")).isEmpty();
        assertThat(sessions.login("nobody", PASSWORD)).isEmpty();
        assertThat(sessions.login("zero\0", "zero\0")).isEmpty();
        assertThat(sessions.find("0".repeat(64))).isEmpty();
        assertThat(sessions.find("' or true")).isEmpty();
    }

    @Test
    void aSessionEndsWhenItIsNotUsedAndWhenItIsOld() throws SQLException, IOException {
        TestPostgres.Database database = central(TestPostgres.NEWEST);
        var sessions = new PostgresSessions(database.dataSource(), new SecureRandom());
        String idle = sessions.login("clinic's", PASSWORD).orElseThrow().key();
        execute(
                database,
                "update doctorbird.engine_session set last_used = last_used - interval '29 minutes'");
        assertThat(sessions.find(idle)).isPresent();
        execute(
                database,
                "update doctorbird.engine_session set last_used = last_used - interval '29 minutes'");
        assertThat(sessions.find(idle)).isPresent();
        execute(
                database,
                "update doctorbird.engine_session set last_used = last_used - interval '31 minutes'");
        assertThat(sessions.find(idle)).isEmpty();

        String old = sessions.login("clinic's", PASSWORD).orElseThrow().key();
        execute(
                database,
                "update doctorbird.engine_session set created_at = created_at - interval '13 hours'");
        assertThat(sessions.find(old)).isEmpty();
    }

    @Test
    void aKeptPasswordDoesNotTellThePassword() {
        String kept = PasswordHash.make(PASSWORD, new SecureRandom());

        assertThat(kept).startsWith("pbkdf2-sha256$600000$").doesNotContain(PASSWORD);
        assertThat(PasswordHash.make(PASSWORD, new SecureRandom())).isNotEqualTo(kept);
        assertThat(PasswordHash.matches(kept, PASSWORD)).isTrue();
        assertThat(PasswordHash.matches(kept, "pass'word")).isFalse();
    }
}
