package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/// Locks records until the transaction ends, in the order in which the application's own writes
/// lock: the row first, by a trigger then the companion.
final class RowLocks {

    private RowLocks() {}

    /// Locks the rows of records; their companions are locked by the statement that reads them.
    ///
    /// The lock is `for no key update`: it keeps out everybody who writes the row, but lets the
    /// application insert rows that refer to it.
    static void lock(Statements statements, SyncedTable table, Collection<UUID> uids)
            throws SQLException {
        String key = Sql.identifier(table.keyColumn());
        String sql =
                """
                select 1 from %s c join %s t on t.%s = c.id
                where c.uid = any(?) order by t.%s for no key update of t
                """
                        .formatted(table.companion(), table.qualified(), key, key);
        statements.visit(sql, 0, _ -> true, (Object) uids.toArray(UUID[]::new));
    }
}
