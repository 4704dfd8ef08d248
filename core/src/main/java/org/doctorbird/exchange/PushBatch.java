package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.conflict.PushContext;
import org.doctorbird.conflict.PushRule;
import org.doctorbird.conflict.Verdict;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.ETag;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;

/// One batch of one sender, taken inside one transaction of central. Used once.
final class PushBatch {

    private static final String GONE = "deleted at central";

    /// A version that stands over a push.
    ///
    /// @param isMerged the push went in whole
    /// @param isOpen the pusher may see the version
    private record Standing(boolean isMerged, boolean isOpen) {}

    private final CentralTransaction transaction;
    private final CentralModels models;
    private final ExchangeListener listener;
    private final Pusher pusher;
    private final InstanceId from;
    private final ModelShape shape;
    private final Set<String> allFields;
    private final List<FieldShape> references;
    private final Set<RecordKey> stored = new LinkedHashSet<>();
    private final PushOutcomes outcomes;
    private Map<UUID, Long> settledBefore = Map.of();
    private int madeDue;

    PushBatch(
            CentralTransaction transaction,
            CentralModels models,
            ExchangeListener listener,
            Pusher pusher,
            ModelShape shape) {
        this.transaction = transaction;
        this.models = models;
        this.listener = listener;
        this.pusher = pusher;
        this.from = pusher.instance();
        this.shape = shape;
        this.allFields = Set.copyOf(shape.names().list());
        this.references = shape.references();
        this.outcomes =
                new PushOutcomes(
                        transaction,
                        listener,
                        pusher,
                        shape,
                        models.graph().isRestricted(shape.model()));
    }

    /// Returns the records whose rows were stored.
    Set<RecordKey> stored() {
        return stored;
    }

    /// Returns how many records in quarantine waited for what was stored, and are due now.
    int madeDue() {
        return madeDue;
    }

    /// Returns what became of the records.
    Retried retried() {
        return outcomes.retried();
    }

    void refuse(List<PushedRecord> records, ErrorCode code, String reason) {
        withoutDropped(records).forEach(pushed -> outcomes.reject(pushed, code, reason, ""));
        outcomes.keepQuarantined();
    }

    List<PushAnswer> take(List<PushedRecord> records) {
        List<PushedRecord> known = withoutUnknownFields(withoutJoined(withoutDropped(records)));
        List<Waiting.Wait<PushedRecord>> waiting = waiting(known);
        Map<UUID, CentralRecord> held = transaction.lock(shape, from, known);
        List<UUID> unknown =
                known.stream()
                        .map(PushedRecord::uid)
                        .filter(uid -> !held.containsKey(uid))
                        .toList();
        if (!unknown.isEmpty()) {
            settledBefore = transaction.settled(shape, from, unknown);
        }
        Map<UUID, PushedRecord> byUid = byUid(known);
        var writes = new ArrayList<Write>();
        var standing = new TreeMap<UUID, Standing>(org.doctorbird.record.Uids.ORDER);
        ETag now = transaction.now();
        for (PushedRecord pushed : withoutWaiting(known, waiting, held, now)) {
            decide(pushed, Optional.ofNullable(held.get(pushed.uid())), now, writes, standing);
        }
        keepAbsent(unknown, byUid);
        store(writes, byUid);
        noteNew(unknown, byUid);
        answerStanding(standing);
        outcomes.keepAll();
        if (!stored.isEmpty()) {
            madeDue = transaction.makeDue(stored);
        }
        return outcomes.answers(records);
    }

    List<PushAnswer> answers(List<PushedRecord> records) {
        return outcomes.answers(records);
    }

    private List<PushedRecord> withoutDropped(List<PushedRecord> records) {
        Map<UUID, DroppedVersion> dropped =
                transaction.dropped(
                        shape.model(), from, records.stream().map(PushedRecord::uid).toList());
        if (dropped.isEmpty()) {
            return records;
        }
        var others = new ArrayList<PushedRecord>(records.size());
        for (PushedRecord pushed : records) {
            DroppedVersion version = dropped.get(pushed.uid());
            if (version != null && version.covers(pushed)) {
                outcomes.answer(
                        new PushAnswer.Rejected(
                                pushed.uid(), ErrorCode.DROPPED, "dropped from quarantine"));
            } else {
                others.add(pushed);
            }
        }
        return others;
    }

