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
import java.util.function.Function;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.conflict.LocalRecord;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;

/// A satellite's side of the exchange: batches of one model at a time. Never holds a transaction
/// open while it waits for central.
///
/// Has no state of its own: any number of workers may use it, each with the lease of its piece of
/// work.
public final class SatelliteExchange {

    /// Records of all models that are stored in one transaction when they arrive together.
    static final int TOGETHER_MAX = 1_000;

    private final SatelliteStore store;
    private final Link link;
    private final ExchangeListener listener;

    public SatelliteExchange(SatelliteStore store, Link link, ExchangeListener listener) {
        this.store = store;
        this.link = link;
        this.listener = listener;
    }

    /// What one batch did.
    ///
    /// @param records how many records it carried
    /// @param last the last uid removed, to go on after; empty after pull and new
    /// @param hasMore there is more to do at once
    public record Step(int records, Optional<UUID> last, boolean hasMore) {}

    /// Pushes all that waits in a slice of a model. What central holds back does not come twice.
    ///
    /// @param aside makes the requests
    /// @return how many records
    public long push(ModelPlan plan, ModelShape shape, UidRange range, Lease lease, Aside aside) {
        if (!plan.mode().pushes()) {
            return 0;
        }
        BatchLimit limit = BatchLimit.ofRecords(plan.batch());
        return new PushPipeline(
                        depth(shape),
                        aside,
                        from ->
                                store.inTransaction(transaction ->
                                        transaction.pending(shape, range, from, limit)),
                        batch -> link.push(plan.name(), batch),
                        (batch, answers) -> noteAnswers(plan, shape, batch, answers, lease))
                .run();
    }

    /// Records that refer to others of their model come one batch after the other: two that are
    /// stored at the same time would not see each other.
    private static int depth(ModelShape shape) {
        boolean refersToItself =
                shape.references().stream()
                        .anyMatch(field -> field.references().orElseThrow().equals(shape.model()));
        return refersToItself ? 1 : PushPipeline.DEPTH;
    }

    private void noteAnswers(
            ModelPlan plan,
            ModelShape shape,
            List<PushedRecord> batch,
            List<PushAnswer> answers,
            Lease lease) {
        checkAnswers(batch, answers);
        store.inTransaction(transaction -> {
            transaction.fence(lease);
            settle(transaction, plan, shape, batch, answers);
            return 0;
        });
        listener.batchDone("push", plan.name(), batch.size());
    }

    private static void checkAnswers(List<PushedRecord> batch, List<PushAnswer> answers) {
        boolean fits = batch.size() == answers.size();
        for (int i = 0; fits && i < batch.size(); i++) {
            fits = batch.get(i).uid().equals(answers.get(i).uid());
        }
        if (!fits) {
            throw new SyncException(
                    ErrorCode.CENTRAL_FAILED, "answers to other records than were sent");
        }
    }

    private void settle(
            SatelliteTransaction transaction,
            ModelPlan plan,
            ModelShape shape,
            List<PushedRecord> batch,
            List<PushAnswer> answers) {
        var settlements = new ArrayList<Settlement>(batch.size());
        var standing = new HashMap<UUID, SentRecord>();
        for (int i = 0; i < batch.size(); i++) {
            UUID uid = batch.get(i).uid();
            long revision = batch.get(i).revision();
            switch (answers.get(i)) {
                case PushAnswer.Accepted(UUID _, var etag) ->
                        settlements.add(new Settlement.InStep(uid, revision, etag));
                case PushAnswer.Merged(SentRecord current) -> standing.put(uid, current);
                case PushAnswer.Superseded(SentRecord current) -> standing.put(uid, current);
                case PushAnswer.Taken _ -> settlements.add(new Settlement.Taken(uid, revision));
                case PushAnswer.Parked _ ->
                        settlements.add(
                                new Settlement.Held(
                                        uid,
                                        revision,
                                        ErrorCode.REFERENCE_MISSING,
                                        "parked at central"));
                case PushAnswer.Rejected(UUID _, ErrorCode code, String reason) ->
                        settlements.add(new Settlement.Held(uid, revision, code, reason));
                case PushAnswer.Joined(UUID _, UUID survivor) ->
                        settlements.add(new Settlement.Joined(uid, revision, survivor));
                case PushAnswer.AskedForWhole _ ->
                        settlements.add(new Settlement.Whole(uid, revision));
            }
        }
        if (!settlements.isEmpty()) {
            transaction.settle(shape, settlements);
        }
        if (standing.isEmpty()) {
            transaction.needNotLast();
        } else {
            Map<UUID, Long> sent = new HashMap<>();
            batch.forEach(pushed -> sent.put(pushed.uid(), pushed.revision()));
            takeStanding(transaction, plan, shape, standing, sent);
        }
    }

