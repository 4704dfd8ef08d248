package org.doctorbird.app.postgres;

import org.doctorbird.record.InstanceId;

/// How an instance stands to a record, as central knows it.
///
/// @param name the instance's login
public record Holder(InstanceId instance, String name, Standing standing) {

    /// Whether it holds the record, and should.
    public enum Standing {
        /// It is known to hold the record, and should.
        HOLDS("holds it"),
        /// It has said that it holds an older version, and should hold the record.
        HOLDS_OLDER("holds an older version of it"),
        /// It is known to hold the record, and should not.
        SHOULD_NOT("holds it and should not: it has not said yet that it removed it"),
        /// It should hold the record and is not known to.
        SHOULD("should hold it and does not yet");

        private final String words;

        Standing(String words) {
            this.words = words;
        }

        /// Returns words for people.
        public String words() {
            return words;
        }
    }
}
