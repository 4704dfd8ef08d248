package org.doctorbird.exchange;

import java.util.Optional;
import org.doctorbird.record.ETag;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;

/// A version in quarantine that a person has dropped: neither it nor an earlier one is tried again.
/// A later one is.
///
/// @param revision the satellite's revision if it was pushed, else 0
/// @param etag the version if central sent it
public record DroppedVersion(long revision, Optional<ETag> etag) {

    /// Says whether the push is this version, or an earlier one.
    public boolean covers(PushedRecord pushed) {
        return pushed.revision() <= revision;
    }

    /// Says whether what central sent is this version, or an earlier one.
    public boolean covers(SentRecord sent) {
        return etag.filter(dropped -> !sent.etag().isAfter(dropped)).isPresent();
    }
}
