package org.doctorbird.benchmarks;

import java.sql.SQLException;
import java.time.Duration;

/// Waits by looking again and again.
final class Waiting {

    /// Short against everything that is measured, and long enough to cost nearly nothing.
    private static final Duration PAUSE = Duration.ofNanos(500_000);

    private Waiting() {}

    /// Something that becomes true.
    interface Condition {
        boolean isTrue() throws SQLException;
    }

    /// Waits until the condition is true.
    ///
    /// @throws IllegalStateException if it is not within the time
    static void until(Duration timeMax, Condition condition)
            throws SQLException, InterruptedException {
        until(timeMax, PAUSE, condition);
    }

    /// Waits with other pauses: looking must not take from what is measured.
    static void until(Duration timeMax, Duration pause, Condition condition)
            throws SQLException, InterruptedException {
        long end = System.nanoTime() + timeMax.toNanos();
        while (!condition.isTrue()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited in vain for " + timeMax);
            }
            Thread.sleep(pause);
        }
    }
}
