package org.doctorbird.conflict;

import java.util.Optional;
import java.util.UUID;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;

/// What a satellite holds of a record when a version of it arrives from central.
///
/// @param uid the record's cross-instance unique id
/// @param lastSynchronisation the ETag at the last synchronisation; empty: modified here since
/// @param base the ETag of the central version that the local one started from; empty: never
///   synchronised
/// @param revision the satellite's number of its last change
/// @param isDeleted deleted here
/// @param values all fields; none if deleted
public record LocalRecord(
        UUID uid,
        Optional<ETag> lastSynchronisation,
        Optional<ETag> base,
        long revision,
        boolean isDeleted,
        Fields values) {

    /// Returns uid and revision only: values may be a patient's.
    @Override
    public String toString() {
        return uid + " revision " + revision;
    }
}
