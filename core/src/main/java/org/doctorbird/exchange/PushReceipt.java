package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.conflict.PushRule;
import org.doctorbird.conflict.Verdict;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;

/// Receives one push inside one transaction of central.
final class PushReceipt {

    /// Parked records taken in one go: bounds a transaction when thousands wait for one record.
    static final int RELEASE_MAX = 1_000;

    /// Why a push is refused that the mode does not allow.
    static final String FORBIDDEN = "the mode forbids pushing";

    private final CentralTransaction transaction;
    private final CentralModels models;
    private final ExchangeListener listener;
    private int madeDue;

    PushReceipt(CentralTransaction transaction, CentralModels models, ExchangeListener listener) {
        this.transaction = transaction;
        this.models = models;
        this.listener = listener;
    }

    /// Takes a batch, then those parked records that waited for it.
    List<PushAnswer> take(InstanceId from, String model, List<PushedRecord> records) {
        var batch = new Batch(from, models.shape(model));
        List<PushAnswer> answers = batch.take(records);
        var kept = transaction.takeParked(batch.stored(), RELEASE_MAX);
        if (!kept.isEmpty()) {
            takeAgain(kept);
        }
        return answers;
    }

    /// Says whether something in quarantine waited for what was stored, and is due now.
    boolean hasMadeDue() {
        return madeDue > 0;
    }

    /// Takes records that were parked or in quarantine as if they were pushed now. Their answers go
    /// nowhere: a satellite learns the outcome when it pushes the record again.
    ///
    /// @return what became of the given ones; those that were parked for them are not counted
    Retried takeAgain(List<KeptRecord> kept) {
        var first = Retried.NONE;
        List<KeptRecord> waiting = kept;
        while (!waiting.isEmpty()) {
            var arrived = new ArrayList<RecordKey>();
            var sum = Retried.NONE;
            for (var group : bySender(models.known(waiting, transaction)).entrySet()) {
                String model = group.getKey().model();
                var batch = new Batch(group.getKey().from(), models.shape(model));
                // The plan may have changed since they came.
                if (models.plan(model).mode().pushes()) {
                    batch.take(group.getValue());
                } else {
                    batch.refuse(group.getValue(), ErrorCode.MODE_FORBIDS, FORBIDDEN);
                }
                arrived.addAll(batch.stored());
                sum = sum.plus(batch.retried());
            }
            first = first.equals(Retried.NONE) ? sum : first;
            waiting = arrived.isEmpty() ? List.of() : transaction.takeParked(arrived, RELEASE_MAX);
        }
        return first;
    }

    private record Sender(String model, InstanceId from) {}

    private static Map<Sender, List<PushedRecord>> bySender(List<KeptRecord> kept) {
        var groups = new LinkedHashMap<Sender, List<PushedRecord>>();
        for (KeptRecord record : kept) {
            groups.computeIfAbsent(
                            new Sender(record.key().model(), record.from()), _ -> new ArrayList<>())
                    .add(record.asPushed());
        }
        return groups;
    }

    /// Keeps a whole batch in quarantine.
    List<PushAnswer> refuse(
            InstanceId from,
            String model,
            List<PushedRecord> records,
            ErrorCode code,
            String reason) {
        var batch = new Batch(from, models.shape(model));
        batch.refuse(records, code, reason);
        return batch.answers(records);
    }

    /// A version that stands over a push.
    ///
    /// @param isMerged the push went in whole
    /// @param isOpen the pusher may see the version
    private record Standing(boolean isMerged, boolean isOpen) {}

    /// One batch of one sender. Used once.
    private final class Batch {

        private final InstanceId from;
        private final ModelShape shape;
        private final Map<UUID, PushAnswer> answers = new HashMap<>();
        private final Set<RecordKey> stored = new LinkedHashSet<>();
        private final Set<UUID> written = new HashSet<>();
        private final List<KeptRecord> quarantined = new ArrayList<>();
        private final List<Refused> refusals = new ArrayList<>();
        private final List<KeptRecord> parked = new ArrayList<>();
        private final List<KeptRecord> conflicts = new ArrayList<>();
        private final List<Set<String>> disputes = new ArrayList<>();
        private final List<PushedRecord> settled = new ArrayList<>();

