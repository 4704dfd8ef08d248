package org.doctorbird.codec;

import java.time.Duration;
import java.util.Locale;

/// PostgreSQL's text form of intervals, style `postgres`, with days and time as Python and Tryton
/// divide them: the time is never negative, so minus one hour is `-1 days +23:00:00`.
final class IntervalText {

    private IntervalText() {}

    static String of(Duration span) {
        long days = Math.floorDiv(span.getSeconds(), 86_400L);
        long rest = Math.floorMod(span.getSeconds(), 86_400L);
        boolean isWhole = rest == 0 && span.getNano() == 0;
        String time = isWhole && days != 0 ? "" : time(rest, span.getNano());
        if (days == 0) {
            return time;
        }
        String unit = days == 1 ? " day" : " days";
        String joint = time.isEmpty() ? "" : days < 0 ? " +" : " ";
        return days + unit + joint + time;
    }

    private static String time(long seconds, int nanos) {
        String whole =
                String.format(
                        Locale.ROOT,
                        "%02d:%02d:%02d",
                        seconds / 3_600,
                        seconds / 60 % 60,
                        seconds % 60);
        int micros = nanos / 1_000;
        return micros == 0 ? whole : whole + "." + Natural.fraction(micros);
    }
}
