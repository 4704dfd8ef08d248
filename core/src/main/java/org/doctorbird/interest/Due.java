package org.doctorbird.interest;

import java.util.List;
import java.util.UUID;

/// Records of one model whose sets of instances have to be computed anew.
///
/// @param kind which of their two sets
/// @param uids one or more, none twice
public record Due(String model, Kind kind, List<UUID> uids) {

    /// The two sets of a record; see [org.doctorbird.plan.InterestGraph].
    public enum Kind {
        /// Who should hold the record for reasons of its own. All of these come before the first of
        /// the other kind.
        DIRECT,
        /// Who should hold it, also because it comes along with others.
        WHOLE
    }
}
