package org.doctorbird.conflict;

import org.doctorbird.record.PushedRecord;

/// A push that was kept as a conflict before, of the same record, sender and revision.
///
/// @param push what was pushed then
/// @param isOpen nobody has settled it yet
public record Decided(PushedRecord push, boolean isOpen) {

    /// Says whether it says the same. A satellite restored from a backup may use a revision again.
    boolean isSame(PushedRecord pushed) {
        return push.isDeleted() == pushed.isDeleted() && push.fields().equals(pushed.fields());
    }

    /// Returns the revision only: values may be a patient's.
    @Override
    public String toString() {
        return push + (isOpen ? ", open" : ", settled");
    }
}
