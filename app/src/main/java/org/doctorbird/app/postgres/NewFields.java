package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/// Puts the notes on a plan into force at a satellite, and lets those fields travel that satellite
/// and central both have only now: what was written into them before is pushed, and what central
/// has in them is read.
public final class NewFields {

    private final Statements statements;
    private final TakenPlan before;

    private NewFields(Statements statements, TakenPlan before) {
        this.statements = statements;
        this.before = before;
    }

    /// Does it in one transaction. Pieces of work that run meanwhile are fenced: they know the new
    /// fields not yet, and would settle a record without them.
    ///
    /// @param connection no transaction may be open; its auto-commit is as before afterwards
    /// @param tables all models of the plan, with the columns that travel from now on
    /// @param now what [TakenPlan#read] gives from now on
    public static void takeOver(Connection connection, List<SyncedTable> tables, TakenPlan now) {
        TakenPlan before = TakenPlan.read(connection);
        try {
            boolean isAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                var statements = new Statements(connection);
                statements.execute("set local lock_timeout = '10s'");
                statements.execute("update doctorbird.engine_lease set number = number + 1");
                var fields = new NewFields(statements, before);
                for (SyncedTable table : tables) {
                    fields.take(table);
                }
                now.keep(connection);
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(isAutoCommit);
            }
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot put the plan into force");
        }
    }

    private void take(SyncedTable table) throws SQLException {
        Set<String> known = before.fields().get(table.model());
        if (known == null) {
            return; // A new model: its records are new too.
        }
        List<SyncedColumn> columns =
                table.columns().stream().filter(column -> !known.contains(column.name())).toList();
        if (columns.isEmpty()) {
            return;
        }
        if (table.plan().mode().pushes()) {
            for (SyncedColumn column : columns) {
                push(table, column);
            }
        }
        if (table.plan().mode().pulls()) {
            readAgain(table);
        }
    }

    /// Reads central's changes from the beginning. What is held counts as one microsecond older
    /// than it is: it lacks the new fields of its version.
    private void readAgain(SyncedTable table) throws SQLException {
        statements.update(
                """
                update %s set last_synchronisation = greatest(timestamptz 'epoch',
                  last_synchronisation - interval '1 microsecond')
                where last_synchronisation is not null
                """
                        .formatted(table.companion()));
        statements.update(
                "delete from doctorbird.engine_cursor where model = ? and feed = 'pull'",
                table.model());
    }

    /// Notes the column as changed in every record that has a value there.
    private void push(SyncedTable table, SyncedColumn column) throws SQLException {
        statements.update(
                """
                update %s c set last_synchronisation = null, revision = c.revision + 1,
                  changed_fields = case when c.base_etag is null
                      or c.last_synchronisation is null and c.changed_fields is null then null
                    else %s end
                from %s t where t.%s = c.id and t.%s is not null
                """
                        .formatted(
                                table.companion(),
                                Bits.with(
                                        "coalesce(c.changed_fields, B''::varbit)",
                                        Integer.toString(column.position())),
                                table.qualified(),
                                Sql.identifier(table.keyColumn()),
                                Sql.identifier(column.name())));
    }
}
