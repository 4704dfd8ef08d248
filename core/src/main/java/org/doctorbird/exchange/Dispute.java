package org.doctorbird.exchange;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.plan.Policy;

/// A push that central could not take as it was, because somebody else had written meanwhile.
///
/// @param record the push, whole
/// @param kind what it conflicts with
/// @param open the fields that a person has to settle; none if it is not about fields
/// @param settled the fields that a policy has settled
/// @param reason fixed words, such as a constraint's name; no value of the record
/// @param isOpen a person has to settle it
public record Dispute(
        KeptRecord record,
        Kind kind,
        Set<String> open,
        Map<String, Policy> settled,
        String reason,
        boolean isOpen) {

    /// What a push conflicts with.
    public enum Kind {
        /// Both changed the same fields.
        FIELDS,
        /// The satellite deleted what others have changed.
        DELETION,
        /// The satellite changed what central has deleted.
        REVIVAL,
        /// Another record has the same unique key; the push is not stored.
        KEY;

        /// Returns the word of the conflict list.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Finds it by its word.
        public static Optional<Kind> of(String word) {
            return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
        }

        /// Says whether the push is not stored, so that a later one of the same record takes its
        /// place.
        public boolean isUnstored() {
            return this == REVIVAL || this == KEY;
        }
    }

    /// A dispute that is about the whole record.
    static Dispute ofRecord(KeptRecord record, Kind kind, String reason, boolean isOpen) {
        return new Dispute(record, kind, Set.of(), Map.of(), reason, isOpen);
    }

    /// Returns key and kind only: values may be a patient's.
    @Override
    public String toString() {
        return record + " " + kind.word();
    }
}
