package org.doctorbird.exchange;

import java.util.List;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.PushedRecord;

/// A satellite's way to central. Every call may be repeated; an answer that was lost changes
/// nothing but time.
///
/// Every method throws [org.doctorbird.SyncException]: `CENTRAL_UNREACHABLE` or `CENTRAL_FAILED`
/// when it is not known whether central did it, central's own code when it refused.
public interface Link {

    /// Begins a cycle.
    Greeting begin(Hello hello);

    /// Fetches the plan in force.
    PlanGiven plan();

    /// Pushes changes of one model.
    ///
    /// @return one answer for each record, in the same order
    List<PushAnswer> push(String model, List<PushedRecord> records);

    /// Reads the next batch of a feed.
    Page read(String model, Feed feed, Cursor after, BatchLimit limit);

    /// Hands in receipts for new records.
    ///
    /// @return how many of them named the current version; the others come again
    int acknowledge(String model, List<Receipt> receipts);
}
