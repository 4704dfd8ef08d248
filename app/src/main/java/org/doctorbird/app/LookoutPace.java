package org.doctorbird.app;

import java.time.Duration;

/// How long to pause between two looks for something new: shorter where there has just been
/// something, because more is to come, and longer where looking itself takes long.
///
/// Not for several threads.
public final class LookoutPace {

    private static final Duration BUSY = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMillis(250);

    private final Duration pause;
    private final Duration busy;
    private final int times;
    private long found = System.nanoTime() - BUSY.toNanos();

    /// @param pause the shortest
    /// @param busy the shortest for two seconds after something was found
    /// @param times how many times as long as looking takes, at least, up to 250 ms
    public LookoutPace(Duration pause, Duration busy, int times) {
        this.pause = pause;
        this.busy = busy;
        this.times = times;
    }

    /// Notes that there was something.
    public void found() {
        found = System.nanoTime();
    }

    /// Returns the pause after a look.
    ///
    /// @param start of the look, as [System#nanoTime] gives it
    public Duration after(long start) {
        long now = System.nanoTime();
        boolean isBusy = now - found < BUSY.toNanos();
        return Duration.ofNanos(
                Math.clamp(
                        times * (now - start),
                        (isBusy ? busy : pause).toNanos(),
                        LONGEST.toNanos()));
    }
}
