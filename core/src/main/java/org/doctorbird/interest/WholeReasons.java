package org.doctorbird.interest;

import java.util.UUID;
import org.doctorbird.record.InstanceSet;

/// Why instances should hold a record at all.
///
/// @param isAlive its row is there
/// @param direct who should hold it for its own sake
/// @param along who should hold a record that points to it
/// @param before its whole set so far; empty if it was never computed
/// @param isNew it was never computed
public record WholeReasons(
        UUID uid,
        boolean isAlive,
        InstanceSet direct,
        InstanceSet along,
        InstanceSet before,
        boolean isNew) {

    /// The outcome for one record.
    public record Whole(UUID uid, InstanceSet instances) {}

    Whole decide() {
        return new Whole(uid, isAlive ? direct.or(along) : InstanceSet.EMPTY);
    }
}
