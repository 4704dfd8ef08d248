package org.doctorbird.exchange;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.comparison.SatelliteSide;
import org.doctorbird.conflict.LocalRecord;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.SentRecord;

/// What a satellite's side needs from its database, beyond [RecordTransaction].
public interface SatelliteTransaction
        extends RecordTransaction, SatelliteSide, ContinuityTransaction {

    /// Changes are counted up to here.
    long WAITING_MAX = 1_000_000;

    /// Ends the transaction with `FENCED` if the lease has passed to somebody else.
    void fence(Lease lease);

    /// Returns a batch of records with empty last_synchronisation, without those that wait for a
    /// later try. Each comes once in a walk from the beginning to the end, in an order of the
    /// store's own choice: preferably that in which they were made, ends last.
    ///
    /// @param from where the batch begins: [Pending#next] of the one before; empty for the first
    Pending pending(ModelShape shape, UidRange range, Optional<String> from, BatchLimit limit);

    /// Returns how many changes wait to be pushed, held ones included.
    ///
    /// @param models those to look at
    /// @return by model, at most [#WAITING_MAX] each; models without any are not in it
    Map<String, Long> waiting(Collection<String> models);

    /// Says that nothing is lost if the computer loses what this transaction has committed: it is
    /// done again then, as after an answer that was lost. So its end needs no flush to the disk.
    /// Not for a transaction that keeps receipts or moves a cursor: central believes both.
    default void needNotLast() {}

    /// Notes central's answers.
    void settle(ModelShape shape, List<? extends Settlement> settlements);

    /// Returns what is held of the records and locks it until the transaction ends.
    ///
    /// @return by uid; unknown records are not in it
    Map<UUID, LocalRecord> lock(ModelShape shape, Collection<UUID> uids);

    /// Keeps local changes that the mode does not let out, whole.
    ///
    /// @param overwrittenBy central's versions that take their place
    void keepRefused(ModelShape shape, Map<LocalRecord, SentRecord> overwrittenBy);

    /// Returns the place in a feed.
    Cursor cursor(String model, Feed feed);

    /// Moves the place in a feed.
    void moveCursor(String model, Feed feed, Cursor next);

    /// Returns all places in feeds.
    List<Place> places();

    /// Moves places forward, set-wise; a place that is further on already stays.
    void moveForward(List<Place> places);

    /// Notes which changes of this satellite wait for a person at central; what was noted before is
    /// forgotten.
    void keepOwnConflicts(List<OwnConflict> conflicts);

    /// Notes records that central withdraws; a later withdrawal of the same record takes the place
    /// of an earlier one.
    void keepWithdrawals(String model, List<Withdrawal> withdrawn);

    /// Forgets withdrawals: the records have come back, or are removed.
    void dropWithdrawals(String model, Collection<UUID> uids);

    /// Returns withdrawals of records without unpushed changes, in the order of their uids, and
    /// locks those records until the transaction ends.
    ///
    /// @param after leaves out this uid and all before it
    List<Withdrawal> dueWithdrawals(ModelShape shape, Optional<UUID> after, int limit);

    /// Returns the models that have withdrawals to carry out.
    Set<String> modelsWithWithdrawals();

    /// Says whether anything is parked, in quarantine, or stored without a reference whose target
    /// was missing: one look, so that a cycle without work need not look at each.
    boolean hasKept();

    /// Keeps the receipts of withdrawals until central has them: stored with the removal.
    void keepWithdrawnReceipts(String model, List<Withdrawal> withdrawn);

    /// Keeps the receipts of one page until central has them: stored with the records, so that none
    /// is lost.
    void keepReceipts(String model, List<Receipt> receipts);

    /// Returns the oldest page of receipts that central does not have yet.
    Optional<ReceiptPage> oldestReceipts(String model);

    /// Forgets a page of receipts that central has.
    void dropReceipts(String model, long page);

    /// Returns the models that have receipts to hand in.
    Set<String> modelsWithReceipts();
}
