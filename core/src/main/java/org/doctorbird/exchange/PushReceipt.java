package org.doctorbird.exchange;

import java.util.ArrayList;
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

    private final CentralTransaction transaction;
    private final CentralModels models;
    private final ExchangeListener listener;

    PushReceipt(CentralTransaction transaction, CentralModels models, ExchangeListener listener) {
        this.transaction = transaction;
        this.models = models;
        this.listener = listener;
    }

    /// Takes a batch, then those parked records that waited for it.
    List<PushAnswer> take(InstanceId from, String model, List<PushedRecord> records) {
        var batch = batch(from, model);
        List<PushAnswer> answers = batch.take(records);
        var kept = transaction.takeParked(batch.stored(), RELEASE_MAX);
        if (!kept.isEmpty()) {
            takeAgain(kept);
        }
        return answers;
    }

    /// Takes records that were parked as if they were pushed now. Their answers go nowhere: a
    /// satellite learns the outcome when it pushes the record again.
    void takeAgain(List<KeptRecord> kept) {
        List<KeptRecord> waiting = kept;
        while (!waiting.isEmpty()) {
            var arrived = new ArrayList<RecordKey>();
            bySender(waiting)
                    .forEach((sender, records) -> {
                        var batch = batch(sender.from(), sender.model());
                        batch.take(records);
                        arrived.addAll(batch.stored());
                    });
            waiting = arrived.isEmpty() ? List.of() : transaction.takeParked(arrived, RELEASE_MAX);
        }
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

    /// Keeps a whole batch in quarantine because the mode does not allow pushing the model.
    List<PushAnswer> refuse(InstanceId from, String model, List<PushedRecord> records) {
        var batch = batch(from, model);
        records.forEach(pushed ->
                batch.reject(pushed, ErrorCode.MODE_FORBIDS, "the mode forbids pushing", ""));
        batch.keepQuarantined();
        return batch.answers(records);
    }

    private PushBatch batch(InstanceId from, String model) {
        return new PushBatch(transaction, models, listener, from, models.shape(model));
    }
}
