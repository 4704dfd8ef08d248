package org.doctorbird.exchange;

import java.util.List;
import java.util.UUID;
import org.doctorbird.comparison.ComparisonCalls;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;

/// What central answers. The caller is who has logged in; it is never taken from the message.
///
/// Every method throws [org.doctorbird.SyncException] with the code that the caller is told, among
/// them `MODEL_UNKNOWN`.
public interface CentralCalls extends ComparisonCalls {

    /// Returns the fields of a model, which decide how values look on the wire.
    ModelShape shape(String model);

    /// Begins a satellite's cycle.
    Greeting begin(InstanceId caller, Hello hello);

    /// Lets a database go on under the caller's id in the place of the one before.
    ///
    /// @throws org.doctorbird.SyncException `INSTANCE_TAKEN` for an incarnation whose place another
    ///   one has taken
    void resync(InstanceId caller, UUID incarnation);

    /// Takes what the caller holds or goes on from, also as receipts.
    ///
    /// @return versions that central does not know
    List<UnknownVersion> present(InstanceId caller, String model, List<Receipt> held);

    /// Hands out the plan in force.
    PlanGiven plan(InstanceId caller);

    /// Takes the report of a [Greeting#order]. One of another order changes nothing.
    void verified(InstanceId caller, VerifyReport report);

    /// Takes changes of one model.
    ///
    /// @param records 0 to the model's batch size; a uid twice is malformed
    /// @return one answer for each, in the same order
    List<PushAnswer> push(InstanceId caller, String model, List<PushedRecord> records);

    /// Gives the next batch of a feed.
    Page read(InstanceId caller, String model, Feed feed, Cursor after, BatchLimit limit);

    /// Takes receipts.
    ///
    /// @return how many of them named the current version
    int acknowledge(InstanceId caller, String model, List<Receipt> receipts);

    /// Takes receipts for withdrawn records.
    ///
    /// @return how many of them named the current withdrawal
    int acknowledgeWithdrawn(InstanceId caller, String model, List<Withdrawal> withdrawn);

    /// Searches among all records of a model that the plan allows to be searched.
    ///
    /// @return at most as many as the query says, with the fields that the plan allows to be shown
    List<Found> search(InstanceId caller, String model, SearchQuery query);

    /// Pins records for the caller.
    ///
    /// @return how many of them central knows
    int pin(InstanceId caller, String model, PinRequest request);

    /// Ends the caller's pins and its interest as the creator of the records.
    ///
    /// @return how many were pinned or created by the caller
    int release(InstanceId caller, String model, List<UUID> uids);

    /// Explains why the caller should hold a record, or why not.
    List<String> why(InstanceId caller, String model, UUID uid);

    /// Gives the withdrawals of those of the records that the caller is known to hold and should
    /// not.
    List<Withdrawal> withdrawn(InstanceId caller, String model, List<Receipt> known);

    /// Gives the current versions of those of the records that the caller is known to hold in
    /// another version: the first engine's pull.
    List<SentRecord> changed(InstanceId caller, String model, List<Receipt> known);

    /// Gives records that the caller should hold and does not: the first engine's new. The same
    /// come again until their receipts are in.
    List<SentRecord> fresh(InstanceId caller, String model);
}
