package org.doctorbird.exchange;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// How long a record in quarantine rests between two tries: one minute at first, doubled each time,
/// one day at most.
public final class BackOff {

    private static final int DAY_MINUTES = 24 * 60;

    /// Powers of two below a day.
    private static final int DOUBLINGS = 11;

    private BackOff() {}

    /// Returns the pauses after the first, the second … try; the last one stands for all further.
    public static List<Duration> pauses() {
        return IntStream.rangeClosed(0, DOUBLINGS)
                .mapToObj(n -> Duration.ofMinutes(Math.min(1L << n, DAY_MINUTES)))
                .toList();
    }

    /// Returns the pause after a try.
    ///
    /// @param attempts how often it was tried, 1 or more
    public static Duration after(int attempts) {
        return pauses().get(Math.min(attempts, DOUBLINGS + 1) - 1);
    }
}
