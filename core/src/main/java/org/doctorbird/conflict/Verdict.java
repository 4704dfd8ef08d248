package org.doctorbird.conflict;

import java.util.Map;
import java.util.Set;
import org.doctorbird.ErrorCode;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.Fields;

/// What central does with one pushed record. Switch over it without a default, so that no case is
/// forgotten.
public sealed interface Verdict {

    /// Central does not know the record: store it.
    record Insert() implements Verdict {}

    /// Central already has all of this. Store nothing.
    ///
    /// @param isCurrent the satellite has every field of the current version; else it is sent them
    record AlreadyHeld(boolean isCurrent) implements Verdict {}

    /// Store these fields as a new version.
    ///
    /// @param fields the fields that change, at least one
    /// @param isWhole nobody else has changed the record since: the satellite has every field of
    ///   the new version
    record Update(Set<String> fields, boolean isWhole) implements Verdict {}

    /// Both sides changed the same fields to different values. The push is kept whole in the
    /// conflict list.
    ///
    /// @param open the fields that a person has to settle; central's values of them stand
    /// @param settled the fields that a policy has settled
    /// @param stored what is stored as a new version: the other fields of the push that change
    ///   something, and what a policy has given; may be none
    record Conflict(Set<String> open, Map<String, Policy> settled, Fields stored)
            implements Verdict {

        /// Returns the names only: values may be a patient's.
        @Override
        public String toString() {
            return "Conflict[open=%s, settled=%s, stored=%s]"
                    .formatted(open, settled, stored.names());
        }
    }

    /// The satellite deleted a record that others have changed since. The record stands; the
    /// deletion is kept in the conflict list.
    ///
    /// @param isSettled the policy says so; else a person has to settle it
    record DeletionConflict(boolean isSettled) implements Verdict {}

    /// The satellite changed a record that central has deleted. The end stands; the push is kept
    /// whole in the conflict list. Until a person has settled it the satellite keeps its copy.
    ///
    /// @param isSettled the policy says so
    record RevivalConflict(boolean isSettled) implements Verdict {}

    /// The satellite deleted the record: mark it, and keep the row.
    record MarkDeleted() implements Verdict {}

    /// The satellite deleted the record: delete it here too.
    record Delete() implements Verdict {}

    /// The push carries changes to a record that central has never held or no longer knows: ask for
    /// the whole record.
    record AskForWhole() implements Verdict {}

    /// Keep the push in quarantine and tell the satellite why.
    record Reject(ErrorCode code) implements Verdict {}
}
