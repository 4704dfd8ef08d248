package org.doctorbird.benchmarks;

import java.util.Locale;

/// Figures as people read them, and as other programs do.
final class Text {

    private Text() {}

    /// Two digits that count, more for long times.
    static String seconds(double seconds) {
        return number(seconds, seconds < 0.1 ? 4 : seconds < 10 ? 2 : 1);
    }

    static String milliseconds(double milliseconds) {
        return number(milliseconds, milliseconds < 10 ? 2 : 1);
    }

    static String ratio(double ratio) {
        return number(ratio, 2);
    }

    static String megabytes(long bytes) {
        return number(bytes / 1e6, bytes < 1_000_000 ? 3 : 1);
    }

    static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    /// Rounds for JSON: to microseconds, or the like.
    static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
