package org.doctorbird.exchange;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;

/// What both sides need from their database. Everything of one transaction is stored together or
/// not at all.
///
/// Each method takes a fixed number of statements, whatever the number of records.
public interface RecordTransaction {

    /// Returns those of the keys whose rows are here.
    ///
    /// @param keys of models of the plan; others are never present
    Set<RecordKey> present(Collection<RecordKey> keys);

    /// Stores records of one model and their companions.
    ///
    /// References are resolved by uid, also to records of the same batch. One that is missing and
    /// nullable is stored as null, remembered, and completed by the `apply` that stores its target;
    /// reading the record gives the target's uid all the same.
    ///
    /// @param writes no uid twice
    /// @return the records that the database refused; nothing of them was stored. Everything else
    ///   was
    List<Refused> apply(ModelShape shape, List<? extends Write> writes);

    /// Parks records. What is parked or in quarantine of the same record from the same sender is
    /// replaced; if that is a later version, it stays and nothing is parked.
    void park(List<KeptRecord> records);

    /// Takes parked records that wait for one of the keys out of the parked ones.
    ///
    /// @param arrived records that are here now
    /// @param limit how many at most; the rest stays parked and is taken by [#takeReady]
    List<KeptRecord> takeParked(Collection<RecordKey> arrived, int limit);

    /// Takes parked records of which nothing is missing any more, and pushes that a later one has
    /// settled: two transactions may park and settle at the same time.
    ///
    /// @param limit how many at most
    List<KeptRecord> takeReady(int limit);

    /// Puts records into quarantine. What is parked or in quarantine of the same record from the
    /// same sender is replaced; if that is a later version, it stays and nothing is kept. The next
    /// try of a version that was there before comes after a longer pause, see [BackOff].
    ///
    /// @param refusals one for each record, in the same order
    void quarantine(List<KeptRecord> records, List<Refused> refusals);

    /// Makes due what is in quarantine and waits for one of the keys, see [KeptRecord#waitsFor].
    /// Dropped records are never due.
    ///
    /// @param changed records that were stored just now
    /// @return how many
    int makeDue(Collection<RecordKey> changed);

    /// Returns the models that have records in quarantine which are due, also models that the plan
    /// does not have any more.
    Set<String> modelsDue();

    /// Reads records of one model in quarantine that are due and that no other transaction tries,
    /// longest due first, and locks them there. They are due again after their pause, whatever
    /// comes of the try.
    ///
    /// @param limit how many at most; fewer if they are large
    List<KeptRecord> takeDue(String model, int limit);

    /// Reads chosen records in quarantine, due or not, and locks them there; one that was dropped
    /// is not dropped any more.
    ///
    /// @param after where the last batch ended
    /// @param limit how many at most; fewer if they are large
    /// @return in the order of uid and sender
    List<KeptRecord> takeChosen(QuarantineChoice choice, Optional<KeptRecord> after, int limit);

    /// Returns what was dropped from quarantine of these records.
    ///
    /// @param from who sent them
    /// @return by uid
    Map<UUID, DroppedVersion> dropped(String model, InstanceId from, Collection<UUID> uids);

    /// Ends quarantine and parking of records that came through after all.
    ///
    /// @param records later versions of them stay, and those of other senders
    void release(Collection<KeptRecord> records);
}
