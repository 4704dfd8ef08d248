package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// At central: lets another database take part under an instance's id, because the one before is
/// gone.
///
/// The new database holds nothing, whatever the old one had: it gets everything as new. See
/// [Readmission] for what the old one made.
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
            Optional<Integer> id = Participant.find(connection, nameOrId);
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

    /// The old database is shut out first, so that it cannot come between.
    private void run(List<SyncedTable> tables) throws SQLException {
        var readmission = new Readmission(statements, id);
        readmission.shutOut();
        statements.update(
                """
                update doctorbird.engine_instance set incarnation = gen_random_uuid() where id = ?
                """,
                id);
        readmission.noteRevisions(tables);
        connection.commit();
        for (SyncedTable table : tables) {
            readmission.forgetHeld(table);
            readmission.makeFormer(table);
            connection.commit();
        }
        // Also of models that have left the plan.
        statements.update("delete from doctorbird.engine_late_receipt where instance = ?", id);
        readmission.admit(null);
        connection.commit();
    }
}
