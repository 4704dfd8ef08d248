package org.doctorbird.record;

import java.util.Comparator;
import java.util.UUID;

/// The order of uids: by their sixteen bytes, unsigned, as PostgreSQL orders the type uuid. (Java's own order of UUID is
/// signed and differs.)
public final class Uids {

    /// The first uid in the order.
    public static final UUID FIRST = new UUID(0, 0);

    /// Compares as PostgreSQL does.
    public static final Comparator<UUID> ORDER =
            (a, b) -> {
                int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
                return high != 0
                        ? high
                        : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
            };

    private Uids() {}
}
