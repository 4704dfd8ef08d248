package org.doctorbird.exchange;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.comparison.CentralSide;
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.interest.InterestTransaction;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;

/// What central's side needs from its database, beyond [RecordTransaction].
public interface CentralTransaction extends RecordTransaction, InterestTransaction, CentralSide {

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

    /// Returns the current versions of those of the records that the instance is known to hold,
    /// should hold, and may see: who should hold them is computed and published.
    ///
    /// @return by uid
    Map<UUID, SentRecord> openTo(ModelShape shape, InstanceId instance, Collection<UUID> uids);

    /// Returns the withdrawals of those of the records that the instance is known to hold and
    /// should not.
    List<Withdrawal> withdrawnFrom(ModelShape shape, InstanceId instance, Collection<UUID> uids);

    /// Gives the current versions once more, also to the instances that made them: their answers
    /// could not carry what others had changed.
    void resend(ModelShape shape, Collection<UUID> uids);

    /// Notes that the instance holds these records in their current versions.
    void markHeld(ModelShape shape, InstanceId instance, Collection<UUID> uids);

    /// Notes revisions that were settled without making a version, so that an earlier one that
    /// comes late is recognised.
    ///
    /// @param revisions by uid; a higher one that is noted already stays
    void noteSettled(ModelShape shape, InstanceId from, Map<UUID, Long> revisions);

    /// Lets whoever stores one of these records, which are not here, wait until this transaction
    /// ends. Ends it with `WRITES_COLLIDED` if one has just been stored.
    void keepAbsent(ModelShape shape, Collection<UUID> uids);

    /// Keeps pushes in the conflict list, whole. The same push is kept once; a later one of the
    /// same record and sender takes the place of one that central could not store.
    void keepConflicts(List<Dispute> disputes);

    /// Returns the open conflicts over records that an instance has pushed, oldest first.
    List<OwnConflict> openConflicts(InstanceId from, int limit);

    /// Returns what an instance is to compare and has not reported yet.
    Optional<VerifyOrder> verifyOrder(InstanceId instance);

    /// Notes what came of an order; nothing if there is a later one.
    void noteVerified(InstanceId instance, VerifyReport report);

    /// Returns an entry of the conflict list and locks it until the transaction ends.
    Optional<KeptConflict> conflict(long number);

    /// Notes that an open conflict is settled.
    ///
    /// @param resolution how, such as `central`; no value of the record
    /// @param resolvedBy the version that came of it
    void endConflict(long number, String resolution, Optional<ETag> resolvedBy);

    /// Puts a settled conflict among the open ones again.
    void reopenConflict(long number);

    /// Returns the values that one version replaced, of the fields that it changed.
    Fields replacedBy(RecordKey key, ETag version);

    /// Returns the fields that were changed after a version.
    Set<String> changedSince(RecordKey key, ETag version);

    /// Finds the record that has the unique key for which a push was refused.
    ///
    /// @param reason what refused it; see [Refused#reason]
    Optional<UUID> keyHolder(ModelShape shape, KeptRecord refused, String reason);

    /// Notes that a record, which is not stored here, is the same as one that is. References to it
    /// that were stored as null are completed with the other one.
    void join(RecordKey key, UUID survivor);

    /// Returns revisions that were settled of records, whether or not they are here; see
    /// [#noteSettled].
    ///
    /// @return by uid; records without one are not in it
    Map<UUID, Long> settled(ModelShape shape, InstanceId from, Collection<UUID> uids);

    /// Returns records that were joined with another one.
    ///
    /// @return for those of the keys that were joined the uid of the record that stayed
    Map<RecordKey, UUID> survivors(Collection<RecordKey> keys);

    /// Reads a feed: transactions that are all finished, after the cursor, oldest first.
    ///
    /// [Feed#PULL] gives records that the instance knows and did not write itself, and withdraws
    /// those that it should not hold; [Feed#NEW] gives those that it should hold and does not know.
    /// Of restricted models nothing is given before it is published who should hold it.
    ///
    /// @param newestFirst a field by which [Feed#NEW] orders what it finds within a stretch of the
    ///   feed; the cursor moves on once the stretch has been given and acknowledged
    Page read(
            ModelShape shape,
            InstanceId instance,
            Feed feed,
            Cursor after,
            BatchLimit limit,
            Optional<String> newestFirst);

