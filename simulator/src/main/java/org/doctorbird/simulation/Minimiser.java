package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Leaves out of a run that failed whatever it fails without: delta debugging, by halves, quarters
/// and so on.
final class Minimiser {

    private final Run run;
    private final BooleanSupplier isEnough;

    /// Repeats the run with only some of what happened.
    interface Run {
        /// @return the failure; empty if everything held
        Optional<InvariantBroken> with(Set<String> kept);
    }

    /// @param isEnough says when there is no more time
    Minimiser(Run run, BooleanSupplier isEnough) {
        this.run = run;
        this.isEnough = isEnough;
    }

    /// What is left.
    ///
    /// @param failure of the smallest run
    record Smallest(List<String> kept, InvariantBroken failure) {}

    /// @param happened in the run that failed, in order
    Smallest of(List<String> happened, InvariantBroken failure) {
        var smallest = new Smallest(List.copyOf(happened), failure);
        int parts = 2;
        while (parts <= smallest.kept().size() && !isEnough.getAsBoolean()) {
            Optional<Smallest> smaller = without(smallest, parts);
            if (smaller.isPresent()) {
                smallest = smaller.get();
                parts = Math.max(2, parts - 1);
            } else if (parts == smallest.kept().size()) {
                break;
            } else {
                parts = Math.min(smallest.kept().size(), 2 * parts);
            }
        }
        return smallest;
    }

    /// As [#of], for people.
    Failure explain(List<String> happened, InvariantBroken failure) {
        Smallest smallest = of(happened, failure);
        return new Failure(
                smallest.kept().size(),
                happened.size(),
                String.valueOf(smallest.failure().getMessage()));
    }

    private Optional<Smallest> without(Smallest before, int parts) {
        int size = before.kept().size();
        for (int i = 0; i < parts && !isEnough.getAsBoolean(); i++) {
            var kept = new ArrayList<>(before.kept());
            kept.subList(size * i / parts, size * (i + 1) / parts).clear();
            Optional<InvariantBroken> failure = run.with(new HashSet<>(kept));
            if (failure.isPresent()) {
                return Optional.of(new Smallest(kept, failure.get()));
            }
        }
        return Optional.empty();
    }
}