        Batch(InstanceId from, ModelShape shape) {
            this.from = from;
            this.shape = shape;
        }

        /// Returns the records whose rows were stored.
        Set<RecordKey> stored() {
            return stored;
        }

        /// Returns what became of the records.
        Retried retried() {
            return new Retried(settled.size(), quarantined.size(), parked.size());
        }

        void refuse(List<PushedRecord> records, ErrorCode code, String reason) {
            withoutDropped(records).forEach(pushed -> reject(pushed, code, reason, ""));
            keepQuarantined();
        }

        List<PushAnswer> take(List<PushedRecord> records) {
            List<PushedRecord> known = withoutUnknownFields(withoutDropped(records));
            List<PushedRecord> complete = withoutWaiting(known);
            Map<UUID, CentralRecord> held = transaction.lock(shape, from, complete);
            Map<UUID, PushedRecord> byUid = new HashMap<>();
            var writes = new ArrayList<Write>();
            var standing = new TreeMap<UUID, Standing>(org.doctorbird.record.Uids.ORDER);
            ETag now = transaction.now();
            for (PushedRecord pushed : complete) {
                byUid.put(pushed.uid(), pushed);
                decide(pushed, Optional.ofNullable(held.get(pushed.uid())), now, writes, standing);
            }
            store(writes, byUid);
            answerStanding(standing);
            keepAll();
            return answers(records);
        }

