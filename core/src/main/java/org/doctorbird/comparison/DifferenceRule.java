package org.doctorbird.comparison;

import java.util.Optional;
import org.doctorbird.comparison.Difference.Kind;
import org.doctorbird.plan.Mode;
import org.doctorbird.record.Cursor;

/// Decides how one record differs, and what is none of a fault: the table is in
/// `docs/operating.md`, "Do both sides hold the same?".
public final class DifferenceRule {

    private DifferenceRule() {}

    /// Decides on one record.
    ///
    /// @param copy what the satellite holds
    /// @param held what central counts it as holding, read after `copy`
    /// @param pulled the satellite's place in the feed of changes, read before `copy`
    /// @return empty if both are alike
    public static Optional<Kind> decide(
            Optional<LocalCopy> copy,
            Optional<HeldVersion> held,
            Standing standing,
            Cursor pulled,
            Mode mode) {
        if (areAlike(copy, held)) {
            return Optional.empty();
        }
        if (standing.isWaiting()) {
            return Optional.of(Kind.WAITING);
        }
        if (standing.isKept()) {
            return Optional.of(Kind.KEPT);
        }
        if (standing.isMoving() || held.filter(DifferenceRule::isUntold).isPresent()) {
            return Optional.of(Kind.MOVING);
        }
        return Optional.of(
                held.map(some -> decideHeld(copy, some, standing, pulled, mode))
                        .orElse(Kind.EXTRA));
    }

    private static boolean areAlike(Optional<LocalCopy> copy, Optional<HeldVersion> held) {
        if (copy.isEmpty() || held.isEmpty()) {
            return copy.isEmpty() && held.isEmpty();
        }
        return copy.get().version().equals(held.get().etag())
                && copy.get().digest() == held.get().digest();
    }

    private static boolean isUntold(HeldVersion held) {
        return held.etag().equals(HeldVersion.UNTOLD);
    }

    private static Kind decideHeld(
            Optional<LocalCopy> copy,
            HeldVersion held,
            Standing standing,
            Cursor pulled,
            Mode mode) {
        boolean isComing = new Cursor(held.stamp(), held.uid()).compareTo(pulled) > 0;
        if (copy.isEmpty()) {
            if (standing.ended().filter(held.etag()::equals).isPresent()) {
                return Kind.ENDED;
            }
            if (mode.pulls() && isComing) {
                return Kind.BEHIND;
            }
            return standing.isHere() ? Kind.OUTDATED : Kind.MISSING;
        }
        int order = held.etag().compareTo(copy.get().version());
        if (order > 0) {
            return isComing || !mode.pulls() ? Kind.BEHIND : Kind.OUTDATED;
        }
        return order < 0 ? Kind.AHEAD : Kind.CONTENT;
    }
}
