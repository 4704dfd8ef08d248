package org.doctorbird.record;

import java.util.BitSet;

/// A set of instances: who knows a record, or who should. Immutable.
///
/// In PostgreSQL and on the wire this is a bit string read from the left: character `i` is `1` when
/// instance `i` is in the set. Trailing zeros mean nothing, so `01` and `0100` are equal sets.
/// Source: `docs/protocol.md`, "Instance sets".
public final class InstanceSet {

    /// No instance.
    public static final InstanceSet EMPTY = new InstanceSet(new BitSet());

    private final BitSet bits;

    private InstanceSet(BitSet bits) {
        this.bits = bits;
    }

    /// Reads the bit-string form.
    ///
    /// @param text zero to 4,096 characters, each `0` or `1`; empty means no instance
    /// @throws IllegalArgumentException if `text` is longer or has another character
    public static InstanceSet parse(String text) {
        if (text.length() > InstanceId.NUMBER_MAX + 1) {
            throw new IllegalArgumentException("bit string of " + text.length() + " characters");
        }
        var bits = new BitSet(text.length());
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '0' -> {}
                case '1' -> bits.set(i);
                default -> throw new IllegalArgumentException("not a bit at index " + i);
            }
        }
        return new InstanceSet(bits);
    }

    /// Says whether the instance is in the set.
    public boolean contains(InstanceId instance) {
        return bits.get(instance.number());
    }

    /// Returns this set and the instance.
    public InstanceSet with(InstanceId instance) {
        var more = (BitSet) bits.clone();
        more.set(instance.number());
        return new InstanceSet(more);
    }

    /// Returns this set without the instance.
    public InstanceSet without(InstanceId instance) {
        var fewer = (BitSet) bits.clone();
        fewer.clear(instance.number());
        return new InstanceSet(fewer);
    }

    /// Returns the instances of both sets.
    public InstanceSet or(InstanceSet other) {
        var both = (BitSet) bits.clone();
        both.or(other.bits);
        return new InstanceSet(both);
    }

    /// Returns the shortest bit-string form: no trailing zeros, `""` for the empty set.
    public String toBitString() {
        var text = new StringBuilder(bits.length());
        for (int i = 0; i < bits.length(); i++) {
            text.append(bits.get(i) ? '1' : '0');
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InstanceSet set && bits.equals(set.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    @Override
    public String toString() {
        return bits.toString();
    }
}
