package org.doctorbird.comparison;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;

/// What a comparison needs from central's database: always of the records only that the instance is
/// known to hold, and whose rows are here.
///
/// Each method takes a fixed number of statements. `isDeep` says whether the values count of all
/// fields of the shape. Of a record that the instance should not hold, or of which that is not
/// published, neither ETag nor values count.
public interface CentralSide {

    /// Returns the fingerprint of all of one model.
    RangeFingerprint held(ModelShape shape, InstanceId instance, boolean isDeep);

    /// Returns for each prefix the fingerprints of its parts.
    List<RangeFingerprint> heldParts(
            ModelShape shape, InstanceId instance, boolean isDeep, List<UidPrefix> prefixes);

    /// Returns the records with these prefixes, in no order.
    List<HeldVersion> heldVersions(
            ModelShape shape, InstanceId instance, boolean isDeep, List<UidPrefix> prefixes);

    /// Moves records to the end of the feed that the instance holds or should hold, so that pull,
    /// new or a withdrawal brings what stands.
    ///
    /// @return how many the instance was known to hold
    int giveAgain(ModelShape shape, InstanceId instance, Collection<UUID> uids);
}
