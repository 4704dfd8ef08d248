package org.doctorbird.exchange;

import java.util.Optional;

/// Decides whether the database that speaks is the one that spoke last, by the contacts that both
/// sides remember. The table is in `docs/protocol.md`, "Contacts".
public final class ContactRule {

    private ContactRule() {}

    /// What the memories of both sides say.
    public enum Finding {
        /// One history: the contact goes on.
        SAME,
        /// Central remembers contacts that the satellite does not: its database was restored from a
        /// backup, or it is a copy of another one that went on.
        SATELLITE_BEHIND,
        /// Both remember equally many contacts, but not the same: two databases have gone on from
        /// one.
        TWO_HISTORIES,
        /// The satellite remembers contacts that central does not: central's database was restored
        /// from a backup.
        CENTRAL_BEHIND
    }

    /// Compares both memories.
    ///
    /// @param known the last contact that central remembers; empty: none was ever counted; number
    ///   0: the count begins anew, because the former database is gone
    /// @param isOtherEpoch central has begun a new epoch since the satellite's last contact: it may
    ///   have forgotten contacts, and says so
    public static Finding compare(
            Optional<Contact> known, Checkpoint satellite, boolean isOtherEpoch) {
        if (known.isEmpty()) {
            return satellite.number() == 0 || isOtherEpoch ? Finding.SAME : Finding.CENTRAL_BEHIND;
        }
        Contact last = known.get();
        if (last.number() == 0) {
            return satellite.number() == 0 ? Finding.SAME : Finding.SATELLITE_BEHIND;
        }
        if (satellite.isLast(last) || satellite.making().equals(last)) {
            return Finding.SAME;
        }
        if (last.number() < satellite.number()) {
            return isOtherEpoch ? Finding.SAME : Finding.CENTRAL_BEHIND;
        }
        return last.number() > satellite.number() + 1
                ? Finding.SATELLITE_BEHIND
                : Finding.TWO_HISTORIES;
    }
}
