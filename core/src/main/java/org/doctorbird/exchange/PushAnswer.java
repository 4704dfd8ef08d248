package org.doctorbird.exchange;

import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.record.ETag;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;

/// Central's answer to one pushed record.
public sealed interface PushAnswer {

    /// Returns the record that the answer is about.
    UUID uid();

    /// Central holds the satellite's version.
    ///
    /// @param etag the version's ETag
    record Accepted(UUID uid, ETag etag) implements PushAnswer {}

    /// Central joined the satellite's changes with others'.
    ///
    /// @param current the joined version
    record Merged(SentRecord current) implements PushAnswer {
        @Override
        public UUID uid() {
            return current.uid();
        }
    }

    /// Central holds a version that stands over the satellite's; what was lost is in the conflict
    /// list.
    ///
    /// @param current the version that stands
    record Superseded(SentRecord current) implements PushAnswer {
        @Override
        public UUID uid() {
            return current.uid();
        }
    }

    /// Central has taken the satellite's change, or keeps it in the conflict list. What stands now
    /// the satellite may not see yet, or not any more: if it should hold the record, the next pull
    /// brings it.
    record Taken(UUID uid) implements PushAnswer {}

    /// Central keeps the record until the one it refers to has come.
    ///
    /// @param waitsFor the first record that is missing
    record Parked(UUID uid, RecordKey waitsFor) implements PushAnswer {}

    /// At central the record is the same as another one, which stays. The satellite's copy is a
    /// copy of that one from now on.
    ///
    /// @param survivor the uid of the record that stays
    record Joined(UUID uid, UUID survivor) implements PushAnswer {}

    /// Central does not take the record; it keeps it whole in quarantine.
    ///
    /// @param reason fixed words, no value of the record
    record Rejected(UUID uid, ErrorCode code, String reason) implements PushAnswer {}

    /// Central does not know the record and needs all its fields.
    record AskedForWhole(UUID uid) implements PushAnswer {}
}
