package org.doctorbird.app.http;

import java.time.Duration;

/// How long a satellite waits for central, and how much it takes.
///
/// @param connectMax for a connection, 0.1 seconds or more
/// @param requestMax for a request and its whole answer, 0.1 seconds or more
/// @param answerBytesMax of an answer, before and after decompression; 1 MiB or more
public record LinkLimits(Duration connectMax, Duration requestMax, long answerBytesMax) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    /// 10 seconds for a connection, 60 for a request, 64 MiB.
    public static final LinkLimits DEFAULT =
            new LinkLimits(Duration.ofSeconds(10), Duration.ofSeconds(60), 64L << 20);

    public LinkLimits {
        if (connectMax.compareTo(SHORTEST) < 0
                || requestMax.compareTo(SHORTEST) < 0
                || answerBytesMax < 1L << 20) {
            throw new IllegalArgumentException(
                    "%s, %s, %d bytes".formatted(connectMax, requestMax, answerBytesMax));
        }
    }
}
