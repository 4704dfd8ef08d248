package org.doctorbird.exchange;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.interest.InterestPass;
import org.doctorbird.interest.InterestPass.Progress;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;

/// Central's side of the exchange: takes what satellites push, gives what they lack, believes only
/// receipts.
///
/// Has no state of its own: any number of them may work on one database.
public final class CentralExchange implements CentralCalls {

    /// Bounds what one request does for all others: steps, and microseconds of central's clock
    /// after the first of them. What others have brought is not this satellite's to wait for.
    private static final int STEPS_AT_ONCE = 25;

    private static final long MICROS_AT_ONCE = 500_000;

    /// Transactions in which one push lets parked records follow.
    private static final int RELEASES_MAX = 10;

    private final CentralStore store;
    private final CentralModels models;
    private final ExchangeListener listener;
    private final InterestPass interest;
    private final CentralComparison comparison;

    /// @param models the plan in force, with central's own fields
    public CentralExchange(CentralStore store, CentralModels models, ExchangeListener listener) {
        this.store = store;
        this.models = models;
        this.listener = listener;
        this.interest = new InterestPass(models.graph());
        this.comparison = new CentralComparison(store, models);
    }

    @Override
    public ModelShape shape(String model) {
        return models.shape(model);
    }

    @Override
    public Greeting begin(InstanceId caller, Hello hello) {
        if (hello.protocol() != Hello.PROTOCOL) {
            throw new SyncException(ErrorCode.VERSION_MISMATCH, "another version of the protocol")
                    .with("satellite", hello.protocol())
                    .with("central", Hello.PROTOCOL);
        }
        computeInterestAtOnce();
        return store.inTransaction(transaction -> {
            String epoch = transaction.epoch();
            new Admission(transaction, caller).admit(hello, epoch);
            long clock = transaction.now().micros();
            Optional<Contact> contact = hello.checkpoint().map(Checkpoint::making);
            transaction.noteContact(
                    caller, hello.incarnation(), contact, hello.clockMicros() - clock);
            long seen = epoch.equals(hello.epoch()) ? hello.seen() : 0;
            long horizon = transaction.horizon();
            return new Greeting(
                    caller,
                    models.version(),
                    epoch,
                    horizon,
                    transaction.changedModels(caller, models.givenNames(), seen),
                    transaction.openConflicts(caller, OwnConflict.TOLD_MAX),
                    contact.map(Contact::number).orElse(0L),
                    transaction.verifyOrder(caller),
                    clock);
        });
    }

    @Override
    public void resync(InstanceId caller, UUID incarnation) {
        store.inTransaction(transaction -> {
            new Admission(transaction, caller).readmit(incarnation);
            return 0;
        });
    }

    @Override
    public List<UnknownVersion> present(InstanceId caller, String model, List<Receipt> held) {
        requireBatch(models.plan(model), held.size());
        ModelShape shape = models.shape(model);
        return held.isEmpty()
                ? List.of()
                : store.inTransaction(transaction -> {
                    var _ = transaction.acknowledge(shape, caller, held);
                    return transaction.unknown(shape, held);
                });
    }

    /// Computes who should hold what has changed, and lets the feeds give it.
    ///
    /// @param stepsMax transactions at most, each for about [InterestPass#BATCH] records
    /// @return false if there is more to do
    public boolean computeInterest(int stepsMax) {
        return computeInterest(stepsMax, Long.MAX_VALUE);
    }

    /// What is left is computed by the next request or by central's own task.
    private void computeInterestAtOnce() {
        var _ = computeInterest(STEPS_AT_ONCE, MICROS_AT_ONCE);
    }

    /// A piece of the computation, and when it ended if there is more.
    private record Timed(InterestPass.Step step, long micros) {

        static Timed of(CentralTransaction transaction, InterestPass.Step step) {
            return new Timed(
                    step, step.progress() == Progress.MORE ? transaction.now().micros() : 0);
        }

