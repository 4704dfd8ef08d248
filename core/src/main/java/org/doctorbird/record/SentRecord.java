package org.doctorbird.record;

import java.util.UUID;

/// A version of a record as central sends it.
///
/// @param uid the record's cross-instance unique id
/// @param etag the version
/// @param fields all fields; none if deleted
/// @param isDeleted central has deleted the record
public record SentRecord(UUID uid, ETag etag, Fields fields, boolean isDeleted) {

    /// Returns uid and ETag only: values may be a patient's.
    @Override
    public String toString() {
        return uid + " at " + etag;
    }
}
