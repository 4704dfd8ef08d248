package org.doctorbird.plan;

import java.util.Optional;

/// The plan's rules on one model's records.
///
/// @param interest who should hold them
/// @param deletes what a satellite's deletion does; absent: [Deletes#PROPAGATE] for models that
///   only link others, [Deletes#KEEP] for the rest
/// @param newestFirst a field by which new records are given, latest first; absent: in the order in
///   which central got them
/// @param search what may be searched at central
/// @param conflicts how conflicts are settled
public record Rules(
        Interest interest,
        Optional<Deletes> deletes,
        Optional<String> newestFirst,
        Search search,
        ConflictRules conflicts) {

    /// Every instance gets every record; nothing can be searched.
    public static final Rules DEFAULT = of(Interest.ALL);

    /// Rules that say nothing but who should hold the records.
    public static Rules of(Interest interest) {
        return new Rules(
                interest, Optional.empty(), Optional.empty(), Search.NONE, ConflictRules.DEFAULT);
    }

    /// The same rules with other deletes.
    public Rules with(Deletes other) {
        return new Rules(interest, Optional.of(other), newestFirst, search, conflicts);
    }

    /// The same rules with other ones for conflicts.
    public Rules with(ConflictRules other) {
        return new Rules(interest, deletes, newestFirst, search, other);
    }
}
