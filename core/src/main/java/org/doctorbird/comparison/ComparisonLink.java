package org.doctorbird.comparison;

import java.util.List;
import java.util.UUID;

/// The part of a satellite's way to central that compares. Every call may be repeated, and throws
/// [org.doctorbird.SyncException]: `METHOD_UNKNOWN` at a central that is too old for it.
public interface ComparisonLink {

    /// Asks for fingerprints.
    ///
    /// @return for each query one fingerprint, or [UidPrefix#WAYS] for each of its prefixes, in
    ///   order; of the first queries only if it takes long, of one at least
    List<List<RangeFingerprint>> fingerprints(List<ComparisonQuery> queries);

    /// Asks for the records themselves.
    ///
    /// @param query with prefixes
    List<HeldVersion> versions(ComparisonQuery query);

    /// Has records given once more that this satellite does not hold as central thinks.
    ///
    /// @param uids 1 to 1,000
    /// @return how many this satellite was known to hold
    int giveAgain(String model, List<UUID> uids);
}
