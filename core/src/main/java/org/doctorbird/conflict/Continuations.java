package org.doctorbird.conflict;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Joins two texts that continue the same one.
final class Continuations {

    private Continuations() {}

    /// Returns the base with both continuations, central's first and each beginning on a line of
    /// its own; empty if one of the texts is not the base continued. What one side wrote and the
    /// other has already is not doubled.
    static Optional<String> join(
            @Nullable String base, @Nullable String central, @Nullable String pushed) {
        String start = base == null ? "" : base;
        if (central == null
                || pushed == null
                || !central.startsWith(start)
                || !pushed.startsWith(start)) {
            return Optional.empty();
        }
        if (central.startsWith(pushed)) {
            return Optional.of(central);
        }
        if (pushed.startsWith(central)) {
            return Optional.of(pushed);
        }
        String more = pushed.substring(start.length()).strip();
        boolean isThere = central.substring(start.length()).lines().anyMatch(more::equals);
        return Optional.of(isThere || more.isEmpty() ? central : central + "\n" + more);
    }
}
