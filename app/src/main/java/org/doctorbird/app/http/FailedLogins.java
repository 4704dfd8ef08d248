package org.doctorbird.app.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts failed logins by name and address, in this process only: guessing passwords must be slow,
/// and nobody far away may lock out a clinic. Safe for several threads.
final class FailedLogins {

    /// More failures of one name from one address in [#WINDOW] are not tried.
    static final int FAILURES_MAX = 5;

    static final Duration WINDOW = Duration.ofMinutes(5);

    /// Bounds the memory.
    private static final int NAMES_MAX = 10_000;

    private final InstantSource clock;
    private final Map<String, Deque<Instant>> failures =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Deque<Instant>> eldest) {
                    return size() > NAMES_MAX;
                }
            };

    FailedLogins(InstantSource clock) {
        this.clock = clock;
    }

    /// Says whether the name must wait before it may try again from this address.
    synchronized boolean mustWait(String name, String address) {
        Deque<Instant> times = failures.get(key(name, address));
        if (times == null) {
            return false;
        }
        Instant first = clock.instant().minus(WINDOW);
        while (!times.isEmpty() && times.getFirst().isBefore(first)) {
            times.removeFirst();
        }
        return times.size() >= FAILURES_MAX;
    }

    synchronized void failed(String name, String address) {
        Deque<Instant> times =
                failures.computeIfAbsent(key(name, address), _ -> new ArrayDeque<>());
        times.addLast(clock.instant());
        while (times.size() > FAILURES_MAX) {
            times.removeFirst();
        }
    }

    synchronized void succeeded(String name, String address) {
        failures.remove(key(name, address));
    }

    private static String key(String name, String address) {
        return address + " " + (name.length() > 100 ? name.substring(0, 100) : name);
    }
}
