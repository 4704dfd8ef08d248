package org.doctorbird.app.satellite;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Growing pauses of random length, so that many satellites do not come back at the same moment.
/// For one thread.
final class Pauses {

    private static final int DOUBLINGS_MAX = 20;

    private final Duration first;
    private final Duration longest;
    private int doublings;

    /// @param longest at least `first`
    Pauses(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    /// Begins with the shortest again.
    void reset() {
        doublings = 0;
    }

    /// Returns the next: about twice as long as the one before.
    Duration next() {
        Duration whole = first.multipliedBy(1L << doublings);
        doublings = Math.min(doublings + 1, DOUBLINGS_MAX);
        long most = Math.min(whole.toNanos(), longest.toNanos());
        return Duration.ofNanos(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }
}
