package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// At central: lets another database take part under an instance's id, because the one before is
/// gone.
///
/// The new database holds nothing, whatever the old one had: it gets everything as new. And it
/// counts its revisions from 1 again, so those of the old one must not be taken for its own: what
/// the old one made is noted from then on as made by [#former].
public final class InstanceReset {

    private final Connection connection;
    private final Statements statements;
    private final int id;

    private InstanceReset(Connection connection, int id) {
        this.connection = connection;
        this.statements = new Statements(connection);
        this.id = id;
    }

    /// Resets an instance, a transaction a model; when it stops half-way, it can be done again.
    ///
    /// @param connection no transaction may be open; its auto-commit is as before afterwards
    /// @param tables all models of the plan
    /// @param nameOrId the instance's name or synchronisation id
    /// @return false if there is no such instance
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE`, `WRITES_COLLIDED`
    public static boolean run(Connection connection, List<SyncedTable> tables, String nameOrId) {
        try {
            Optional<Integer> id =
                    new Statements(connection)
                            .first(
                                    """
                                    select id from doctorbird.engine_instance
                                    where name = ? or id::text = ? order by name <> ? limit 1
                                    """,
                                    row -> row.getInt(1),
                                    nameOrId,
                                    nameOrId,
                                    nameOrId);
            if (id.isEmpty()) {
                return false;
            }
            boolean isAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                new InstanceReset(connection, id.get()).run(tables);
            } finally {
                connection.rollback();
                connection.setAutoCommit(isAutoCommit);
            }
            return true;
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot reset an instance");
        }
    }

    /// Returns the origin that companions have of versions that a former database of an instance
    /// made: below zero. In the history, which nobody changes, they are those up to the instance's
    /// `reset_etag`.
    static int former(int instance) {
        return -1 - instance;
    }

    /// The old database is shut out first, so that it cannot come between.
    private void run(List<SyncedTable> tables) throws SQLException {
        statements.update("delete from doctorbird.engine_session where instance = ?", id);
        statements.update(
                """
                update doctorbird.engine_instance set incarnation = gen_random_uuid() where id = ?
                """,
                id);
        connection.commit();
        for (SyncedTable table : tables) {
            forget(table);
            connection.commit();
        }
        statements.update("delete from doctorbird.engine_settled where instance = ?", id);
        statements.update("delete from doctorbird.engine_late_receipt where instance = ?", id);
        // What the former database pushed stays, as older than anything that the next one pushes.
        for (String list : List.of(Quarantine.LIST, "engine_parked")) {
            statements.update(
                    "update doctorbird." + list + " set revision = 0 where instance = ?", id);
        }
        statements.update(
                """
                update doctorbird.engine_instance i set incarnation = null,
                  reset_etag = greatest(clock_timestamp(), i.reset_etag,
                    (select max(h.etag) from doctorbird.engine_history h where h.origin = i.id))
                where i.id = ?
                """,
                id);
        connection.commit();
    }

    private void forget(SyncedTable table) throws SQLException {
        String index = Integer.toString(id);
        statements.update(
                """
                update %s c set synchronised_instances = %s,
                  origin = case when c.origin = %s then %d else c.origin end
                where %s or c.origin = %s
                """
                        .formatted(
                                table.companion(),
                                Bits.without("c.synchronised_instances", index),
                                index,
                                former(id),
                                Bits.isSet("c.synchronised_instances", index),
                                index));
    }
}
