package org.doctorbird.app.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import javax.sql.DataSource;
import org.doctorbird.exchange.Sessions;
import org.doctorbird.record.InstanceId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions in central's database, so that any number of servers know them. Only a hash of each key
/// is kept: whoever reads the table or a backup of it cannot use a session.
public final class PostgresSessions implements Sessions {

    /// A session ends when it was not used for so long.
    public static final Duration IDLE_MAX = Duration.ofMinutes(30);

    /// A session ends after so long in any case.
    public static final Duration AGE_MAX = Duration.ofHours(12);

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSessions.class);

    private static final int KEY_BYTES = 32;

    private static final String EXPIRED =
            "last_used < clock_timestamp() - ? * interval '1 second'"
                    + " or created_at < clock_timestamp() - ? * interval '1 second'";

    private static final String FIND_LOGIN =
            "select id, password_hash from doctorbird.engine_instance"
                    + " where name = ? and retired_at is null";

    private static final String CLEAN = "delete from doctorbird.engine_session where " + EXPIRED;

    private static final String BEGIN =
            "insert into doctorbird.engine_session (key_hash, instance) values (?, ?)";

    /// Notes the use at most once a minute: a write for each request would be wasted.
    private static final String FIND =
            """
            with live as (
                select key_hash, instance, last_used from doctorbird.engine_session
                where key_hash = ? and not (%s)
            ), used as (
                update doctorbird.engine_session session set last_used = clock_timestamp() from live
                where session.key_hash = live.key_hash
                    and live.last_used < clock_timestamp() - interval '1 minute'
            )
            select instance from live\
            """
                    .formatted(EXPIRED);

    private static final String END = "delete from doctorbird.engine_session where key_hash = ?";

    private final DataSource database;
    private final SecureRandom random;

    /// @param database central's, as the engine's role
    /// @param random makes the keys
    public PostgresSessions(DataSource database, SecureRandom random) {
        this.database = database;
        this.random = random;
    }

    private record Login(InstanceId instance, String hash) {}

    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    @Override
    public Optional<Session> login(String name, String password) {
        // A zero character is in no name that PostgreSQL holds, and would be an error there.
        Optional<Login> login =
                name.indexOf('\0') >= 0
                        ? Optional.empty()
                        : with(connection -> find(connection, name));
        if (login.isEmpty()) {
            PasswordHash.waste(password);
            return Optional.empty();
        }
        if (!PasswordHash.matches(login.get().hash(), password)) {
            return Optional.empty();
        }
        return Optional.of(begin(login.get().instance()));
    }

    private static Optional<Login> find(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND_LOGIN)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Login(new InstanceId(row.getInt(1)), row.getString(2)))
                        : Optional.empty();
            }
        }
    }

    private Session begin(InstanceId instance) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        String key = HexFormat.of().formatHex(bytes);
        return with(connection -> {
            try (PreparedStatement clean = connection.prepareStatement(CLEAN);
                    PreparedStatement begin = connection.prepareStatement(BEGIN)) {
                setAges(clean, 1);
                clean.executeUpdate();
                begin.setBytes(1, hash(key));
                begin.setInt(2, instance.number());
                begin.executeUpdate();
            }
            return new Session(instance, key);
        });
    }

    @Override
    public Optional<InstanceId> find(String key) {
        return with(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FIND)) {
                statement.setBytes(1, hash(key));
                setAges(statement, 2);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(new InstanceId(row.getInt(1)))
                            : Optional.empty();
                }
            }
        });
    }

    @Override
    public void end(String key) {
        int ended = with(connection -> delete(connection, key));
        LOG.atDebug().addKeyValue("sessions", ended).log("session ended");
    }

    private static int delete(Connection connection, String key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(END)) {
            statement.setBytes(1, hash(key));
            return statement.executeUpdate();
        }
    }

    private static void setAges(PreparedStatement statement, int first) throws SQLException {
        statement.setLong(first, IDLE_MAX.toSeconds());
        statement.setLong(first + 1, AGE_MAX.toSeconds());
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private <T> T with(Work<T> work) {
        try (Connection connection = database.getConnection()) {
            T result = work.run(connection);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return result;
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot read or write the sessions");
        }
    }
}
