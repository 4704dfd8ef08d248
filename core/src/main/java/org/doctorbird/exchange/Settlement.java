package org.doctorbird.exchange;

import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.record.ETag;

/// What a satellite notes of one record after central has answered its push. Applies only while the
/// record's revision is still the one that was sent: a change made during the push stays to be
/// pushed.
public sealed interface Settlement {

    /// Returns the record.
    UUID uid();

    /// Returns the revision that was sent.
    long revision();

    /// The record is in step.
    ///
    /// @param etag becomes last_synchronisation and base ETag
    record InStep(UUID uid, long revision, ETag etag) implements Settlement {}

    /// Central has the change; which version stands is not known here. The record counts as
    /// unmodified and older than any version.
    record Taken(UUID uid, long revision) implements Settlement {}

    /// Central did not store the record; it is pushed again later, with growing pauses.
    ///
    /// @param reason fixed words, no value of the record
    record Held(UUID uid, long revision, ErrorCode code, String reason) implements Settlement {}

    /// The record goes on under another uid, as a copy of no version. If this database has a record
    /// with that uid already, nothing is noted.
    record Joined(UUID uid, long revision, UUID survivor) implements Settlement {}

    /// Central wants all fields: forget the base.
    record Whole(UUID uid, long revision) implements Settlement {}
}
