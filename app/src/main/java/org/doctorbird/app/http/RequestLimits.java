package org.doctorbird.app.http;

import java.time.Duration;

/// What one request may take.
///
/// @param bytesMax of a body of a logged-in instance, before and after decompression; 1 MiB or more
/// @param concurrentMax requests of logged-in instances at one time, 1 to 1,000, half of them of
///   one instance; others wait a little and are then told to come again. With `bytesMax` it bounds
///   the memory
/// @param timeMax from the first byte of a request to its result, 1 second or more; what takes
///   longer is rolled back
/// @param stopMax how long requests may go on when the server stops, 0.1 seconds or more
public record RequestLimits(long bytesMax, int concurrentMax, Duration timeMax, Duration stopMax) {

    /// Without a session a body may have so many bytes: enough for a login.
    public static final long BYTES_ANONYMOUS = 2L << 20;

    /// 64 MiB, 8 requests, one minute, and five seconds when it stops.
    public static final RequestLimits DEFAULT =
            new RequestLimits(64L << 20, 8, Duration.ofMinutes(1), Duration.ofSeconds(5));

    public RequestLimits {
        if (bytesMax < 1L << 20
                || concurrentMax < 1
                || concurrentMax > 1_000
                || timeMax.compareTo(Duration.ofSeconds(1)) < 0
                || stopMax.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "limits of %d bytes, %d requests, %s, %s"
                            .formatted(bytesMax, concurrentMax, timeMax, stopMax));
        }
    }

    /// Returns how many requests of one instance may run at one time: half of all, so that the
    /// others always find a place.
    int concurrentOfOne() {
        return Math.max(1, concurrentMax / 2);
    }
}