    /// Records that were joined with others are answered so; references to them are led to the
    /// records that stay.
    private List<PushedRecord> withoutJoined(List<PushedRecord> records) {
        var keys = new LinkedHashSet<RecordKey>();
        records.forEach(pushed -> {
            keys.add(CentralExchange.key(shape, pushed.uid()));
            keys.addAll(Waiting.targets(references, pushed.fields()));
        });
        Map<RecordKey, UUID> survivors = transaction.survivors(keys);
        if (survivors.isEmpty()) {
            return records;
        }
        var left = new ArrayList<PushedRecord>(records.size());
        for (PushedRecord pushed : records) {
            UUID survivor = survivors.get(CentralExchange.key(shape, pushed.uid()));
            if (survivor == null) {
                left.add(redirected(pushed, survivors));
            } else {
                outcomes.answer(new PushAnswer.Joined(pushed.uid(), survivor));
                outcomes.settle(pushed);
            }
        }
        return left;
    }

    private PushedRecord redirected(PushedRecord pushed, Map<RecordKey, UUID> survivors) {
        Map<String, String> led = new LinkedHashMap<>();
        for (FieldShape field : references) {
            Waiting.targets(List.of(field), pushed.fields())
                    .forEach(target -> {
                        UUID survivor = survivors.get(target);
                        if (survivor != null) {
                            led.put(field.name(), survivor.toString());
                        }
                    });
        }
        return led.isEmpty() ? pushed : pushed.with(pushed.fields().overlaid(Fields.of(led)));
    }

    private List<PushedRecord> withoutUnknownFields(List<PushedRecord> records) {
        var known = new ArrayList<PushedRecord>(records.size());
        for (PushedRecord pushed : records) {
            Optional<String> unknown =
                    pushed.fields().names().list().stream()
                            .filter(name -> shape.field(name).isEmpty())
                            .findFirst();
            if (unknown.isPresent()) {
                outcomes.reject(pushed, ErrorCode.FIELD_UNKNOWN, "no such field", "");
            } else {
                known.add(pushed);
            }
        }
        return known;
    }

    private List<Waiting.Wait<PushedRecord>> waiting(List<PushedRecord> records) {
        return Waiting.split(
                        shape,
                        records,
                        PushedRecord::uid,
                        PushedRecord::fields,
                        transaction::present)
                .waiting();
    }

    /// Parks what waits, but nothing that a later push has settled already: it may wait for ever,
    /// as for a record that its satellite has deleted since.
    private List<PushedRecord> withoutWaiting(
            List<PushedRecord> records,
            List<Waiting.Wait<PushedRecord>> waiting,
            Map<UUID, CentralRecord> held,
            ETag now) {
        if (waiting.isEmpty()) {
            return records;
        }
        Map<UUID, PushedRecord> left = byUid(records);
        for (Waiting.Wait<PushedRecord> wait : waiting) {
            PushedRecord pushed = wait.record();
            if (!isPast(verdict(Optional.ofNullable(held.get(pushed.uid())), pushed, now))) {
                outcomes.park(pushed, wait.missing());
                left.remove(pushed.uid());
            }
        }
        return List.copyOf(left.values());
    }

    private static Map<UUID, PushedRecord> byUid(List<PushedRecord> records) {
        var byUid = new LinkedHashMap<UUID, PushedRecord>();
        records.forEach(pushed -> byUid.put(pushed.uid(), pushed));
        return byUid;
    }

    private static boolean isPast(Verdict verdict) {
        return verdict instanceof Verdict.AlreadyHeld || verdict instanceof Verdict.AskForWhole;
    }

