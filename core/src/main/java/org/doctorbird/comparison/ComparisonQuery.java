package org.doctorbird.comparison;

import java.util.List;
import java.util.Optional;

/// What a satellite asks central about one model, always of the records only that it is known to
/// hold.
///
/// @param model the model's name
/// @param content the fields whose values count, in any order; empty: only uids and ETags count
/// @param prefixes which uids; none: all, as one set
public record ComparisonQuery(
        String model, Optional<List<String>> content, List<UidPrefix> prefixes) {

    /// Prefixes in one query.
    public static final int PREFIXES_MAX = 64;

    /// Queries in one request.
    public static final int QUERIES_MAX = 1_000;

    public ComparisonQuery {
        content = content.map(List::copyOf);
        prefixes = List.copyOf(prefixes);
    }

    /// The same query of these uids.
    public ComparisonQuery of(List<UidPrefix> other) {
        return new ComparisonQuery(model, content, other);
    }

    /// Returns how many fingerprints the answer has.
    public int answers() {
        return prefixes.isEmpty() ? 1 : UidPrefix.WAYS * prefixes.size();
    }
}