        boolean hasMore() {
            return step.progress() == Progress.MORE;
        }
    }

    private boolean computeInterest(int stepsMax, long microsMax) {
        if (models.graph().restricted().isEmpty()) {
            return true;
        }
        int steps = 0;
        long firstEnd = 0;
        int collected = 0;
        // What the first round computes is given after the second: only then is it sure that
        // nothing older is still open.
        while (collected < 2) {
            Timed piece = store.inTransaction(t -> Timed.of(t, interest.begin(t)));
            collected += piece.step().hasCollected() ? 1 : 0;
            while (piece.hasMore()) {
                steps++;
                firstEnd = steps == 1 ? piece.micros() : firstEnd;
                if (steps >= stepsMax || piece.micros() - firstEnd >= microsMax) {
                    return false;
                }
                piece = store.inTransaction(t -> Timed.of(t, interest.goOn(t)));
            }
            if (piece.step().progress() == Progress.IDLE) {
                return true;
            }
        }
        return true;
    }

    @Override
    public PlanGiven plan(InstanceId caller) {
        return models.given();
    }

    @Override
    public List<PushAnswer> push(InstanceId caller, String model, List<PushedRecord> records) {
        ModelPlan plan = models.plan(model);
        checkBatch(plan, records);
        List<PushAnswer> answers =
                plan.mode().pushes()
                        ? take(caller, model, records)
                        : refuse(
                                caller,
                                model,
                                records,
                                ErrorCode.MODE_FORBIDS,
                                PushReceipt.FORBIDDEN);
        // At once, so that the first rule that holds for a new record counts before the next change
        // of it, and that what others should hold is there when they ask.
        computeInterestAtOnce();
        return answers;
    }

    private List<PushAnswer> take(InstanceId caller, String model, List<PushedRecord> records) {
        record Taken(List<PushAnswer> answers, boolean hasMadeDue, boolean hasMoreParked) {}
        Taken taken;
        try {
            taken =
                    store.inTransaction(transaction -> {
                        var receipt = new PushReceipt(transaction, models, listener);
                        List<PushAnswer> answers =
                                receipt.take(caller, model, numbered(transaction, caller, records));
                        return new Taken(answers, receipt.hasMadeDue(), receipt.hasMoreParked());
                    });
        } catch (SyncException e) {
            if (e.code() != ErrorCode.PLAN_DOES_NOT_FIT) {
                throw e;
            }
            return refuse(caller, model, records, e.code(), CentralModels.UNFIT);
        }
        if (taken.hasMoreParked()) {
            atOnce(this::releaseMore);
        }
        if (taken.hasMadeDue()) {
            atOnce(() -> {
                var _ = retryDue();
            });
        }
        return taken.answers();
    }

    private List<PushAnswer> refuse(
            InstanceId caller,
            String model,
            List<PushedRecord> records,
            ErrorCode code,
            String reason) {
        return store.inTransaction(transaction ->
                new PushReceipt(transaction, models, listener)
                        .refuse(
                                caller,
                                model,
                                numbered(transaction, caller, records),
                                code,
                                reason));
    }

    /// From here on a revision is one of central's count of this instance.
    private static List<PushedRecord> numbered(
            CentralTransaction transaction, InstanceId caller, List<PushedRecord> records) {
        long before = transaction.revisionsBefore(caller);
        return before == 0
                ? records
                : records.stream().map(pushed -> pushed.after(before)).toList();
    }

    /// The push is stored whatever comes of this; the rest stays for the task that does it anyway,
    /// which says what is wrong.
    private static void atOnce(Runnable work) {
        try {
            work.run();
        } catch (SyncException _) {
            // See above.
        }
    }

    private void releaseMore() {
        for (int i = 0; i < RELEASES_MAX; i++) {
            if (releaseReady() < PushReceipt.RELEASE_MAX) {
                return;
            }
        }
    }

