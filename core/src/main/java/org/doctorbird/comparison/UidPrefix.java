package org.doctorbird.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// All uids that begin with the same hexadecimal digits.
///
/// @param digits 0 to 32 of them, in lower case, without hyphens
public record UidPrefix(String digits) {

    /// All uids.
    public static final UidPrefix ALL = new UidPrefix("");

    /// Into so many a prefix is split.
    public static final int WAYS = 16;

    private static final int LENGTH_MAX = 32;

    public UidPrefix {
        if (digits.length() > LENGTH_MAX || !digits.matches("[0-9a-f]*")) {
            throw new IllegalArgumentException("no beginning of a uid");
        }
    }

    /// Says whether no other uid has this prefix than one.
    public boolean isWhole() {
        return digits.length() == LENGTH_MAX;
    }

    /// Returns the prefixes with one more digit, in order.
    public List<UidPrefix> split() {
        var parts = new ArrayList<UidPrefix>(WAYS);
        for (int digit = 0; digit < WAYS; digit++) {
            parts.add(new UidPrefix(digits + Character.forDigit(digit, WAYS)));
        }
        return parts;
    }

    /// Returns the first uid with this prefix.
    public UUID first() {
        return filled("0");
    }

    /// Returns the last uid with this prefix.
    public UUID last() {
        return filled("f");
    }

    private UUID filled(String digit) {
        String all = digits + digit.repeat(LENGTH_MAX - digits.length());
        return new UUID(
                Long.parseUnsignedLong(all, 0, 16, WAYS),
                Long.parseUnsignedLong(all, 16, LENGTH_MAX, WAYS));
    }

    /// Returns which of the parts of [#split] a uid is in, 0 to 15.
    ///
    /// @param uid one with this prefix
    public int partOf(UUID uid) {
        int place = digits.length();
        long half = place < 16 ? uid.getMostSignificantBits() : uid.getLeastSignificantBits();
        return (int) (half >>> (60 - 4 * (place % 16))) & 15;
    }
}