        List<PushAnswer> answers(List<PushedRecord> records) {
            return records.stream()
                    .map(pushed -> Objects.requireNonNull(answers.get(pushed.uid())))
                    .toList();
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
                    answers.put(
                            pushed.uid(),
                            new PushAnswer.Rejected(
                                    pushed.uid(), ErrorCode.DROPPED, "dropped from quarantine"));
                } else {
                    others.add(pushed);
                }
            }
            return others;
        }

        private List<PushedRecord> withoutUnknownFields(List<PushedRecord> records) {
            var known = new ArrayList<PushedRecord>(records.size());
            for (PushedRecord pushed : records) {
                Optional<String> unknown =
                        pushed.fields().names().list().stream()
                                .filter(name -> shape.field(name).isEmpty())
                                .findFirst();
                if (unknown.isPresent()) {
                    reject(pushed, ErrorCode.FIELD_UNKNOWN, "no such field", "");
                } else {
                    known.add(pushed);
                }
            }
            return known;
        }

        private List<PushedRecord> withoutWaiting(List<PushedRecord> records) {
            var split =
                    Waiting.split(
                            shape,
                            records,
                            PushedRecord::uid,
                            PushedRecord::fields,
                            transaction::present);
            split.waiting().forEach(wait -> park(wait.record(), wait.missing()));
            return split.complete();
        }

        private void park(PushedRecord pushed, List<RecordKey> missing) {
            parked.add(KeptRecord.of(shape.model(), from, pushed, missing));
            answers.put(pushed.uid(), new PushAnswer.Parked(pushed.uid(), missing.getFirst()));
            listener.recordKept(
                    shape.model(), pushed.uid(), from, ErrorCode.REFERENCE_MISSING, "parked");
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
            switch (PushRule.decide(held, pushed, from, models.deletes(shape.model()))) {
                case Verdict.Insert _ ->
                        writes.add(write(pushed, Set.copyOf(shape.names().list()), now, false));
                case Verdict.AlreadyHeld(boolean isCurrent) -> {
                    if (isCurrent && isNoted(held)) {
                        answers.put(
                                pushed.uid(),
                                new PushAnswer.Accepted(pushed.uid(), etag.orElse(now)));
                    } else {
                        standing.put(pushed.uid(), new Standing(false, isOpen));
                    }
                    settled.add(pushed);
                }
                case Verdict.Update(Set<String> fields, boolean isWhole) -> {
                    writes.add(write(pushed, fields, ETag.next(etag, now), false));
                    if (!isWhole) {
                        standing.put(pushed.uid(), new Standing(true, isNewOpen));
                    }
                }
                case Verdict.Conflict(Set<String> disputed, Set<String> merged) -> {
                    conflicts.add(KeptRecord.of(shape.model(), from, pushed, List.of()));
                    disputes.add(disputed);
                    listener.recordKept(
                            shape.model(), pushed.uid(), from, ErrorCode.CONFLICT, "conflict");
                    standing.put(
                            pushed.uid(),
                            new Standing(false, merged.isEmpty() ? isOpen : isNewOpen));
                    if (merged.isEmpty()) {
                        settled.add(pushed);
                    } else {
                        writes.add(write(pushed, merged, ETag.next(etag, now), false));
                    }
                }
                case Verdict.Delete _ ->
                        writes.add(
                                new Write.DeleteAtCentral(
                                        pushed.uid(),
                                        ETag.next(etag, now),
                                        from,
                                        pushed.revision(),
                                        pushed.user()));
                case Verdict.MarkDeleted _ ->
                        writes.add(write(pushed, Set.of(), ETag.next(etag, now), true));
                case Verdict.AskForWhole _ ->
                        answers.put(pushed.uid(), new PushAnswer.AskedForWhole(pushed.uid()));
                case Verdict.Reject(ErrorCode code) -> reject(pushed, code, "rejected", "");
            }
        }

        /// Says whether central knows that the satellite holds the record. Where records are
        /// withdrawn it has to: else the answer carries the version, and the satellite acknowledges
        /// it.
        private boolean isNoted(Optional<CentralRecord> held) {
            return !models.graph().isRestricted(shape.model())
                    || held.isEmpty()
                    || held.get().isHeld()
                    || held.get().isRowGone();
        }

        private Write write(
                PushedRecord pushed, Set<String> changed, ETag etag, boolean marksDeleted) {
            return new Write.AtCentral(
                    pushed.uid(),
                    pushed.fields().only(changed),
                    changed,
                    etag,
                    from,
                    pushed.revision(),
                    marksDeleted,
                    pushed.user());
        }

        private void store(List<Write> writes, Map<UUID, PushedRecord> byUid) {
            Map<UUID, Refused> refused = new HashMap<>();
            transaction
                    .apply(shape, writes)
                    .forEach(refusal -> refused.put(refusal.uid(), refusal));
            keepRefused(refused, byUid);
            for (Write write : writes) {
                PushedRecord pushed = Objects.requireNonNull(byUid.get(write.uid()));
                if (!refused.containsKey(write.uid())) {
                    written.add(write.uid());
                    settled.add(pushed);
                    noteStored(write);
                }
            }
            listener.batchDone("push", shape.model(), written.size());
        }

        private void noteStored(Write write) {
            UUID uid = write.uid();
            switch (write) {
                case Write.AtCentral made -> {
                    stored.add(CentralExchange.key(shape, uid));
                    answers.putIfAbsent(uid, new PushAnswer.Accepted(uid, made.etag()));
                }
                case Write.DeleteAtCentral made ->
                        answers.putIfAbsent(uid, new PushAnswer.Accepted(uid, made.etag()));
                case Write.AtSatellite _, Write.DeleteAtSatellite _, Write.RemoveAtSatellite _ ->
                        throw new IllegalStateException("central stores no such thing");
            }
        }

        /// A record whose reference was refused in the same batch waits for it.
        private void keepRefused(Map<UUID, Refused> refused, Map<UUID, PushedRecord> byUid) {
            List<PushedRecord> pushed =
                    refused.keySet().stream()
                            .map(uid -> Objects.requireNonNull(byUid.get(uid)))
                            .toList();
            List<List<RecordKey>> missing =
                    Waiting.missing(
                            shape,
                            pushed.stream()
                                    .map(some ->
                                            isForReference(refused.get(some.uid()))
                                                    ? some.fields()
                                                    : Fields.NONE)
                                    .toList(),
                            transaction::present);
            for (int i = 0; i < pushed.size(); i++) {
                Refused refusal = Objects.requireNonNull(refused.get(pushed.get(i).uid()));
                if (missing.get(i).isEmpty()) {
                    reject(pushed.get(i), refusal.code(), refusal.reason(), refusal.detail());
                } else {
                    park(pushed.get(i), missing.get(i));
                }
            }
        }

        private static boolean isForReference(@Nullable Refused refusal) {
            return refusal != null && refusal.code() == ErrorCode.REFERENCE_MISSING;
        }

        /// Answers with the version that stands now. That is no proof that the satellite holds it:
        /// the answer may get lost, so no bit is set here. Where the satellite may not see the
        /// version, or it is not computed yet whether it may, the answer does not tell it.
        private void answerStanding(Map<UUID, Standing> standing) {
            standing.keySet()
                    .removeIf(uid ->
                            answers.get(uid) instanceof PushAnswer.Rejected
                                    || answers.get(uid) instanceof PushAnswer.Parked);
            List<UUID> hidden =
                    standing.keySet().stream()
                            .filter(uid -> !Objects.requireNonNull(standing.get(uid)).isOpen())
                            .toList();
            if (!hidden.isEmpty()) {
                hidden.forEach(uid -> answers.put(uid, new PushAnswer.Taken(uid)));
                transaction.resend(shape, hidden);
                standing.keySet().removeAll(hidden);
            }
            if (standing.isEmpty()) {
                return;
            }
            Map<UUID, SentRecord> current = transaction.current(shape, standing.keySet());
            standing.forEach((uid, stands) -> {
                SentRecord sent = Objects.requireNonNull(current.get(uid));
                answers.put(
                        uid,
                        stands.isMerged()
                                ? new PushAnswer.Merged(sent)
                                : new PushAnswer.Superseded(sent));
            });
        }

        private void reject(PushedRecord pushed, ErrorCode code, String reason, String detail) {
            answers.put(pushed.uid(), new PushAnswer.Rejected(pushed.uid(), code, reason));
            quarantined.add(
                    KeptRecord.of(
                            shape.model(),
                            from,
                            pushed,
                            Waiting.worthwhile(shape, pushed.uid(), pushed.fields())));
            refusals.add(new Refused(pushed.uid(), code, reason, detail));
            listener.recordKept(shape.model(), pushed.uid(), from, code, reason);
        }

        private void keepAll() {
            markAccepted();
            noteSettled();
            if (!settled.isEmpty()) {
                transaction.release(
                        settled.stream()
                                .map(pushed ->
                                        KeptRecord.of(shape.model(), from, pushed, List.of()))
                                .toList());
            }
            if (!parked.isEmpty()) {
                transaction.park(parked);
            }
            if (!conflicts.isEmpty()) {
                transaction.keepConflicts(conflicts, disputes);
            }
            keepQuarantined();
            if (!stored.isEmpty()) {
                madeDue += transaction.makeDue(stored);
            }
        }

        /// A match is as good as a receipt: the satellite has shown that it holds the current
        /// version. Not so where records are withdrawn: the push may be an old one that comes late,
        /// and its record removed since. Those are given as new and acknowledged.
        private void markAccepted() {
            if (models.graph().isRestricted(shape.model())) {
                return;
            }
            var matched =
                    settled.stream()
                            .filter(pushed -> !pushed.isDeleted())
                            .map(PushedRecord::uid)
                            .filter(uid -> answers.get(uid) instanceof PushAnswer.Accepted)
                            .filter(uid -> !written.contains(uid))
                            .toList();
            if (!matched.isEmpty()) {
                transaction.markHeld(shape, from, matched);
            }
        }

        /// The first revision has none before it that could come late.
        private void noteSettled() {
            Map<UUID, Long> revisions = new HashMap<>();
            for (PushedRecord pushed : settled) {
                if (pushed.revision() > 1 && !written.contains(pushed.uid())) {
                    revisions.put(pushed.uid(), pushed.revision());
                }
            }
            if (!revisions.isEmpty()) {
                transaction.noteSettled(shape, from, revisions);
            }
        }

        private void keepQuarantined() {
            if (!quarantined.isEmpty()) {
                transaction.quarantine(quarantined, refusals);
            }
        }
    }
}