    /// Tries pushes in quarantine again whose time has come.
    public Retried retryDue() {
        return QuarantineRetry.atCentral(store, models, listener).due();
    }

    private static void requireBatch(ModelPlan plan, int records) {
        if (records > plan.batch()) {
            throw new SyncException(
                            ErrorCode.REQUEST_TOO_LARGE, "more records than a batch may have")
                    .with("model", plan.name())
                    .with("limit", plan.batch());
        }
    }

    private static void checkBatch(ModelPlan plan, List<PushedRecord> records) {
        requireBatch(plan, records.size());
        var uids = new HashSet<UUID>();
        for (PushedRecord pushed : records) {
            if (!uids.add(pushed.uid())) {
                throw new SyncException(ErrorCode.REQUEST_MALFORMED, "a record twice in one batch")
                        .with("model", plan.name())
                        .with("uid", pushed.uid());
            }
            if (pushed.revision() < 1) {
                throw new SyncException(ErrorCode.REQUEST_MALFORMED, "a revision below 1")
                        .with("model", plan.name())
                        .with("uid", pushed.uid());
            }
        }
    }

    @Override
    public Page read(InstanceId caller, String model, Feed feed, Cursor after, BatchLimit limit) {
        ModelPlan plan = models.plan(model);
        boolean isGiven = feed == Feed.PULL ? plan.mode().pulls() : plan.mode().takesNew();
        if (!isGiven) {
            return new Page(List.of(), after, false);
        }
        return store.inTransaction(transaction ->
                transaction.read(
                        models.shape(model),
                        caller,
                        feed,
                        after,
                        limited(plan, limit),
                        plan.rules().newestFirst()));
    }

    private static BatchLimit limited(ModelPlan plan, BatchLimit asked) {
        return new BatchLimit(
                Math.min(plan.batch(), asked.records()),
                Math.min(BatchLimit.BYTES_DEFAULT, asked.bytes()));
    }

    @Override
    public int acknowledge(InstanceId caller, String model, List<Receipt> receipts) {
        ModelShape shape = models.shape(model);
        return receipts.isEmpty()
                ? 0
                : store.inTransaction(
                        transaction -> transaction.acknowledge(shape, caller, receipts));
    }

    @Override
    public int acknowledgeWithdrawn(InstanceId caller, String model, List<Withdrawal> withdrawn) {
        ModelShape shape = models.shape(model);
        return withdrawn.isEmpty()
                ? 0
                : store.inTransaction(
                        transaction -> transaction.acknowledgeWithdrawn(shape, caller, withdrawn));
    }

    @Override
    public List<Found> search(InstanceId caller, String model, SearchQuery query) {
        ModelShape shape = models.shape(model);
        SearchQuery allowed = SearchRight.of(models.plan(model)).allowed(query);
        return store.inTransaction(transaction -> transaction.search(shape, caller, allowed));
    }

    /// The records' interest is computed at once, so that the caller's next cycle brings them.
    @Override
    public int pin(InstanceId caller, String model, PinRequest request) {
        ModelShape shape = models.shape(model);
        SearchRight.of(models.plan(model)).requireImport();
        int pinned = store.inTransaction(transaction -> transaction.pin(shape, caller, request));
        computeInterestAtOnce();
        return pinned;
    }

    @Override
    public int release(InstanceId caller, String model, List<UUID> uids) {
        ModelShape shape = models.shape(model);
        int released = store.inTransaction(transaction -> transaction.release(shape, caller, uids));
        computeInterestAtOnce();
        return released;
    }

    @Override
    public List<String> why(InstanceId caller, String model, UUID uid) {
        ModelShape shape = models.shape(model);
        return store.inTransaction(transaction -> transaction.why(shape, caller, uid));
    }

