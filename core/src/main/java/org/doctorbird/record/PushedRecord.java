package org.doctorbird.record;

import java.util.Optional;
import java.util.UUID;

/// A local change as a satellite pushes it.
///
/// @param uid the record's cross-instance unique id
/// @param base the ETag of the central version that the change started from; empty for a record
///   that this satellite has never synchronised
/// @param revision the satellite's number of the change, 1 or more, growing with each change of the
///   record
/// @param fields the changed fields, all of them if there is no base; none if deleted
/// @param isDeleted the satellite deleted the record
public record PushedRecord(
        UUID uid, Optional<ETag> base, long revision, Fields fields, boolean isDeleted) {

    /// Returns uid and revision only: values may be a patient's.
    @Override
    public String toString() {
        return uid + " revision " + revision;
    }
}
