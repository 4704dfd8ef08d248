package org.doctorbird.interest;

import java.util.Optional;
import java.util.UUID;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;

/// Why instances should hold a record for its own sake.
///
/// @param isAlive its row is there; a record that ended interests nobody
/// @param ruled for whom the rule's condition holds
/// @param pinned who asked for it
/// @param creator who made it, until another reason takes over for that instance
/// @param flowing who should hold, for their own sake, the records that it follows and those that
///   bring it
/// @param before its direct set so far; empty if it was never computed
/// @param whole its whole set so far, if it was ever computed
public record DirectReasons(
        UUID uid,
        boolean isAlive,
        InstanceSet ruled,
        InstanceSet pinned,
        Optional<InstanceId> creator,
        InstanceSet flowing,
        InstanceSet before,
        Optional<InstanceSet> whole) {

    /// The outcome for one record.
    ///
    /// @param keepsCreator the creator's reason still counts
    public record Direct(UUID uid, InstanceSet instances, boolean keepsCreator) {}

    /// Computes the record's direct set.
    ///
    /// Whoever made a record holds it until a rule, or a record that it follows, says the same:
    /// from then on these decide, and the record leaves its creator when they do not hold any more.
    Direct decide() {
        if (!isAlive) {
            return new Direct(uid, InstanceSet.EMPTY, false);
        }
        InstanceSet ordered = ruled.or(flowing);
        boolean keepsCreator = creator.filter(maker -> !ordered.contains(maker)).isPresent();
        InstanceSet all = ordered.or(pinned);
        return new Direct(uid, keepsCreator ? all.with(creator.orElseThrow()) : all, keepsCreator);
    }

    /// Returns the record's uid.
    @Override
    public String toString() {
        return uid.toString();
    }
}
