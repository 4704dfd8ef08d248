package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.doctorbird.ErrorCode;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;

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
    private boolean hasMoreParked;

    PushReceipt(CentralTransaction transaction, CentralModels models, ExchangeListener listener) {
        this.transaction = transaction;
        this.models = models;
        this.listener = listener;
    }

    /// Takes a batch, then those parked records that waited for it.
    List<PushAnswer> take(InstanceId from, String model, List<PushedRecord> records) {
        var batch = batch(Pusher.of(from), model);
        List<PushAnswer> answers = batch.take(records);
        madeDue += batch.madeDue();
        var kept = transaction.takeParked(batch.stored(), RELEASE_MAX);
        hasMoreParked = kept.size() == RELEASE_MAX;
        if (!kept.isEmpty()) {
            takeAgain(kept);
        }
        return answers;
    }

    /// Says whether more may be parked for what was stored than one transaction takes.
    boolean hasMoreParked() {
        return hasMoreParked;
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
                var batch = batch(group.getKey().pusher(), model);
                // The plan may have changed since they came.
                if (models.plan(model).mode().pushes()) {
                    batch.take(group.getValue());
                } else {
                    batch.refuse(group.getValue(), ErrorCode.MODE_FORBIDS, FORBIDDEN);
                }
                arrived.addAll(batch.stored());
                madeDue += batch.madeDue();
                sum = sum.plus(batch.retried());
            }
            first = first.equals(Retried.NONE) ? sum : first;
            waiting = arrived.isEmpty() ? List.of() : transaction.takeParked(arrived, RELEASE_MAX);
        }
        return first;
    }

    private record Sender(String model, Pusher pusher) {}

    private Map<Sender, List<PushedRecord>> bySender(List<KeptRecord> kept) {
        var groups = new LinkedHashMap<Sender, List<PushedRecord>>();
        var before = new HashMap<InstanceId, Long>();
        for (KeptRecord record : kept) {
            long former = before.computeIfAbsent(record.from(), transaction::revisionsBefore);
            var pusher = new Pusher(record.from(), record.revision() <= former);
            groups.computeIfAbsent(new Sender(record.key().model(), pusher), _ -> new ArrayList<>())
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
        var batch = batch(Pusher.of(from), model);
        batch.refuse(records, code, reason);
        return batch.answers(records);
    }

    private PushBatch batch(Pusher pusher, String model) {
        return new PushBatch(transaction, models, listener, pusher, models.shape(model));
    }
}
