package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// At central: an instance takes no part any more, and its bit is cleared everywhere.
///
/// What it pushed stays, and so does its name in the history. Its synchronisation id is free again
/// only when nothing says any more that it holds something, should, or has made it.
public final class InstanceRetirement {

    private final Connection connection;
    private final Statements statements;
    private final int id;

    private InstanceRetirement(Connection connection, int id) {
        this.connection = connection;
        this.statements = new Statements(connection);
        this.id = id;
    }

    /// Retires an instance, a transaction a model; when it stops half-way, it can be done again.
    ///
    /// @param connection no transaction may be open; its auto-commit is as before afterwards
    /// @param tables all models of the plan
    /// @param nameOrId the instance's name or synchronisation id
    /// @return false if there is no such instance
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE`, `WRITES_COLLIDED`
    public static boolean run(Connection connection, List<SyncedTable> tables, String nameOrId) {
        try {
            Optional<Integer> id = Participant.find(connection, nameOrId);
            if (id.isEmpty()) {
                return false;
            }
            boolean isAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                new InstanceRetirement(connection, id.get()).run(tables);
            } finally {
                connection.rollback();
                connection.setAutoCommit(isAutoCommit);
            }
            return true;
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot retire an instance");
        }
    }

    /// Lets another instance have the id of a retired one. What a request that was under way has
    /// noted since is cleared as well.
    ///
    /// @param connection its auto-commit is off; this commits
    /// @return false if the id is not that of a retired instance whose bit is cleared
    /// @throws SQLException the database cannot be reached, or the name is in use
    public static boolean reuse(
            Connection connection, List<SyncedTable> tables, int id, String name, String hash)
            throws SQLException {
        var statements = new Statements(connection);
        boolean isFree =
                statements
                        .first(
                                """
                                select cleared_at is not null from doctorbird.engine_instance
                                where id = ? for update
                                """,
                                row -> row.getBoolean(1),
                                id)
                        .orElse(false);
        if (isFree) {
            new InstanceRetirement(connection, id).clear(tables);
            statements.update(
                    """
                    update doctorbird.engine_instance set name = ?, password_hash = ?,
                      created_at = clock_timestamp(), last_seen = null, clock_offset = null,
                      retired_at = null, cleared_at = null
                    where id = ?
                    """,
                    name,
                    hash,
                    id);
        }
        return isFree;
    }

    /// It is shut out first, so that it cannot come between.
    private void run(List<SyncedTable> tables) throws SQLException {
        new Readmission(statements, id).shutOut();
        statements.update(
                """
                update doctorbird.engine_instance set attributes = '{}',
                  retired_at = coalesce(retired_at, clock_timestamp()), cleared_at = null
                where id = ?
                """,
                id);
        connection.commit();
        clear(tables);
        statements.update(
                "update doctorbird.engine_instance set cleared_at = clock_timestamp() where id = ?",
                id);
        connection.commit();
    }

    /// A computation of who should hold what that began before has ended when its lock is free, and
    /// those that begin later do not count this instance.
    private void clear(List<SyncedTable> tables) throws SQLException {
        var readmission = new Readmission(statements, id);
        readmission.noteRevisions(tables);
        for (SyncedTable table : tables) {
            statements.query("select pg_advisory_xact_lock(?)", _ -> true, InterestList.LOCK);
            readmission.forgetHeld(table);
            readmission.makeFormer(table);
            clearInterest(table);
            connection.commit();
        }
        for (String list : List.of("engine_pin", "engine_late_receipt", "engine_verify_order")) {
            statements.update("delete from doctorbird.%s where instance = ?".formatted(list), id);
        }
        readmission.admit(null);
        connection.commit();
    }

    private void clearInterest(SyncedTable table) throws SQLException {
        String index = Integer.toString(id);
        statements.update(
                """
                update %s c set direct_instances = %s, interested_instances = %s,
                  creator = nullif(c.creator, %s)
                where %s or %s or c.creator = %s
                """
                        .formatted(
                                table.companion(),
                                Bits.without("c.direct_instances", index),
                                Bits.without("c.interested_instances", index),
                                index,
                                Bits.isSet("c.direct_instances", index),
                                Bits.isSet("c.interested_instances", index),
                                index));
    }
}
