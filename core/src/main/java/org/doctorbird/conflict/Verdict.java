package org.doctorbird.conflict;

import java.util.Set;
import org.doctorbird.ErrorCode;

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

    /// Both sides changed the same fields. Central's values of them stand; the push is kept whole
    /// in the conflict list.
    ///
    /// @param disputed the fields that both changed to different values, at least one unless the
    ///   push is a deletion
    /// @param merged the other fields of the push that change something; stored as a new version,
    ///   may be none
    record Conflict(Set<String> disputed, Set<String> merged) implements Verdict {}

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
