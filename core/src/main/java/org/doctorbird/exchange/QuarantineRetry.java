package org.doctorbird.exchange;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;

/// Tries records in quarantine again: by the same rules as when they came, so that an old version
/// never takes the place of a newer state. Each batch of one model has a transaction of its own.
///
/// Has no state of its own: any number of workers may try at the same time.
///
/// @param <T> the side's transaction
public final class QuarantineRetry<T extends RecordTransaction> {

    /// Records in one transaction.
    public static final int BATCH = 500;

    /// Bounds one call when what is stored makes ever more records due.
    private static final int ROUNDS_MAX = 100;

    private final Store<T> store;
    private final CentralModels models;
    private final Again<T> again;

    private interface Store<T> {
        <R> R inTransaction(Function<T, R> work);
    }

    /// Takes kept records of one model as if they came now.
    private interface Again<T> {
        Retried take(T transaction, List<KeptRecord> kept);
    }

    private QuarantineRetry(Store<T> store, CentralModels models, Again<T> again) {
        this.store = store;
        this.models = models;
        this.again = again;
    }

    /// Tries pushes that central's database refused.
    public static QuarantineRetry<CentralTransaction> atCentral(
            CentralStore store, CentralModels models, ExchangeListener listener) {
        return new QuarantineRetry<>(
                store::inTransaction,
                models,
                (transaction, kept) ->
                        new PushReceipt(transaction, models, listener).takeAgain(kept));
    }

    /// Tries central's versions that a satellite's database refused.
    public static QuarantineRetry<SatelliteTransaction> atSatellite(
            SatelliteStore store, CentralModels models, ExchangeListener listener) {
        return new QuarantineRetry<>(
                store::inTransaction,
                models,
                (transaction, kept) -> takeSent(transaction, models, listener, kept));
    }

    /// Takes kept versions of one model. A withdrawal that is noted came later than they did, and
    /// stays.
    static Retried takeSent(
            SatelliteTransaction transaction,
            CentralModels models,
            ExchangeListener listener,
            List<KeptRecord> kept) {
        if (kept.isEmpty()) {
            return Retried.NONE;
        }
        String model = kept.getFirst().key().model();
        ModelPlan plan = models.plan(model);
        ModelShape shape = models.shape(model);
        List<SentRecord> sent = kept.stream().map(KeptRecord::asSent).toList();
        var held = transaction.lock(shape, kept.stream().map(KeptRecord::uid).toList());
        return new ArrivalBatch(transaction, plan, shape, listener).take(sent, held);
    }

    /// Tries everything whose time has come.
    ///
    /// @throws SyncException the first failure that concerns more than records, after all other
    ///   models have had their turn
    public Retried due() {
        var sum = Retried.NONE;
        var failed = new HashSet<String>();
        SyncException failure = null;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Set<String> due = new HashSet<>(store.inTransaction(RecordTransaction::modelsDue));
            due.removeAll(failed);
            if (due.isEmpty()) {
                break;
            }
            for (String model : due) {
                try {
                    sum = sum.plus(batch(model, some -> some.takeDue(model, BATCH)).retried());
                } catch (SyncException e) {
                    failed.add(model);
                    failure = failure == null ? e : failure;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return sum;
    }

    /// Tries the chosen records now, whether or not their time has come.
    public Retried chosen(QuarantineChoice choice) {
        var sum = Retried.NONE;
        Optional<KeptRecord> last = Optional.empty();
        do {
            Optional<KeptRecord> after = last;
            Step step = batch(choice.model(), some -> some.takeChosen(choice, after, BATCH));
            sum = sum.plus(step.retried());
            last = Optional.ofNullable(step.last());
        } while (last.isPresent());
        return sum;
    }

    /// @param last of what was taken; null if nothing was
    private record Step(Retried retried, @Nullable KeptRecord last) {}

    private Step batch(String model, Function<T, List<KeptRecord>> take) {
        if (!models.has(model)) {
            return refuse(take, ErrorCode.MODEL_UNKNOWN, CentralModels.UNKNOWN);
        }
        try {
            return store.inTransaction(transaction -> {
                List<KeptRecord> kept = take.apply(transaction);
                return step(again.take(transaction, kept), kept);
            });
        } catch (SyncException e) {
            if (e.code() != ErrorCode.PLAN_DOES_NOT_FIT) {
                throw e;
            }
            return refuse(take, e.code(), CentralModels.UNFIT);
        }
    }

    /// Notes another vain try without looking at the model's table, which is missing or no longer
    /// what the plan was checked for.
    private Step refuse(Function<T, List<KeptRecord>> take, ErrorCode code, String reason) {
        return store.inTransaction(transaction -> {
            List<KeptRecord> kept = take.apply(transaction);
            if (!kept.isEmpty()) {
                transaction.quarantine(
                        kept,
                        kept.stream()
                                .map(some -> new Refused(some.uid(), code, reason, ""))
                                .toList());
            }
            return step(new Retried(0, kept.size(), 0), kept);
        });
    }

    private static Step step(Retried retried, List<KeptRecord> kept) {
        return new Step(retried, kept.isEmpty() ? null : kept.getLast());
    }
}
