package org.doctorbird.conflict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.record.ETag;

/// The versions of a record after a base.
///
/// @param versions oldest first
/// @param isComplete the versions follow each other without a gap, from the base to the current
///   one. If not, rows of the history have ended since, and nobody knows what they told
public record MadeSince(List<VersionMade> versions, boolean isComplete) {

    public MadeSince {
        versions = List.copyOf(versions);
    }

    /// Follows the history from a base to the current version.
    ///
    /// The record's first version has replaced none, so that no row tells of it but the one that
    /// replaced it. It counts as one with all fields.
    ///
    /// @param base empty: from the beginning
    /// @param current the current version; its fields are not looked at
    /// @param history the rows after the base, oldest first
    /// @param forgotten rows of versions up to this one may have ended; `ETag(0)`: none has
    /// @param all the names of the record's fields
    public static MadeSince of(
            Optional<ETag> base,
            VersionMade current,
            List<VersionReplaced> history,
            ETag forgotten,
            Set<String> all) {
        VersionMade oldest = oldest(current, history, all);
        boolean isComplete =
                base.map(from -> !oldest.etag().isAfter(from))
                        .orElse(oldest.etag().isAfter(forgotten));
        var made = new ArrayList<VersionMade>();
        if (base.isEmpty() || oldest.etag().isAfter(base.get())) {
            made.add(oldest);
        }
        ETag last = oldest.etag();
        for (VersionReplaced row : history) {
            isComplete = isComplete && row.replaced().equals(last);
            made.add(row.made());
            last = row.made().etag();
        }
        return new MadeSince(made, isComplete && last.equals(current.etag()));
    }

    private static VersionMade oldest(
            VersionMade current, List<VersionReplaced> history, Set<String> all) {
        if (history.isEmpty()) {
            return new VersionMade(current.etag(), current.origin(), current.revision(), all);
        }
        VersionReplaced first = history.getFirst();
        return new VersionMade(
                first.replaced(), first.replacedOrigin(), first.replacedRevision(), all);
    }
}
