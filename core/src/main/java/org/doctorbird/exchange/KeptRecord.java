package org.doctorbird.exchange;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;

/// A record that was durably received and cannot be stored yet: parked, or in quarantine.
///
/// @param key the record
/// @param from the instance that sent it
/// @param etag the version if central sent it
/// @param base the base ETag if a satellite pushed it
/// @param revision the satellite's revision if it pushed it, else 0
/// @param fields with their full values
/// @param isDeleted the message was a deletion
/// @param waitsFor when parked the records it refers to that are missing; in quarantine those whose
///   change makes another try worthwhile: all that it refers to, and the record itself
/// @param user see [PushedRecord]; empty if central sent it
public record KeptRecord(
        RecordKey key,
        InstanceId from,
        Optional<ETag> etag,
        Optional<ETag> base,
        long revision,
        Fields fields,
        boolean isDeleted,
        List<RecordKey> waitsFor,
        Optional<String> user) {

    /// Later than every version.
    private static final ETag LAST = new ETag(Long.MAX_VALUE);

    /// Keeps a push.
    public static KeptRecord of(
            String model, InstanceId from, PushedRecord pushed, List<RecordKey> waitsFor) {
        return new KeptRecord(
                new RecordKey(model, pushed.uid()),
                from,
                Optional.empty(),
                pushed.base(),
                pushed.revision(),
                pushed.fields(),
                pushed.isDeleted(),
                waitsFor,
                pushed.user());
    }

    /// Keeps a version that central sent.
    public static KeptRecord of(String model, SentRecord sent, List<RecordKey> waitsFor) {
        return new KeptRecord(
                new RecordKey(model, sent.uid()),
                InstanceId.CENTRAL,
                Optional.of(sent.etag()),
                Optional.empty(),
                0,
                sent.fields(),
                sent.isDeleted(),
                waitsFor,
                Optional.empty());
    }

    /// Stands for whatever central sent of a record.
    static KeptRecord anySent(String model, UUID uid) {
        return of(model, new SentRecord(uid, LAST, Fields.NONE, true), List.of());
    }

    /// Returns the record's uid.
    public UUID uid() {
        return key.uid();
    }

    /// Returns the push that was kept.
    public PushedRecord asPushed() {
        return new PushedRecord(key.uid(), base, revision, fields, isDeleted, user);
    }

    /// Returns the version that was kept.
    public SentRecord asSent() {
        return new SentRecord(key.uid(), etag.orElseThrow(), fields, isDeleted);
    }

    /// Returns the key only: values may be a patient's.
    @Override
    public String toString() {
        return key.toString();
    }
}
