package org.doctorbird.comparison;

import java.util.Optional;
import org.doctorbird.record.ETag;

/// What a satellite's own lists say about a record.
///
/// @param isHere its row is here
/// @param isWaiting it was changed here and waits to be pushed, also if central holds the change
///   back or the mode does not let it out
/// @param isKept a version of it is parked or in quarantine here
/// @param isMoving a receipt for it is on its way, or central has withdrawn it and it is not
///   removed yet
/// @param ended the version at which it was deleted here, and central heard of it
public record Standing(
        boolean isHere, boolean isWaiting, boolean isKept, boolean isMoving, Optional<ETag> ended) {

    /// No list knows the record.
    public static final Standing NONE = new Standing(false, false, false, false, Optional.empty());
}
