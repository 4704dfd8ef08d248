package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.conflict.Verdict;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;

/// What becomes of the records of one batch: the answers, and what central keeps of records that it
/// did not store. Gathered while the batch is decided, then kept set-wise.
final class PushOutcomes {

    private final CentralTransaction transaction;
    private final ExchangeListener listener;
    private final Pusher pusher;
    private final InstanceId from;
    private final ModelShape shape;
    private final boolean isRestricted;
    private final Map<UUID, PushAnswer> answers = new HashMap<>();
    private final Set<UUID> written = new HashSet<>();
    private final List<KeptRecord> quarantined = new ArrayList<>();
    private final List<Refused> refusals = new ArrayList<>();
    private final List<KeptRecord> parked = new ArrayList<>();
    private final List<Dispute> disputes = new ArrayList<>();
    private final List<PushedRecord> settled = new ArrayList<>();
    private final List<KeptRecord> held = new ArrayList<>();

    PushOutcomes(
            CentralTransaction transaction,
            ExchangeListener listener,
            Pusher pusher,
            ModelShape shape,
            boolean isRestricted) {
        this.transaction = transaction;
        this.listener = listener;
        this.pusher = pusher;
        this.from = pusher.instance();
        this.shape = shape;
        this.isRestricted = isRestricted;
    }

    void answer(PushAnswer answer) {
        answers.put(answer.uid(), answer);
    }

    /// Answers a record whose write was stored, unless it has its answer already.
    void stored(PushedRecord pushed, PushAnswer answer) {
        written.add(pushed.uid());
        settled.add(pushed);
        answers.putIfAbsent(pushed.uid(), answer);
    }

    /// Notes that the revision has no further effect.
    void settle(PushedRecord pushed) {
        settled.add(pushed);
    }

    void park(PushedRecord pushed, List<RecordKey> missing) {
        parked.add(KeptRecord.of(shape.model(), from, pushed, missing));
        answer(new PushAnswer.Parked(pushed.uid(), missing.getFirst()));
        tell(pushed, ErrorCode.REFERENCE_MISSING, "parked");
    }

    void reject(PushedRecord pushed, ErrorCode code, String reason, String detail) {
        answer(new PushAnswer.Rejected(pushed.uid(), code, reason));
        quarantined.add(
                KeptRecord.of(
                        shape.model(),
                        from,
                        pushed,
                        Waiting.worthwhile(shape, pushed.uid(), pushed.fields())));
        refusals.add(new Refused(pushed.uid(), code, reason, detail));
        tell(pushed, code, reason);
    }

    /// The satellite keeps its copy until a person has settled the dispute.
    void hold(PushedRecord pushed, ErrorCode code, String reason) {
        answer(new PushAnswer.Rejected(pushed.uid(), code, reason));
        held.add(kept(pushed));
    }

    void dispute(PushedRecord pushed, Dispute.Kind kind, String reason, boolean isOpen) {
        disputes.add(Dispute.ofRecord(kept(pushed), kind, reason, isOpen));
        tell(pushed, ErrorCode.CONFLICT, kind.word());
    }

    void dispute(PushedRecord pushed, Verdict.Conflict conflict) {
        disputes.add(
                new Dispute(
                        kept(pushed),
                        Dispute.Kind.FIELDS,
                        conflict.open(),
                        conflict.settled(),
                        "",
                        !conflict.open().isEmpty()));
        tell(pushed, ErrorCode.CONFLICT, "conflict");
    }

    /// Says whether central did not take the record, so that no version is to be answered.
    boolean isKept(UUID uid) {
        return answers.get(uid) instanceof PushAnswer.Rejected
                || answers.get(uid) instanceof PushAnswer.Parked;
    }

    /// Returns how many writes were stored.
    int written() {
        return written.size();
    }

    /// Returns one answer for each record, in the records' order.
    List<PushAnswer> answers(List<PushedRecord> records) {
        return records.stream()
                .map(pushed -> Objects.requireNonNull(answers.get(pushed.uid())))
                .toList();
    }

    /// Returns what became of records that were tried again.
    Retried retried() {
        return new Retried(settled.size(), quarantined.size() + held.size(), parked.size());
    }

    void keepAll() {
        markAccepted();
        noteSettled();
        if (!settled.isEmpty()) {
            transaction.release(settled.stream().map(this::kept).toList());
        }
        if (!parked.isEmpty()) {
            transaction.park(parked);
        }
        if (!held.isEmpty()) {
            transaction.release(held);
        }
        if (!disputes.isEmpty()) {
            transaction.keepConflicts(disputes);
        }
        keepQuarantined();
    }

    void keepQuarantined() {
        if (!quarantined.isEmpty()) {
            transaction.quarantine(quarantined, refusals);
        }
    }

    /// A match is as good as a receipt: the satellite has shown that it holds the current version.
    /// Not so where records are withdrawn: the push may be an old one that comes late, and its
    /// record removed since. Those are given as new and acknowledged.
    private void markAccepted() {
        if (isRestricted || pusher.isFormer()) {
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

    private KeptRecord kept(PushedRecord pushed) {
        return KeptRecord.of(shape.model(), from, pushed, List.of());
    }

    private void tell(PushedRecord pushed, ErrorCode code, String what) {
        listener.recordKept(shape.model(), pushed.uid(), from, code, what);
    }
}