    @Override
    public List<SentRecord> changed(InstanceId caller, String model, List<Receipt> known) {
        if (!arePulled(model, known)) {
            return List.of();
        }
        ModelShape shape = models.shape(model);
        return store.inTransaction(transaction -> {
            Map<UUID, SentRecord> current = transaction.openTo(shape, caller, uids(known));
            return known.stream()
                    .filter(receipt -> isOutdated(current.get(receipt.uid()), receipt))
                    .map(receipt -> current.get(receipt.uid()))
                    .distinct()
                    .toList();
        });
    }

    private boolean arePulled(String model, List<Receipt> known) {
        ModelPlan plan = models.plan(model);
        requireBatch(plan, known.size());
        return plan.mode().pulls() && !known.isEmpty();
    }

    private static List<UUID> uids(List<Receipt> known) {
        return known.stream().map(Receipt::uid).toList();
    }

    @Override
    public List<Withdrawal> withdrawn(InstanceId caller, String model, List<Receipt> known) {
        if (!arePulled(model, known) || !models.graph().isRestricted(model)) {
            return List.of();
        }
        return store.inTransaction(
                transaction -> transaction.withdrawnFrom(models.shape(model), caller, uids(known)));
    }

    private static boolean isOutdated(@Nullable SentRecord current, Receipt receipt) {
        return current != null && !current.etag().equals(receipt.etag());
    }

    @Override
    public List<SentRecord> fresh(InstanceId caller, String model) {
        return read(
                        caller,
                        model,
                        Feed.NEW,
                        Cursor.START,
                        BatchLimit.ofRecords(models.plan(model).batch()))
                .records();
    }

    @Override
    public List<List<RangeFingerprint>> fingerprints(
            InstanceId caller, List<ComparisonQuery> queries) {
        return comparison.fingerprints(caller, queries);
    }

    @Override
    public List<HeldVersion> versions(InstanceId caller, ComparisonQuery query) {
        return comparison.versions(caller, query);
    }

    @Override
    public int giveAgain(InstanceId caller, String model, List<UUID> uids) {
        return comparison.giveAgain(caller, model, uids);
    }

    @Override
    public void verified(InstanceId caller, VerifyReport report) {
        store.inTransaction(transaction -> {
            transaction.noteVerified(caller, report);
            return 0;
        });
    }

    /// Stores parked records of which nothing is missing any more; the rest of what a push could
    /// not take at once.
    ///
    /// @return how many were taken from the parked ones; below [PushReceipt#RELEASE_MAX] when none
    ///   is left for now
    public int releaseReady() {
        return store.inTransaction(transaction -> {
            var ready = transaction.takeReady(PushReceipt.RELEASE_MAX);
            new PushReceipt(transaction, models, listener).takeAgain(ready);
            return ready.size();
        });
    }

    /// Settles a conflict as a person says.
    ///
    /// @param number of the entry of the conflict list
    /// @return the version that came of it, if one did
    /// @throws SyncException `CONFLICT_UNKNOWN`, `RESOLUTION_REFUSED`, `FIELD_UNKNOWN`, or why the
    ///   database refuses what was chosen; nothing was changed then
    public Optional<ETag> resolve(long number, Resolution resolution) {
        Optional<ETag> version =
                store.inTransaction(transaction ->
                        new ConflictDesk(transaction, models, listener)
                                .resolve(number, resolution));
        computeInterestAtOnce();
        return version;
    }

    /// Takes the resolution of a conflict back.
    ///
    /// @return the version that came of it, if one did
    /// @throws SyncException `CONFLICT_UNKNOWN`, `RESOLUTION_REFUSED`; nothing was changed then
    public Optional<ETag> reopen(long number) {
        Optional<ETag> version =
                store.inTransaction(transaction ->
                        new ConflictDesk(transaction, models, listener).reopen(number));
        computeInterestAtOnce();
        return version;
    }

    /// Names a record for messages.
    static RecordKey key(ModelShape shape, UUID uid) {
        return new RecordKey(shape.model(), uid);
    }
}
