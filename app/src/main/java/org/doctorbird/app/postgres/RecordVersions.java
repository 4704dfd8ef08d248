package org.doctorbird.app.postgres;

import java.util.List;
import java.util.Optional;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.jspecify.annotations.Nullable;

/// The versions of one record, as central's history tells them.
///
/// @param versions newest first
/// @param hasMore there are older ones than were asked for
public record RecordVersions(List<Version> versions, boolean hasMore) {

    public RecordVersions {
        versions = List.copyOf(versions);
    }

    /// What a version was.
    public enum Kind {
        /// The record's first version.
        CREATED("created"),
        /// Some of its fields were changed.
        CHANGED("changed"),
        /// Its row at central was deleted.
        DELETED("deleted"),
        /// A satellite deleted it; central keeps the row.
        MARKED("marked deleted"),
        /// It was deleted or marked before, and is not any more.
        RETURNED("came back"),
        /// What it was is not kept, or not any more.
        NOT_KEPT("not kept what it changed");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /// Returns words for people.
        public String words() {
            return words;
        }
    }

    /// One version.
    ///
    /// @param instance who made it; central is 0
    /// @param name the instance's login, `central` for central; empty if it is not there any more
    /// @param user the id of who made it in the instance's application; empty: not known
    /// @param changes the fields that it changed; of the first version those that it had, where
    ///   values were asked for
    public record Version(
            ETag etag,
            InstanceId instance,
            Optional<String> name,
            Optional<String> user,
            Kind kind,
            List<Change> changes) {}

    /// One field that a version changed.
    ///
    /// @param before not known if values were not asked for
    /// @param after the same
    public record Change(String field, Value before, Value after) {}

    /// What a field held.
    ///
    /// @param isKnown false: that is not kept
    /// @param text null: nothing. Of a longer one the first [RecordHistory#VALUE_LENGTH_MAX]
    ///   characters and an ellipsis
    public record Value(boolean isKnown, @Nullable String text) {

        /// A value that is not kept.
        static final Value UNKNOWN = new Value(false, null);

        /// Says nothing: a value may be a patient's.
        @Override
        public String toString() {
            return isKnown ? "a value" : "unknown";
        }
    }
}
