package org.doctorbird.exchange;

import java.util.Collection;
import java.util.List;
import java.util.Set;
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

    /// Parks records. A record that is parked already is replaced.
    void park(List<KeptRecord> records);

    /// Takes parked records that wait for one of the keys out of the parked ones.
    ///
    /// @param arrived records that are here now
    /// @param limit how many at most; the rest stays parked and is taken by [#takeReady]
    List<KeptRecord> takeParked(Collection<RecordKey> arrived, int limit);

    /// Takes parked records of which nothing is missing any more.
    ///
    /// @param limit how many at most
    List<KeptRecord> takeReady(int limit);

    /// Puts records into quarantine, or replaces them there.
    ///
    /// @param refusals one for each record, in the same order
    void quarantine(List<KeptRecord> records, List<Refused> refusals);

    /// Ends quarantine and parking of records that came through after all.
    ///
    /// @param records those of other senders stay
    void release(Collection<KeptRecord> records);
}
