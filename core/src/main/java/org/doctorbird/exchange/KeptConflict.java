package org.doctorbird.exchange;

import java.util.Optional;
import org.doctorbird.record.ETag;

/// An entry of the conflict list.
///
/// @param number names it
/// @param dispute what it is about
/// @param resolution how it was settled, such as `central`; empty while it is open
/// @param resolvedBy the version that settled it; empty if none was needed
public record KeptConflict(
        long number, Dispute dispute, Optional<String> resolution, Optional<ETag> resolvedBy) {

    /// Says whether its resolution can be taken back: fields can be given back what they were, a
    /// key, a deletion and a record that was brought back cannot.
    public boolean canReopen() {
        return resolution.isPresent()
                && dispute.kind() != Dispute.Kind.KEY
                && (dispute.kind() == Dispute.Kind.FIELDS || resolvedBy.isEmpty());
    }
}
