package org.doctorbird.record;

/// An instance's synchronisation id: its small integer, unique in the whole system, and its bit in
/// every instance set.
///
/// @param number 0 (central) to [#NUMBER_MAX]; a deployment's own limit is 127 unless its settings
///   raise it
public record InstanceId(int number) implements Comparable<InstanceId> {

    /// The largest synchronisation id that any deployment may allow. Bounds an instance set to 512
    /// bytes.
    public static final int NUMBER_MAX = 4_095;

    /// The limit of a deployment that sets none.
    public static final int LIMIT_DEFAULT = 127;

    /// The central instance.
    public static final InstanceId CENTRAL = new InstanceId(0);

    public InstanceId {
        if (number < 0 || number > NUMBER_MAX) {
            throw new IllegalArgumentException(
                    "synchronisation id must be 0 to " + NUMBER_MAX + ": " + number);
        }
    }

    @Override
    public int compareTo(InstanceId other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