    /// Sets the instance's bit on each record whose current version the receipt names.
    ///
    /// A receipt for an older version is remembered while the bit is not set: the instance holds
    /// the record, in that version. A living record is given once more by [Feed#NEW]; one that was
    /// deleted or marked since goes to the end of the feed and is given for the sake of that
    /// memory, so that the instance hears of the end, which it may have passed by. A receipt for
    /// the end of a record clears the bit. An instance that should not hold the record any more is
    /// noted as holding it, whatever version it names, so that it hears of the withdrawal.
    ///
    /// @return how many named the current version
    int acknowledge(ModelShape shape, InstanceId instance, List<Receipt> receipts);

    /// Clears the instance's bit on each withdrawn record that nothing has touched since. One that
    /// was touched is given once more, also to the instance that made its version: it may have come
    /// back meanwhile, and the instance has removed its copy.
    ///
    /// @return how many named the current withdrawal
    int acknowledgeWithdrawn(ModelShape shape, InstanceId instance, List<Withdrawal> withdrawn);

    /// Searches records; see [CentralCalls#search]. Each field of the query is one that the plan
    /// allows.
    List<Found> search(ModelShape shape, InstanceId instance, SearchQuery query);

    /// Pins those of the records that are there, and puts them on the list of
    /// [InterestTransaction].
    ///
    /// @return how many
    int pin(ModelShape shape, InstanceId instance, PinRequest request);

    /// Ends pins and the creator's interest, and puts the records on the list of
    /// [InterestTransaction].
    ///
    /// @return how many there were
    int release(ModelShape shape, InstanceId instance, Collection<UUID> uids);

    /// Explains in sentences why an instance should hold a record, or why not, and whether it does.
    List<String> why(ModelShape shape, InstanceId instance, UUID uid);

    /// Returns central's epoch: made when it was installed, and anew whenever its transaction
    /// numbers begin again.
    String epoch();

    /// Returns the transaction below which the feeds give everything: the oldest that may still be
    /// open; if there are restricted models, the published one if that is lower.
    long horizon();

    /// Returns those of the models whose feeds have something for an instance at or after a
    /// transaction number; if much has changed also others, of which nobody looked whom it
    /// concerns.
    ///
    /// Costs one look into an index a model, whatever the size of the store.
    Set<String> changedModels(InstanceId instance, Collection<String> models, long seen);

    /// Returns what is remembered of the database that takes part with this id, and locks it until
    /// the transaction ends.
    ///
    /// @throws org.doctorbird.SyncException `INSTANCE_UNKNOWN`
    Acquaintance acquaintance(InstanceId instance);

    /// Notes that an instance was here. What it holds is noted in central's epoch from now on.
    ///
    /// @param contact which contact it was; empty: it does not count them, and what is remembered
    ///   stays
    /// @param clockOffsetMicros the satellite's clock less central's
    void noteContact(
            InstanceId instance,
            UUID incarnation,
            Optional<Contact> contact,
            long clockOffsetMicros);

    /// Forgets which records the instance holds.
    void forgetHeld(InstanceId instance);

    /// Lets a database go on under an id in the place of the one before. What that one made counts
    /// as made by others from now on, and revisions of the new one are numbered above all of its.
    void readmit(InstanceId instance, UUID incarnation);

    /// Returns what is added to an instance's own revisions, so that no number comes twice although
    /// its database began to count anew.
    long revisionsBefore(InstanceId instance);

    /// Notes that an instance made records which were stored as made by central: as the one that
    /// made them it is interested in them, unless another reason takes over.
    void noteCreator(ModelShape shape, InstanceId instance, Collection<UUID> uids);

    /// Returns those of the versions that are neither current nor in the history, without those
    /// that may be older than it.
    List<UnknownVersion> unknown(ModelShape shape, List<Receipt> versions);
}