    private void decide(
            PushedRecord pushed,
            Optional<CentralRecord> held,
            ETag now,
            List<Write> writes,
            Map<UUID, Standing> standing) {
        Optional<ETag> etag = held.map(CentralRecord::etag);
        boolean isOpen = held.map(CentralRecord::isOpen).orElse(true);
        boolean isNewOpen = isOpen && !models.graph().isRestricted(shape.model());
        switch (verdict(held, pushed, now)) {
            case Verdict.Insert _ -> writes.add(write(pushed, allFields, now, false));
            case Verdict.AlreadyHeld(boolean isCurrent) -> {
                if (isCurrent && isNoted(held)) {
                    outcomes.answer(new PushAnswer.Accepted(pushed.uid(), etag.orElse(now)));
                } else {
                    standing.put(pushed.uid(), new Standing(false, isOpen));
                }
                outcomes.settle(pushed);
            }
            case Verdict.Update(Set<String> fields, boolean isWhole) -> {
                writes.add(write(pushed, fields, ETag.next(etag, now), false));
                if (!isWhole) {
                    standing.put(pushed.uid(), new Standing(true, isNewOpen));
                }
            }
            case Verdict.Conflict conflict -> {
                outcomes.dispute(pushed, conflict);
                Fields changes = conflict.stored();
                boolean isOpenStill = changes.names().size() == 0 ? isOpen : isNewOpen;
                standing.put(pushed.uid(), new Standing(isWhole(conflict), isOpenStill));
                if (changes.names().size() == 0) {
                    outcomes.settle(pushed);
                } else {
                    Set<String> names = Set.copyOf(changes.names().list());
                    writes.add(write(pushed.with(changes), names, ETag.next(etag, now), false));
                }
            }
            case Verdict.DeletionConflict(boolean isSettled) -> {
                outcomes.dispute(
                        pushed, Dispute.Kind.DELETION, "deleted there, changed since", !isSettled);
                standing.put(pushed.uid(), new Standing(false, isOpen));
                outcomes.settle(pushed);
            }
            case Verdict.RevivalConflict(boolean isSettled) ->
                    decideRevival(pushed, isSettled, new Standing(false, isOpen), standing);
            case Verdict.Delete _ -> writes.add(end(pushed, ETag.next(etag, now)));
            case Verdict.MarkDeleted _ ->
                    writes.add(write(pushed, Set.of(), ETag.next(etag, now), true));
            case Verdict.AskForWhole _ ->
                    outcomes.answer(new PushAnswer.AskedForWhole(pushed.uid()));
            case Verdict.Reject(ErrorCode code) -> outcomes.reject(pushed, code, "rejected", "");
        }
    }

    /// The satellite keeps its copy until a person has settled it.
    private void decideRevival(
            PushedRecord pushed, boolean isSettled, Standing stands, Map<UUID, Standing> standing) {
        outcomes.dispute(pushed, Dispute.Kind.REVIVAL, GONE, !isSettled);
        if (isSettled) {
            standing.put(pushed.uid(), stands);
            outcomes.settle(pushed);
        } else {
            outcomes.hold(pushed, ErrorCode.DELETED_AT_CENTRAL, GONE);
        }
    }

    private Verdict verdict(Optional<CentralRecord> held, PushedRecord pushed, ETag now) {
        return held.map(record -> PushRule.decide(record, pushed, context(now)))
                .orElseGet(() ->
                        PushRule.decideUnknown(
                                pushed, settledBefore.getOrDefault(pushed.uid(), 0L)));
    }

    private PushContext context(ETag now) {
        return new PushContext(
                from, models.deletes(shape.model()), models.conflicts(shape.model()), now);
    }

    /// Says whether nothing of the push has lost.
    private static boolean isWhole(Verdict.Conflict conflict) {
        return conflict.open().isEmpty()
                && conflict.settled().entrySet().stream()
                        .allMatch(field ->
                                field.getValue() == Policy.APPEND
                                        || conflict.stored().has(field.getKey()));
    }

    /// Says whether central knows that the satellite holds the record. Where records are withdrawn
    /// it has to: else the answer carries the version, and the satellite acknowledges it.
    private boolean isNoted(Optional<CentralRecord> held) {
        return !models.graph().isRestricted(shape.model())
                || held.isEmpty()
                || held.get().isHeld()
                || held.get().isRowGone();
    }

    private Write end(PushedRecord pushed, ETag etag) {
        return new Write.DeleteAtCentral(
                pushed.uid(), etag, pusher.origin(), pushed.revision(), pushed.user());
    }

    private Write write(PushedRecord pushed, Set<String> changed, ETag etag, boolean marksDeleted) {
        return new Write.AtCentral(
                pushed.uid(),
                changed.size() == allFields.size()
                        ? pushed.fields()
                        : pushed.fields().only(changed),
                changed,
                etag,
                pusher.origin(),
                pushed.revision(),
                marksDeleted,
                pushed.user(),
                pushed.age().map(_ -> pushed.edited(etag)));
    }

    private void store(List<Write> writes, Map<UUID, PushedRecord> byUid) {
        Map<UUID, Refused> found = new HashMap<>();
        transaction.apply(shape, writes).forEach(refusal -> found.put(refusal.uid(), refusal));
        keepRefused(found, byUid);
        for (Write write : writes) {
            PushedRecord pushed = Objects.requireNonNull(byUid.get(write.uid()));
            if (!found.containsKey(write.uid())) {
                outcomes.stored(pushed, new PushAnswer.Accepted(write.uid(), etag(write)));
                if (write instanceof Write.AtCentral) {
                    stored.add(CentralExchange.key(shape, write.uid()));
                }
            }
        }
        listener.batchDone("push", shape.model(), outcomes.written());
    }

