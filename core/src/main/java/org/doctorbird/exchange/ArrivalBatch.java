package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.conflict.Arrival;
import org.doctorbird.conflict.ArrivalRule;
import org.doctorbird.conflict.LocalRecord;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;

/// Receives versions that central sent, inside one transaction of the satellite. Used once.
final class ArrivalBatch {

    private final SatelliteTransaction transaction;
    private final ModelPlan plan;
    private final ModelShape shape;
    private final ExchangeListener listener;

    ArrivalBatch(
            SatelliteTransaction transaction,
            ModelPlan plan,
            ModelShape shape,
            ExchangeListener listener) {
        this.transaction = transaction;
        this.plan = plan;
        this.shape = shape;
        this.listener = listener;
    }

    /// Stores what can be stored, parks what must wait, and keeps in quarantine what the database
    /// refuses: in each case the satellite durably holds the version afterwards.
    ///
    /// @param held locked
    Retried take(List<SentRecord> records, Map<UUID, LocalRecord> held) {
        var split =
                Waiting.split(
                        shape,
                        withoutDropped(records),
                        SentRecord::uid,
                        SentRecord::fields,
                        transaction::present);
        if (!split.waiting().isEmpty()) {
            transaction.park(
                    split.waiting().stream()
                            .map(wait ->
                                    KeptRecord.of(shape.model(), wait.record(), wait.missing()))
                            .toList());
        }
        var writes = new LinkedHashMap<UUID, Write>();
        var refusedLocals = new HashMap<LocalRecord, SentRecord>();
        var settlements = new ArrayList<Settlement>();
        Map<UUID, SentRecord> sentByUid = new HashMap<>();
        for (SentRecord sent : split.complete()) {
            sentByUid.put(sent.uid(), sent);
            decide(
                    sent,
                    Optional.ofNullable(held.get(sent.uid())),
                    writes,
                    refusedLocals,
                    settlements);
        }
        if (!refusedLocals.isEmpty()) {
            transaction.keepRefused(shape, refusedLocals);
        }
        if (!settlements.isEmpty()) {
            transaction.settle(shape, settlements);
        }
        return store(writes, sentByUid).plus(new Retried(0, 0, split.waiting().size()));
    }

    private List<SentRecord> withoutDropped(List<SentRecord> records) {
        Map<UUID, DroppedVersion> dropped =
                transaction.dropped(
                        shape.model(),
                        InstanceId.CENTRAL,
                        records.stream().map(SentRecord::uid).toList());
        return dropped.isEmpty()
                ? records
                : records.stream().filter(sent -> !isDropped(sent, dropped)).toList();
    }

    private static boolean isDropped(SentRecord sent, Map<UUID, DroppedVersion> dropped) {
        DroppedVersion version = dropped.get(sent.uid());
        return version != null && version.covers(sent);
    }

    private void decide(
            SentRecord sent,
            Optional<LocalRecord> local,
            Map<UUID, Write> writes,
            Map<LocalRecord, SentRecord> refusedLocals,
            List<Settlement> settlements) {
        switch (ArrivalRule.decide(local, sent, plan.mode())) {
            case Arrival.Insert _ -> writes.put(sent.uid(), write(sent));
            case Arrival.Overwrite _ -> writes.put(sent.uid(), write(sent));
            case Arrival.AlreadyHeld _ -> {}
            case Arrival.Adopt _ ->
                    settlements.add(
                            new Settlement.InStep(
                                    sent.uid(), local.orElseThrow().revision(), sent.etag()));
            case Arrival.LeaveForPush _ -> {}
            case Arrival.RefuseLocal _ -> {
                refusedLocals.put(local.orElseThrow(), sent);
                writes.put(
                        sent.uid(),
                        sent.isDeleted()
                                ? new Write.DeleteAtSatellite(sent.uid(), sent.etag())
                                : write(sent));
            }
            case Arrival.Delete _ ->
                    writes.put(sent.uid(), new Write.DeleteAtSatellite(sent.uid(), sent.etag()));
        }
    }

    /// A field that this satellite's table lacks is left out; central keeps its value.
    private Write write(SentRecord sent) {
        return new Write.AtSatellite(
                sent.uid(), sent.fields().only(shape.names().list()), sent.etag());
    }

    private Retried store(Map<UUID, Write> writes, Map<UUID, SentRecord> sentByUid) {
        List<Refused> refused =
                writes.isEmpty()
                        ? List.of()
                        : transaction.apply(shape, List.copyOf(writes.values()));
        var quarantined = new ArrayList<KeptRecord>();
        var refusals = new ArrayList<Refused>();
        var parked = new ArrayList<KeptRecord>();
        List<List<RecordKey>> missingOfAll =
                Waiting.missing(
                        shape,
                        refused.stream().map(refusal -> mayMiss(refusal, sentByUid)).toList(),
                        transaction::present);
        for (int i = 0; i < refused.size(); i++) {
            Refused refusal = refused.get(i);
            List<RecordKey> missing = missingOfAll.get(i);
            SentRecord sent = Objects.requireNonNull(sentByUid.remove(refusal.uid()));
            if (sent.isDeleted()) {
                // Something here still refers to the record; its own end may be on the way.
                parked.add(KeptRecord.of(shape.model(), sent, List.of()));
            } else if (missing.isEmpty()) {
                quarantined.add(
                        KeptRecord.of(
                                shape.model(),
                                sent,
                                Waiting.worthwhile(shape, sent.uid(), sent.fields())));
                refusals.add(refusal);
                listener.recordKept(
                        shape.model(),
                        sent.uid(),
                        InstanceId.CENTRAL,
                        refusal.code(),
                        refusal.reason());
            } else {
                parked.add(KeptRecord.of(shape.model(), sent, missing));
            }
        }
        if (!quarantined.isEmpty()) {
            transaction.quarantine(quarantined, refusals);
        }
        if (!parked.isEmpty()) {
            transaction.park(parked);
        }
        release(sentByUid.values());
        makeDue(writes.keySet(), sentByUid);
        return new Retried(sentByUid.size(), quarantined.size(), parked.size());
    }

    /// Only a missing reference needs another look at the references.
    private static Fields mayMiss(Refused refusal, Map<UUID, SentRecord> sentByUid) {
        return refusal.code() == ErrorCode.REFERENCE_MISSING
                ? Objects.requireNonNull(sentByUid.get(refusal.uid())).fields()
                : Fields.NONE;
    }

    /// @param settled those whose version was not refused
    private void makeDue(Collection<UUID> written, Map<UUID, SentRecord> settled) {
        List<RecordKey> stored =
                written.stream()
                        .filter(settled::containsKey)
                        .map(uid -> new RecordKey(shape.model(), uid))
                        .toList();
        if (!stored.isEmpty()) {
            transaction.makeDue(stored);
        }
    }

    /// An earlier version of a record may still be parked or in quarantine; this one takes its
    /// place, also when it is the end of a record that was never stored here.
    private void release(Collection<SentRecord> settled) {
        if (!settled.isEmpty()) {
            transaction.release(
                    settled.stream()
                            .map(sent -> KeptRecord.of(shape.model(), sent, List.of()))
                            .toList());
        }
    }
}
