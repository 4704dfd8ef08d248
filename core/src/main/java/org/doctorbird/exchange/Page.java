package org.doctorbird.exchange;

import java.util.List;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.SentRecord;

/// One batch of central's feed.
///
/// @param records in the order of the feed; may be empty
/// @param withdrawn records that the instance should remove, in the order of the feed; only in
///   [Feed#PULL]
/// @param next the cursor to ask with next time; never before the one that was asked with
/// @param hasMore central has more to give at once
public record Page(
        List<SentRecord> records, List<Withdrawal> withdrawn, Cursor next, boolean hasMore) {

    /// A batch without withdrawals.
    public Page(List<SentRecord> records, Cursor next, boolean hasMore) {
        this(records, List.of(), next, hasMore);
    }

    /// Says whether there is nothing in it.
    public boolean isEmpty() {
        return records.isEmpty() && withdrawn.isEmpty();
    }

    /// Returns how many records it speaks of.
    public int size() {
        return records.size() + withdrawn.size();
    }
}
