package org.doctorbird.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What central does when a satellite deletes a record.
public enum Deletes {
    /// Central deletes it too, and everybody who holds it.
    PROPAGATE,
    /// Central keeps the record and marks it; other instances keep it.
    KEEP;

    /// Returns the word of the plan file.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Finds it by its word in the plan file.
    public static Optional<Deletes> of(String word) {
        return Arrays.stream(values()).filter(value -> value.word().equals(word)).findFirst();
    }
}
