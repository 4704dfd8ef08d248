package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;

/// Does something to many items at once; where the database refuses, to each half, and so on until
/// the refused items are alone.
///
/// One refused item in n costs about 2 log n attempts. What an attempt did before it failed is
/// undone by a savepoint.
final class Bisection {

    private static final String SAVEPOINT = "doctorbird_attempt";

    private final Statements statements;

    Bisection(Statements statements) {
        this.statements = statements;
    }

    /// Does it to some of the items.
    interface Attempt<T> {
        void run(List<T> items) throws SQLException;
    }

    /// Learns of one refused item.
    interface Refusal<T> {
        void note(T item, SQLException reason) throws SQLException;
    }

    /// Runs attempts until each item is done or refused.
    ///
    /// Constraints that are deferred are checked at the end of each attempt.
    ///
    /// @param isWanted asked before each attempt; items that are no longer wanted are left out
    /// @throws SQLException a failure that is no refusal; the transaction cannot go on then
    <T> void run(List<T> items, Predicate<T> isWanted, Attempt<T> attempt, Refusal<T> refusal)
            throws SQLException {
        var waiting = new ArrayDeque<List<T>>();
        waiting.push(items);
        while (!waiting.isEmpty()) {
            List<T> some = waiting.pop().stream().filter(isWanted).toList();
            if (some.isEmpty()) {
                continue;
            }
            statements.execute("savepoint " + SAVEPOINT + "; set constraints all deferred");
            try {
                attempt.run(some);
                statements.execute("set constraints all immediate; release savepoint " + SAVEPOINT);
            } catch (SQLException e) {
                if (!SqlFailures.isRefusal(e)) {
                    throw e;
                }
                statements.execute(
                        "rollback to savepoint " + SAVEPOINT + "; release savepoint " + SAVEPOINT);
                if (some.size() == 1) {
                    refusal.note(some.getFirst(), e);
                } else {
                    waiting.push(some.subList(some.size() / 2, some.size()));
                    waiting.push(some.subList(0, some.size() / 2));
                }
            }
        }
    }
}
