package org.doctorbird.exchange;

import java.util.List;
import java.util.Optional;
import org.doctorbird.record.PushedRecord;

/// A batch of changes that wait to be pushed.
///
/// @param next where the following batch begins, in the store's own words and for one walk through
///   the changes; empty if nothing follows
public record Pending(List<PushedRecord> records, Optional<String> next) {

    /// Nothing waits.
    public static final Pending NONE = new Pending(List.of(), Optional.empty());

    public Pending {
        records = List.copyOf(records);
    }
}
