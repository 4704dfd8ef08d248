package org.doctorbird.exchange;

import java.util.List;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonLink;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.PushedRecord;

/// A satellite's way to central. Every call may be repeated; an answer that was lost changes
/// nothing but time.
///
/// Every method throws [org.doctorbird.SyncException]: `CENTRAL_UNREACHABLE` or `CENTRAL_FAILED`
/// when it is not known whether central did it, central's own code when it refused.
public interface Link extends ComparisonLink {

    /// A wait is not longer than this: what stands between often cuts silent connections after a
    /// minute.
    int WAIT_SECONDS_MAX = 45;

    /// Begins a cycle.
    Greeting begin(Hello hello);

    /// Goes on under the same id in the place of the database before: this one was restored from a
    /// backup. The next [#begin] is in the new incarnation.
    void resync(UUID incarnation);

    /// Tells which versions this satellite holds or goes on from, also as receipts.
    ///
    /// @return those that central does not know
    List<UnknownVersion> present(String model, List<Receipt> held);

    /// Begins a cycle as soon as there is something to do, or when the time is over.
    ///
    /// @param seconds 1 to [#WAIT_SECONDS_MAX]
    /// @throws org.doctorbird.SyncException `METHOD_UNKNOWN` from a central where nobody can wait
    default Greeting await(Hello hello, int seconds) {
        throw new SyncException(ErrorCode.METHOD_UNKNOWN, "nobody can wait here");
    }

    /// Fetches the plan in force.
    PlanGiven plan();

    /// Reports what came of a [Greeting#order].
    void verified(VerifyReport report);

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

    /// Hands in receipts for withdrawn records: this satellite does not hold them any more.
    ///
    /// @return how many named the current withdrawal
    int acknowledgeWithdrawn(String model, List<Withdrawal> withdrawn);

    /// Searches among central's records.
    ///
    /// @return at most as many as the query says
    List<Found> search(String model, SearchQuery query);

    /// Pins records for this satellite: they, and all that follows them, come with the next cycles.
    ///
    /// @return how many of them central knows; the others are not pinned
    int pin(String model, PinRequest request);

    /// Ends pins of this satellite, and its interest as the creator of the records.
    ///
    /// @return how many were pinned or created here
    int release(String model, List<UUID> uids);

    /// Explains why this satellite should hold a record, or why not.
    ///
    /// @return sentences for people; the same as on central
    List<String> why(String model, UUID uid);
}
