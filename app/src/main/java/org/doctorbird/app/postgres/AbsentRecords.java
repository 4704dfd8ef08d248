package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/// Records that are not in the database, and must not come into it unnoticed.
final class AbsentRecords {

    private final Statements statements;
    private final SyncedTable table;

    AbsentRecords(Statements statements, SyncedTable table) {
        this.statements = statements;
        this.table = table;
    }

    /// See [org.doctorbird.exchange.CentralTransaction#keepAbsent]. Two statements.
    ///
    /// What is not there cannot be locked. So companions are made and taken away again: as long as
    /// this transaction lasts, the index on uids lets another one that makes them wait.
    ///
    /// @throws SQLException `40001` if another transaction has made one
    void keepAbsent(Collection<UUID> uids) throws SQLException {
        UUID[] all = uids.toArray(UUID[]::new);
        int made =
                statements.update(
                        """
                        insert into %s (uid) select u.uid from unnest(?::uuid[]) u(uid) order by u.uid
                        on conflict (uid) do nothing
                        """
                                .formatted(table.companion()),
                        (Object) all);
        if (made != all.length) {
            throw SqlFailures.collision();
        }
        statements.update(
                "delete from %s where uid = any(?)".formatted(table.companion()), (Object) all);
    }
}
