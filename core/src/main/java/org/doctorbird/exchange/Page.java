package org.doctorbird.exchange;

import java.util.List;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.SentRecord;

/// One batch of central's feed.
///
/// @param records in the order of the feed; may be empty
/// @param next the cursor to ask with next time; never before the one that was asked with
/// @param hasMore central has more to give at once
public record Page(List<SentRecord> records, Cursor next, boolean hasMore) {}