    /// Takes over the versions that stand, but only where the record has not been modified since it
    /// was pushed.
    private void takeStanding(
            SatelliteTransaction transaction,
            ModelPlan plan,
            ModelShape shape,
            Map<UUID, SentRecord> standing,
            Map<UUID, Long> sent) {
        Map<UUID, LocalRecord> held = transaction.lock(shape, standing.keySet());
        var unmodified = new HashMap<UUID, LocalRecord>();
        var arriving = new ArrayList<SentRecord>();
        held.forEach((uid, local) -> {
            SentRecord current = Objects.requireNonNull(standing.get(uid));
            if (Objects.equals(sent.get(uid), local.revision())) {
                unmodified.put(uid, asUnmodified(local));
                arriving.add(current);
            }
        });
        new ArrivalBatch(transaction, plan, shape, listener).take(arriving, unmodified);
        if (!arriving.isEmpty()) {
            transaction.keepReceipts(plan.name(), receipts(arriving));
        }
    }

    private static List<Receipt> receipts(Collection<SentRecord> records) {
        return records.stream().map(sent -> new Receipt(sent.uid(), sent.etag())).toList();
    }

    /// The push that was answered covers the local change: from here on the record counts as
    /// unmodified, at no version.
    private static LocalRecord asUnmodified(LocalRecord local) {
        return new LocalRecord(
                local.uid(),
                Optional.of(new ETag(0)),
                local.base(),
                local.revision(),
                local.isDeleted(),
                local.values());
    }

    /// Pulls the next batch of changes of known records.
    public Step pull(ModelPlan plan, ModelShape shape, Lease lease) {
        if (!plan.mode().pulls()) {
            return new Step(0, Optional.empty(), false);
        }
        return receive(plan, shape, Feed.PULL, lease);
    }

    /// Takes the next batch of new records. Their receipts are stored with them and handed in until
    /// central has them: a receipt that is lost is handed in again, and one for a version that is
    /// old by then brings the newer version.
    public Step takeNew(ModelPlan plan, ModelShape shape, Lease lease) {
        handInReceipts(plan.name(), lease);
        if (!plan.mode().takesNew()) {
            return new Step(0, Optional.empty(), false);
        }
        Step step = receive(plan, shape, Feed.NEW, lease);
        handInReceipts(plan.name(), lease);
        return step;
    }

    /// Hands in the receipts of one model that central does not have yet.
    public void handInReceipts(String model, Lease lease) {
        while (true) {
            Optional<ReceiptPage> page =
                    store.inTransaction(transaction -> transaction.oldestReceipts(model));
            if (page.isEmpty()) {
                return;
            }
            if (!page.get().receipts().isEmpty()) {
                link.acknowledge(model, page.get().receipts());
            }
            if (!page.get().withdrawn().isEmpty()) {
                link.acknowledgeWithdrawn(model, page.get().withdrawn());
            }
            store.inTransaction(transaction -> {
                transaction.fence(lease);
                transaction.dropReceipts(model, page.get().number());
                return 0;
            });
        }
    }

    private Step receive(ModelPlan plan, ModelShape shape, Feed feed, Lease lease) {
        Cursor cursor = store.inTransaction(transaction -> transaction.cursor(plan.name(), feed));
        Page page = link.read(plan.name(), feed, cursor, BatchLimit.ofRecords(plan.batch()));
        if (page.isEmpty() && page.next().equals(cursor) && !page.hasMore()) {
            return new Step(0, Optional.empty(), false);
        }
        store.inTransaction(transaction -> {
            transaction.fence(lease);
            takePage(transaction, plan, shape, feed, page);
            return 0;
        });
        listener.batchDone(feed == Feed.PULL ? "pull" : "new", plan.name(), page.size());
        return new Step(page.size(), Optional.empty(), page.hasMore());
    }

    /// Stores what came, with its receipts, and the place in the feed. New records and the ends of
    /// records are acknowledged; changes are not.
    private void takePage(
            SatelliteTransaction transaction,
            ModelPlan plan,
            ModelShape shape,
            Feed feed,
            Page page) {
        take(transaction, plan, shape, page.records());
        List<Receipt> receipts =
                receipts(
                        page.records().stream()
                                .filter(sent -> feed == Feed.NEW || sent.isDeleted())
                                .toList());
        if (!receipts.isEmpty()) {
            transaction.keepReceipts(plan.name(), receipts);
        }
        if (!page.withdrawn().isEmpty()) {
            transaction.keepWithdrawals(plan.name(), page.withdrawn());
        }
        transaction.moveCursor(plan.name(), feed, page.next());
    }

    /// New records of several models that were stored in one transaction.
    ///
    /// @param records how many of each model
    /// @param isAll there are no more
    public record Together(Map<String, Long> records, boolean isAll) {

        /// Nothing was taken, and there may be more.
        static final Together NONE = new Together(Map.of(), false);

        long sum() {
            return records.values().stream().mapToLong(n -> n).sum();
        }
    }

