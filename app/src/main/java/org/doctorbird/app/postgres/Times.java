package org.doctorbird.app.postgres;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// ETags in SQL: microseconds as bigint on our side, timestamptz in the tables.
final class Times {

    private Times() {}

    /// Returns the expression that makes a timestamptz of microseconds. Exact up to the year 2255:
    /// the factor is a double.
    static String fromMicros(String expression) {
        return "(timestamptz 'epoch' + " + expression + " * interval '1 microsecond')";
    }

    /// Returns the expression that makes microseconds of a timestamptz. Exact: since PostgreSQL 14
    /// `extract` gives a numeric.
    static String toMicros(String expression) {
        return "(extract(epoch from " + expression + ") * 1000000)::bigint";
    }

    /// Returns the text of a timestamptz. Exact for the years 1 to 9999.
    static String text(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
