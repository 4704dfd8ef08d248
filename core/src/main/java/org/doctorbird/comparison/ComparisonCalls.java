package org.doctorbird.comparison;

import java.util.List;
import java.util.UUID;
import org.doctorbird.record.InstanceId;

/// What central answers to [ComparisonLink].
public interface ComparisonCalls {

    /// Gives fingerprints of what the caller is known to hold.
    ///
    /// @return of the first queries; of one at least
    List<List<RangeFingerprint>> fingerprints(InstanceId caller, List<ComparisonQuery> queries);

    /// Gives uids and versions of what the caller is known to hold.
    List<HeldVersion> versions(InstanceId caller, ComparisonQuery query);

    /// Gives records once more.
    ///
    /// @return how many the caller was known to hold
    int giveAgain(InstanceId caller, String model, List<UUID> uids);
}
