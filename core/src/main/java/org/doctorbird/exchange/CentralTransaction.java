package org.doctorbird.exchange;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;

/// What central's side needs from its database, beyond [RecordTransaction].
public interface CentralTransaction extends RecordTransaction {

    /// Returns central's clock as an ETag.
    ETag now();

    /// Returns what is held of the pushed records and locks it until the transaction ends, so that
    /// a second push of the same records waits.
    ///
    /// @return by uid; unknown records are not in it
    Map<UUID, CentralRecord> lock(
            ModelShape shape, InstanceId from, Collection<PushedRecord> pushed);

    /// Returns the current versions of records.
    ///
    /// @return by uid; unknown records are not in it, those whose row is gone come as deleted
    Map<UUID, SentRecord> current(ModelShape shape, Collection<UUID> uids);

    /// Returns those of the records that the instance is known to hold.
    Set<UUID> heldBy(ModelShape shape, InstanceId instance, Collection<UUID> uids);

    /// Notes that the instance holds these records in their current versions.
    void markHeld(ModelShape shape, InstanceId instance, Collection<UUID> uids);

    /// Notes revisions that were settled without making a version, so that an earlier one that
    /// comes late is recognised.
    ///
    /// @param revisions by uid; a higher one that is noted already stays
    void noteSettled(ModelShape shape, InstanceId from, Map<UUID, Long> revisions);

    /// Keeps pushes that lost a dispute, whole. The same push is kept once.
    ///
    /// @param records the pushes
    /// @param disputed the disputed fields of each, in the same order; none for a deletion
    void keepConflicts(List<KeptRecord> records, List<Set<String>> disputed);

    /// Reads a feed: transactions that are all finished, after the cursor, oldest first.
    ///
    /// [Feed#PULL] gives records that the instance knows and did not write itself, [Feed#NEW] those
    /// that it should hold and does not know.
    Page read(ModelShape shape, InstanceId instance, Feed feed, Cursor after, BatchLimit limit);

    /// Sets the instance's bit on each record whose current version the receipt names.
    ///
    /// A receipt for an older version is remembered while the bit is not set: the instance holds
    /// the record, in that version. A living record is given once more by [Feed#NEW]; one that was
    /// deleted or marked since is given for the sake of that memory, so that the instance hears of
    /// the end.
    ///
    /// @return how many named the current version
    int acknowledge(ModelShape shape, InstanceId instance, List<Receipt> receipts);

    /// Returns central's epoch: made when it was installed, and anew whenever its transaction
    /// numbers begin again.
    String epoch();

    /// Returns the oldest transaction that may still be open; everything below it is finished and
    /// visible.
    long horizon();

    /// Returns those of the models that have changes at or after a transaction number.
    ///
    /// Costs one look into an index a model, whatever the size of the store.
    Set<String> changedModels(Collection<String> models, long seen);

    /// Returns the incarnation that took part with this id last; empty before the first contact.
    ///
    /// @throws org.doctorbird.SyncException `INSTANCE_UNKNOWN`
    Optional<UUID> incarnation(InstanceId instance);

    /// Notes that an instance was here.
    ///
    /// @param clockOffsetMicros the satellite's clock less central's
    void noteContact(InstanceId instance, UUID incarnation, long clockOffsetMicros);
}
