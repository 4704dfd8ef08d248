package org.doctorbird.comparison;

import java.util.UUID;
import org.doctorbird.record.ETag;

/// A record that satellite and central do not hold alike.
///
/// @param uid the record
/// @param kind how they differ
/// @param version the version that the satellite holds; 0 if none
public record Difference(UUID uid, Kind kind, ETag version) {

    /// How satellite and central differ in a record.
    public enum Kind {
        /// Changed here; the next push, or a person, settles it.
        WAITING(false),
        /// A version of it is parked or in quarantine here.
        KEPT(false),
        /// A receipt or a withdrawal is on its way.
        MOVING(false),
        /// Central has a newer version which the next pull brings, or which the mode keeps away.
        BEHIND(false),
        /// Deleted here, in the version that central keeps.
        ENDED(false),
        /// Central counts it as held here, and it is not here.
        MISSING(true),
        /// It is here in a version of central's, and central does not count it as held here.
        EXTRA(true),
        /// Central has a newer version which no pull would bring any more.
        OUTDATED(true),
        /// The version here is newer than central's.
        AHEAD(true),
        /// Both say that it is the same version, and the values are not the same.
        CONTENT(true),
        /// A row that was made while the triggers were off.
        UNCAPTURED(true);

        private final boolean isDamage;

        Kind(boolean isDamage) {
            this.isDamage = isDamage;
        }

        /// Says whether the exchange would never make it good by itself.
        public boolean isDamage() {
            return isDamage;
        }
    }
}
