package org.doctorbird.app.central;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.InstanceAttributes;
import org.doctorbird.app.postgres.InstanceReset;
import org.doctorbird.app.postgres.InstanceRetirement;
import org.doctorbird.app.postgres.Participant;
import org.doctorbird.app.postgres.PasswordHash;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.record.InstanceId;

/// The instances that take part: central's list of them.
public final class Instances {

    private static final int PASSWORD_BYTES = 24;
    private static final String TAKEN = "23505";

    private final DataSource source;
    private final int limit;
    private final SecureRandom random;

    /// @param limit the highest synchronisation id
    public Instances(DataSource source, int limit, SecureRandom random) {
        this.source = source;
        this.limit = limit;
        this.random = random;
    }

    /// A new instance with its login.
    ///
    /// @param password shown once; only a hash of it is kept
    public record Added(InstanceId id, String login, String password) {

        @Override
        public String toString() {
            return login + " with id " + id;
        }
    }

    /// Adds an instance, and puts on the list every record that the rules give it.
    ///
    /// @param name its login: 1 to 63 letters, digits, points and dashes
    /// @param wanted its synchronisation id, also that of a retired instance; empty: the lowest
    ///   that was never used
    /// @throws SyncException `INSTANCE_TAKEN`, `INSTANCE_OUT_OF_RANGE`, `SETTINGS_MALFORMED` for
    ///   such a name
    public Added add(String name, Optional<Integer> wanted) {
        requireName(name);
        wanted.ifPresent(this::requireInRange);
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        InstalledCentral installed = InstalledCentral.load(source);
        try (Connection connection = source.getConnection()) {
            int id = wanted.isPresent() ? wanted.get() : lowestFree(connection);
            requireInRange(id);
            String hash = PasswordHash.make(password, random);
            connection.setAutoCommit(false);
            if (!InstanceRetirement.reuse(connection, installed.tables(), id, name, hash)) {
                insert(connection, id, name, hash);
            }
            InstanceAttributes.reconsider(connection, installed.tables());
            connection.commit();
            connection.setAutoCommit(true);
            return new Added(new InstanceId(id), name, password);
        } catch (SQLException e) {
            if (TAKEN.equals(e.getSQLState())) {
                throw taken(name, wanted.map(Object::toString).orElse("any"));
            }
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot add an instance", e)
                    .with("sqlstate", String.valueOf(e.getSQLState()));
        }
    }

    private void requireInRange(int id) {
        if (id < 1 || id > limit) {
            throw new SyncException(ErrorCode.INSTANCE_OUT_OF_RANGE, "no such synchronisation id")
                    .with("id", id)
                    .with("limit", limit);
        }
    }

    private static SyncException unknown(String nameOrId) {
        return new SyncException(ErrorCode.INSTANCE_UNKNOWN, "there is no such instance")
                .with("instance", nameOrId);
    }

    private static void requireName(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new SyncException(
                    ErrorCode.SETTINGS_MALFORMED,
                    "a name has 1 to 63 letters, digits, points and dashes");
        }
    }

    private static SyncException taken(String name, String id) {
        return new SyncException(
                        ErrorCode.INSTANCE_TAKEN, "this name or synchronisation id is in use")
                .with("name", name)
                .with("id", id);
    }

    private static int lowestFree(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(
                                """
                                select min(i) from generate_series(1, 4096) i
                                where not exists (select from doctorbird.engine_instance e where e.id = i)
                                """);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void insert(Connection connection, int id, String name, String hash)
            throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into doctorbird.engine_instance (id, name, password_hash) values (?, ?, ?)")) {
            insert.setInt(1, id);
            insert.setString(2, name);
            insert.setString(3, hash);
            insert.executeUpdate();
        }
    }

    /// Forgets the database that took part under an id, so that another one may: it gets everything
    /// anew.
    ///
    /// @param tables all models of the plan
    /// @param nameOrId the instance's name or synchronisation id
    /// @throws SyncException `INSTANCE_UNKNOWN`
    public void reset(List<SyncedTable> tables, String nameOrId) {
        try (Connection connection = source.getConnection()) {
            if (!InstanceReset.run(connection, tables, nameOrId)) {
                throw unknown(nameOrId);
            }
        } catch (SQLException e) {
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot reset an instance", e)
                    .with("sqlstate", String.valueOf(e.getSQLState()));
        }
    }

    /// Ends an instance's part: it is refused from now on, and its bit is cleared everywhere. When
    /// this stops half-way, it can be done again.
    ///
    /// @param tables all models of the plan
    /// @param nameOrId the instance's name or synchronisation id
    /// @throws SyncException `INSTANCE_UNKNOWN`
    public void retire(List<SyncedTable> tables, String nameOrId) {
        try (Connection connection = source.getConnection()) {
            if (!InstanceRetirement.run(connection, tables, nameOrId)) {
                throw unknown(nameOrId);
            }
        } catch (SQLException e) {
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot retire an instance", e)
                    .with("sqlstate", String.valueOf(e.getSQLState()));
        }
    }

    /// Gives an instance another name, which is its login from now on.
    ///
    /// @param nameOrId the instance's name or synchronisation id
    /// @throws SyncException `INSTANCE_UNKNOWN`, `INSTANCE_TAKEN`, `SETTINGS_MALFORMED`
    public void rename(String nameOrId, String name) {
        requireName(name);
        try (Connection connection = source.getConnection();
                PreparedStatement update =
                        connection.prepareStatement(
                                "update doctorbird.engine_instance set name = ? where id = ?")) {
            update.setString(1, name);
            update.setInt(
                    2, Participant.find(connection, nameOrId).orElseThrow(() -> unknown(nameOrId)));
            update.executeUpdate();
        } catch (SQLException e) {
            if (TAKEN.equals(e.getSQLState())) {
                throw taken(name, nameOrId);
            }
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot rename an instance", e)
                    .with("sqlstate", String.valueOf(e.getSQLState()));
        }
    }

    /// Sets and removes attributes of an instance.
    ///
    /// @param tables all models of the plan in force
    /// @param nameOrId the instance's name or synchronisation id
    /// @param changes new values by name; empty: the attribute is removed
    /// @throws SyncException `INSTANCE_UNKNOWN`; `SETTINGS_MALFORMED` for a value that a rule
    ///   cannot read
    public void set(
            List<SyncedTable> tables, String nameOrId, Map<String, Optional<String>> changes) {
        try (Connection connection = source.getConnection()) {
            if (!InstanceAttributes.set(connection, tables, nameOrId, changes)) {
                throw unknown(nameOrId);
            }
        } catch (SQLException e) {
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot set attributes", e)
                    .with("sqlstate", String.valueOf(e.getSQLState()));
        }
    }
}
