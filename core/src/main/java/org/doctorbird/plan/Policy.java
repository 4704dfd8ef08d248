package org.doctorbird.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a conflict is settled: both sides have changed one field since their common base, to
/// different values. Whatever the policy, both values stay readable in the history or the conflict
/// list.
public enum Policy {
    /// Central's value stands.
    CENTRAL,
    /// The pushing satellite's value stands.
    SATELLITE,
    /// The value that was written later stands. A satellite tells how long ago it was written, so
    /// that no clock has to be right.
    LATEST,
    /// A text that both sides have continued keeps both continuations; anything else goes to a
    /// person.
    APPEND,
    /// Central's value stands until a person has chosen.
    MANUAL;

    /// Returns the word of the plan file.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Finds a policy by its word in the plan file.
    public static Optional<Policy> of(String word) {
        return Arrays.stream(values()).filter(policy -> policy.word().equals(word)).findFirst();
    }
}
