package org.doctorbird.app.postgres;

import java.sql.SQLException;

/// Notices that a transaction which wrote has ended, by a statement that reads no table: PostgreSQL
/// shows which transactions are visible, and that differs after each such end.
///
/// Nothing is asked of the writers, as NOTIFY would: that makes their commits wait for each other,
/// and PREPARE TRANSACTION fail.
final class CommitWatch {

    private String known = "";

    /// Says whether one has ended since the last look; at the first look, true.
    boolean look(Statements statements) throws SQLException {
        String visible = InterestState.snapshot(statements);
        boolean hasEnded = !visible.equals(known);
        known = visible;
        return hasEnded;
    }

    /// The next look says that one has ended.
    void forget() {
        known = "";
    }
}
