package org.doctorbird.exchange;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;

/// One record to be stored, with what its companion shall say afterwards.
public sealed interface Write {

    /// Returns the record.
    UUID uid();

    /// Returns the fields to set: all of them for a record whose row is not there yet, none to
    /// leave the row alone.
    Fields fields();

    /// Central stores a pushed version.
    ///
    /// @param fields the fields to set; the row is inserted if it is not there
    /// @param changed the fields by which the new version differs; recorded in the history
    /// @param etag of the new version
    /// @param origin the instance that pushed; it is known to hold the record from now on, unless
    ///   deleted
    /// @param revision that instance's number of the change
    /// @param marksDeleted the satellite deleted the record: the row stays, marked
    /// @param user who made the change there; see [org.doctorbird.record.PushedRecord]
    record AtCentral(
            UUID uid,
            Fields fields,
            Set<String> changed,
            ETag etag,
            InstanceId origin,
            long revision,
            boolean marksDeleted,
            Optional<String> user)
            implements Write {

        /// A version of which it is not known who made it.
        public AtCentral(
                UUID uid,
                Fields fields,
                Set<String> changed,
                ETag etag,
                InstanceId origin,
                long revision,
                boolean marksDeleted) {
            this(uid, fields, changed, etag, origin, revision, marksDeleted, Optional.empty());
        }

        @Override
        public String toString() {
            return uid + " at " + etag;
        }
    }

    /// A satellite stores a version that central sent.
    ///
    /// @param fields the fields to set; the row is inserted if it is not there
    /// @param etag becomes last_synchronisation and base ETag
    record AtSatellite(UUID uid, Fields fields, ETag etag) implements Write {

        @Override
        public String toString() {
            return uid + " at " + etag;
        }
    }

    /// Central deletes a record because a satellite did, and the plan lets that go on.
    ///
    /// @param etag of the version that is the end
    /// @param origin the instance that pushed
    /// @param revision that instance's number of the change
    /// @param user who deleted it there; see [org.doctorbird.record.PushedRecord]
    record DeleteAtCentral(
            UUID uid, ETag etag, InstanceId origin, long revision, Optional<String> user)
            implements Write {

        /// An end of which it is not known who made it.
        public DeleteAtCentral(UUID uid, ETag etag, InstanceId origin, long revision) {
            this(uid, etag, origin, revision, Optional.empty());
        }

        @Override
        public Fields fields() {
            return Fields.NONE;
        }
    }

    /// A satellite removes its copy because it should not hold the record any more. The record is
    /// no deleted one: it may come back, in any version, and the number of its last change here
    /// stays. Nullable references of other records to it become null and are remembered.
    record RemoveAtSatellite(UUID uid) implements Write {
        @Override
        public Fields fields() {
            return Fields.NONE;
        }
    }

    /// A satellite deletes its copy because central deleted the record.
    record DeleteAtSatellite(UUID uid, ETag etag) implements Write {
        @Override
        public Fields fields() {
            return Fields.NONE;
        }
    }
}
