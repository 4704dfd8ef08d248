package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.doctorbird.record.Uids;

/// A slice of all uids, so that workers can share one model's work.
///
/// @param first the first uid of the slice
/// @param last the last uid of the slice
public record UidRange(UUID first, UUID last) {

    /// All uids.
    public static final UidRange ALL = new UidRange(Uids.FIRST, new UUID(-1, -1));

    public UidRange {
        if (Uids.ORDER.compare(first, last) > 0) {
            throw new IllegalArgumentException("first uid after the last");
        }
    }

    /// Cuts all uids into slices of equal width.
    ///
    /// @param slices 1 to 256
    public static List<UidRange> cut(int slices) {
        if (slices < 1 || slices > 256) {
            throw new IllegalArgumentException("slices must be 1 to 256: " + slices);
        }
        var ranges = new ArrayList<UidRange>(slices);
        for (int i = 0; i < slices; i++) {
            ranges.add(
                    new UidRange(
                            new UUID(bound(i, slices), 0), new UUID(bound(i + 1, slices) - 1, -1)));
        }
        return ranges;
    }

    /// The high half of the uid where slice `i` begins; the multiples wrap around to 0 at the end
    /// of the last slice.
    private static long bound(int i, int slices) {
        return (((long) i << 32) / slices) << 32;
    }
}
