package org.doctorbird.conflict;

import java.util.List;
import java.util.UUID;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;

/// What central holds of a record when a push of it arrives.
///
/// @param uid the record's cross-instance unique id
/// @param etag the current version
/// @param values all fields of the current version; none if its row is gone
/// @param isRowGone the row was deleted in central's own database
/// @param isMarkedDeleted a satellite deleted the record; central keeps the row
/// @param made the versions after the base of the push, oldest first; all versions if the push has
///   no base. The first version of the record counts as one, with all fields
/// @param settledRevision the highest revision of the pushing instance that was settled without
///   making a version, because it said what central already had or lost a dispute; 0 if none
/// @param isHeld the pushing instance is known to hold the record
/// @param isOpen the pushing instance may see the current version: it should hold the record, and
///   that is computed for this version
/// @param isMadeComplete `made` tells of every version; if not, rows of the history have ended, and
///   any field may have been changed by others
public record CentralRecord(
        UUID uid,
        ETag etag,
        Fields values,
        boolean isRowGone,
        boolean isMarkedDeleted,
        List<VersionMade> made,
        long settledRevision,
        boolean isHeld,
        boolean isOpen,
        boolean isMadeComplete) {

    /// A record whose history since the base is complete.
    public CentralRecord(
            UUID uid,
            ETag etag,
            Fields values,
            boolean isRowGone,
            boolean isMarkedDeleted,
            List<VersionMade> made,
            long settledRevision,
            boolean isHeld,
            boolean isOpen) {
        this(
                uid,
                etag,
                values,
                isRowGone,
                isMarkedDeleted,
                made,
                settledRevision,
                isHeld,
                isOpen,
                true);
    }

    /// Returns uid and ETag only: values may be a patient's.
    @Override
    public String toString() {
        return uid + " at " + etag;
    }
}
