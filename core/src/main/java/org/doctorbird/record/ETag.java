package org.doctorbird.record;

import java.util.Optional;

/// Central's modification timestamp of one version of a record: strictly increasing per record,
/// made by central alone.
///
/// On the wire it is Tryton's form of a record's timestamp, seconds and microseconds:
/// `1795374739.679320`.
///
/// @param micros microseconds since 1970-01-01 UTC; 0 or more
public record ETag(long micros) implements Comparable<ETag> {

    private static final int FRACTION = 1_000_000;

    public ETag {
        if (micros < 0) {
            throw new IllegalArgumentException("ETag before 1970: " + micros);
        }
    }

    /// Returns the ETag of the version that is made now.
    ///
    /// @param previous the ETag of the version that is replaced, if there is one
    /// @param now central's clock, which may stand or step back
    /// @return `now`, or one microsecond after `previous` where the clock is not later
    public static ETag next(Optional<ETag> previous, ETag now) {
        return previous.filter(before -> before.micros >= now.micros)
                .map(before -> new ETag(before.micros + 1))
                .orElse(now);
    }

    /// Reads the wire form.
    ///
    /// @throws IllegalArgumentException if `text` is not seconds, a point and six digits
    public static ETag parse(String text) {
        int point = text.length() - 7;
        if (point < 1 || text.charAt(point) != '.') {
            throw new IllegalArgumentException("not an ETag");
        }
        long seconds = Long.parseUnsignedLong(text, 0, point, 10);
        int micros = Integer.parseUnsignedInt(text, point + 1, text.length(), 10);
        return new ETag(Math.addExact(Math.multiplyExact(seconds, FRACTION), micros));
    }

    /// Returns the wire form.
    public String text() {
        String micro = Long.toString(micros % FRACTION);
        return micros / FRACTION + "." + "0".repeat(6 - micro.length()) + micro;
    }

    /// Says whether this version is later than the other one of the same record.
    public boolean isAfter(ETag other) {
        return micros > other.micros;
    }

    @Override
    public int compareTo(ETag other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return text();
    }
}