    /// Takes the new records of several models in one transaction, if there are few enough: what
    /// belongs together then appears at once. If there are more, it takes the first ones, and
    /// [#takeNew] the rest model by model.
    ///
    /// @param models each after those it refers to
    /// @param lease of each of them
    public Together takeNewTogether(
            List<String> models, CentralModels plans, Function<String, Lease> lease) {
        Map<String, Page> pages = new LinkedHashMap<>();
        int records = 0;
        boolean hasMore = false;
        for (String model : models) {
            ModelPlan plan = plans.plan(model);
            if (!plan.mode().takesNew()) {
                continue;
            }
            Cursor cursor = store.inTransaction(transaction -> transaction.cursor(model, Feed.NEW));
            Page page = link.read(model, Feed.NEW, cursor, BatchLimit.ofRecords(plan.batch()));
            records += page.size();
            pages.put(model, page);
            hasMore = page.hasMore() || records > TOGETHER_MAX;
            if (hasMore) {
                break;
            }
        }
        store.inTransaction(transaction -> {
            pages.forEach((model, page) -> {
                transaction.fence(lease.apply(model));
                takePage(transaction, plans.plan(model), plans.shape(model), Feed.NEW, page);
            });
            return 0;
        });
        var sums = new LinkedHashMap<String, Long>();
        pages.forEach((model, page) -> {
            listener.batchDone("new", model, page.size());
            sums.put(model, (long) page.size());
        });
        return new Together(sums, !hasMore);
    }

    /// Removes records that central has withdrawn, up to one batch of a model. Those with changes
    /// that central does not have yet stay until they are pushed, and those that something here
    /// still points to until that is gone.
    ///
    /// @param after where the last batch ended, so that what has to stay does not come twice
    public Step withdraw(ModelPlan plan, ModelShape shape, Optional<UUID> after, Lease lease) {
        List<Withdrawal> done =
                store.inTransaction(transaction -> {
                    transaction.fence(lease);
                    List<Withdrawal> due = transaction.dueWithdrawals(shape, after, plan.batch());
                    remove(transaction, shape, due);
                    return due;
                });
        if (done.isEmpty()) {
            return new Step(0, Optional.empty(), false);
        }
        listener.batchDone("withdraw", plan.name(), done.size());
        return new Step(done.size(), Optional.of(done.getLast().uid()), true);
    }

    private void remove(SatelliteTransaction transaction, ModelShape shape, List<Withdrawal> due) {
        if (due.isEmpty()) {
            return;
        }
        Map<UUID, Refused> refused = new HashMap<>();
        transaction
                .apply(
                        shape,
                        due.stream().map(some -> new Write.RemoveAtSatellite(some.uid())).toList())
                .forEach(refusal -> {
                    refused.put(refusal.uid(), refusal);
                    listener.recordKept(
                            shape.model(),
                            refusal.uid(),
                            InstanceId.CENTRAL,
                            refusal.code(),
                            refusal.reason());
                });
        List<Withdrawal> removed =
                due.stream().filter(some -> !refused.containsKey(some.uid())).toList();
        if (!removed.isEmpty()) {
            transaction.dropWithdrawals(
                    shape.model(), removed.stream().map(Withdrawal::uid).toList());
            transaction.release(
                    removed.stream()
                            .map(some -> KeptRecord.anySent(shape.model(), some.uid()))
                            .toList());
            transaction.keepWithdrawnReceipts(shape.model(), removed);
        }
    }

    private void take(
            SatelliteTransaction transaction,
            ModelPlan plan,
            ModelShape shape,
            List<SentRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        forgetEnded(transaction, shape, records);
        Map<UUID, LocalRecord> held =
                transaction.lock(shape, records.stream().map(SentRecord::uid).toList());
        transaction.dropWithdrawals(plan.name(), records.stream().map(SentRecord::uid).toList());
        new ArrivalBatch(transaction, plan, shape, listener).take(records, held);
    }

    /// Forgets what was kept of records that have ended. Another worker may be storing it: this
    /// waits for that, so that what it has stored is seen, and deleted.
    private static void forgetEnded(
            SatelliteTransaction transaction, ModelShape shape, List<SentRecord> records) {
        List<KeptRecord> ended =
                records.stream()
                        .filter(SentRecord::isDeleted)
                        .map(sent -> KeptRecord.of(shape.model(), sent, List.of()))
                        .toList();
        if (!ended.isEmpty()) {
            transaction.release(ended);
        }
    }

    /// Stores parked records of which nothing is missing any more. Those whose model has left the
    /// plan go into quarantine.
    ///
    /// @param models the plan, with this satellite's own fields
    /// @return what became of those that were taken from the parked ones, [PushReceipt#RELEASE_MAX]
    ///   at most
    public Retried releaseReady(CentralModels models) {
        return store.inTransaction(transaction -> {
            List<KeptRecord> ready = transaction.takeReady(PushReceipt.RELEASE_MAX);
            List<KeptRecord> known = models.known(ready, transaction);
            var byModel = new HashMap<String, List<KeptRecord>>();
            known.forEach(kept ->
                    byModel.computeIfAbsent(kept.key().model(), _ -> new ArrayList<>()).add(kept));
            var sum = new Retried(0, ready.size() - known.size(), 0);
            for (List<KeptRecord> kept : byModel.values()) {
                sum = sum.plus(QuarantineRetry.takeSent(transaction, models, listener, kept));
            }
            return sum;
        });
    }

    /// Tries central's versions in quarantine again whose time has come.
    ///
    /// @param models as for [#releaseReady]
    public Retried retryDue(CentralModels models) {
        return QuarantineRetry.atSatellite(store, models, listener).due();
    }
}