    /// The end of a record that is not here may have overtaken the push of the record itself, which
    /// another transaction is storing.
    private void keepAbsent(List<UUID> unknown, Map<UUID, PushedRecord> byUid) {
        List<UUID> ended =
                unknown.stream()
                        .filter(uid -> Objects.requireNonNull(byUid.get(uid)).isDeleted())
                        .toList();
        if (!ended.isEmpty()) {
            transaction.keepAbsent(shape, ended);
        }
    }

    /// What a database made that is gone concerns the instance all the same.
    private void noteNew(List<UUID> unknown, Map<UUID, PushedRecord> byUid) {
        List<UUID> made =
                unknown.stream()
                        .filter(uid -> stored.contains(CentralExchange.key(shape, uid)))
                        .toList();
        if (made.isEmpty()) {
            return;
        }
        transaction
                .settled(shape, from, made)
                .forEach((uid, revision) -> {
                    if (Objects.requireNonNull(byUid.get(uid)).revision() < revision) {
                        throw new SyncException(
                                ErrorCode.WRITES_COLLIDED, "a record ended while it was stored");
                    }
                });
        if (pusher.isFormer()) {
            transaction.noteCreator(shape, from, made);
        }
    }

    private static ETag etag(Write write) {
        return switch (write) {
            case Write.AtCentral made -> made.etag();
            case Write.DeleteAtCentral made -> made.etag();
            case Write.AtSatellite _, Write.DeleteAtSatellite _, Write.RemoveAtSatellite _ ->
                    throw new IllegalStateException("central stores no such thing");
        };
    }

    private void keepRefused(Map<UUID, Refused> found, Map<UUID, PushedRecord> byUid) {
        List<PushedRecord> pushed =
                found.keySet().stream().map(uid -> Objects.requireNonNull(byUid.get(uid))).toList();
        List<List<RecordKey>> missing =
                Waiting.missing(
                        shape,
                        pushed.stream()
                                .map(some ->
                                        isForReference(found.get(some.uid()))
                                                ? some.fields()
                                                : Fields.NONE)
                                .toList(),
                        transaction::present);
        for (int i = 0; i < pushed.size(); i++) {
            keepRefused(
                    pushed.get(i),
                    Objects.requireNonNull(found.get(pushed.get(i).uid())),
                    missing.get(i));
        }
    }

    /// A record whose reference was refused in the same batch waits for it; one whose key is taken
    /// waits for a person.
    private void keepRefused(PushedRecord pushed, Refused refusal, List<RecordKey> missing) {
        if (!missing.isEmpty()) {
            outcomes.park(pushed, missing);
        } else if (refusal.code() == ErrorCode.UNIQUE_KEY_TAKEN) {
            outcomes.dispute(pushed, Dispute.Kind.KEY, refusal.reason(), true);
            outcomes.hold(pushed, refusal.code(), refusal.reason());
        } else {
            outcomes.reject(pushed, refusal.code(), refusal.reason(), refusal.detail());
        }
    }

    private static boolean isForReference(@Nullable Refused refusal) {
        return refusal != null && refusal.code() == ErrorCode.REFERENCE_MISSING;
    }

    /// Answers with the version that stands now. That is no proof that the satellite holds it: the
    /// answer may get lost, so no bit is set here. Where the satellite may not see the version, or
    /// it is not computed yet whether it may, the answer does not tell it; it is noted as holding
    /// the record then, so that it hears of the withdrawal or of the end.
    private void answerStanding(Map<UUID, Standing> standing) {
        standing.keySet().removeIf(outcomes::isKept);
        List<UUID> hidden =
                standing.keySet().stream()
                        .filter(uid -> !Objects.requireNonNull(standing.get(uid)).isOpen())
                        .toList();
        if (!hidden.isEmpty()) {
            hidden.forEach(uid -> outcomes.answer(new PushAnswer.Taken(uid)));
            if (!pusher.isFormer()) {
                transaction.markHeld(shape, from, hidden);
            }
            transaction.resend(shape, hidden);
            standing.keySet().removeAll(hidden);
        }
        if (standing.isEmpty()) {
            return;
        }
        Map<UUID, SentRecord> current = transaction.current(shape, standing.keySet());
        standing.forEach((uid, stands) -> {
            SentRecord sent = Objects.requireNonNull(current.get(uid));
            outcomes.answer(
                    stands.isMerged()
                            ? new PushAnswer.Merged(sent)
                            : new PushAnswer.Superseded(sent));
        });
    }
}
