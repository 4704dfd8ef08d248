package org.doctorbird.comparison;

import org.doctorbird.comparison.Difference.Kind;
import org.doctorbird.plan.Mode;

/// How a difference is repaired: over the ordinary paths, so that no value disappears.
public enum Remedy {
    /// Keep the values here whole in the list of refused changes, and take central's version.
    TAKE,
    /// Hand in a receipt for the version here, and have central give what it has.
    ACKNOWLEDGE,
    /// Count the record as changed here: the next push settles it.
    PUSH,
    /// Give the row a companion: it is pushed as a new record.
    CAPTURE,
    /// Nothing: it is no damage, or the mode lets nothing through.
    NONE;

    /// Decides on one record.
    ///
    /// @param isAcknowledged [#ACKNOWLEDGE] was tried and has not helped: central does not know the
    ///   record
    public static Remedy of(Kind kind, Mode mode, boolean isAcknowledged) {
        return switch (kind) {
            case MISSING, OUTDATED -> mode.pulls() ? TAKE : NONE;
            case CONTENT -> mode.pulls() ? TAKE : PUSH;
            case AHEAD -> mode.pushes() ? PUSH : TAKE;
            case EXTRA -> isAcknowledged ? PUSH : ACKNOWLEDGE;
            case UNCAPTURED -> CAPTURE;
            case WAITING, KEPT, MOVING, BEHIND, ENDED -> NONE;
        };
    }
}
