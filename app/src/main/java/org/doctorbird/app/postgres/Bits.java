package org.doctorbird.app.postgres;

/// Instance sets in SQL: bit strings of any length, in which a missing bit is 0.
final class Bits {

    private Bits() {}

    /// Returns the condition that a bit is set.
    ///
    /// @param index an expression of type integer, from 0
    static String isSet(String set, String index) {
        return "substring(%s from %s + 1 for 1) = B'1'".formatted(set, index);
    }

    /// Returns the set with a bit set; it grows where it is too short.
    static String with(String set, String index) {
        return "set_bit(%1$s || repeat('0', greatest(0, %2$s + 1 - length(%1$s)))::varbit, %2$s, 1)"
                .formatted(set, index);
    }

    /// Returns the set with a bit cleared.
    static String without(String set, String index) {
        return "case when length(%1$s) > %2$s then set_bit(%1$s, %2$s, 0) else %1$s end"
                .formatted(set, index);
    }

    /// Returns the set with zeros up to a length that is not below its own.
    static String padded(String set, String width) {
        return "(%1$s || repeat('0', %2$s - length(%1$s))::varbit)".formatted(set, width);
    }
}
