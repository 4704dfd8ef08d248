package org.doctorbird.codec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Hello;
import org.doctorbird.exchange.OwnConflict;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.PlanGiven;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.exchange.VerifyOrder;
import org.doctorbird.exchange.VerifyReport;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;

/// A central in memory for tests of carriers: it accepts every push as it comes, and shows what
/// came.
public class FakeCentral implements CentralCalls {

    private final Map<String, ModelShape> shapes = new HashMap<>();
    private final Map<UUID, SentRecord> records = new HashMap<>();
    private final TreeMap<Cursor, UUID> feed = new TreeMap<>();
    private final Map<UUID, Cursor> places = new HashMap<>();
    private final Map<UUID, Set<InstanceId>> holders = new HashMap<>();
    private final Map<UUID, PushAnswer> prepared = new HashMap<>();
    private final List<PushedRecord> pushed = new ArrayList<>();
    private final List<Withdrawal> withdrawals = new ArrayList<>();
    private final List<VerifyReport> reports = new ArrayList<>();
    private Optional<VerifyOrder> order = Optional.empty();
    private final List<ComparisonQuery> compared = new ArrayList<>();
    private Optional<SearchQuery> searched = Optional.empty();
    private Optional<PinRequest> pinned = Optional.empty();
    private Optional<RuntimeException> failure = Optional.empty();
    private Optional<Hello> greeted = Optional.empty();
    private Optional<UUID> readmitted = Optional.empty();
    private final List<OwnConflict> conflicts =
            List.of(
                    new OwnConflict(
                            new RecordKey("party.party", new UUID(1, 2)), Dispute.Kind.KEY));
    private long clock = 1_795_374_739_679_320L;
    private long transaction = 5_000_000_000L;

    public FakeCentral(ModelShape... shapes) {
        for (ModelShape shape : shapes) {
            this.shapes.put(shape.model(), shape);
        }
    }

    /// Every call fails so from now on.
    public synchronized void failWith(RuntimeException thrown) {
        failure = Optional.of(thrown);
    }

    /// The next push of the record is answered so.
    public synchronized void answerWith(PushAnswer answer) {
        prepared.put(answer.uid(), answer);
    }

    /// Stores a record as central's own application would.
    public synchronized ETag store(UUID uid, Fields fields) {
        return put(uid, fields, false, InstanceId.CENTRAL);
    }

    /// Returns all that was pushed, in order.
    public synchronized List<PushedRecord> pushed() {
        return List.copyOf(pushed);
    }

    /// Returns the incarnation that took another's place last.
    public synchronized Optional<UUID> readmitted() {
        return readmitted;
    }

    /// Returns what was said at the last beginning.
    public synchronized Optional<Hello> greeted() {
        return greeted;
    }

    private ETag put(UUID uid, Fields fields, boolean isDeleted, InstanceId by) {
        var etag = new ETag(++clock);
        records.put(uid, new SentRecord(uid, etag, fields, isDeleted));
        Optional.ofNullable(places.get(uid)).ifPresent(feed::remove);
        var place = new Cursor(++transaction, uid);
        places.put(uid, place);
        feed.put(place, uid);
        if (!by.equals(InstanceId.CENTRAL)) {
            holders.computeIfAbsent(uid, _ -> new HashSet<>()).add(by);
        }
        return etag;
    }

    @Override
    public synchronized ModelShape shape(String model) {
        ModelShape shape = shapes.get(model);
        if (shape == null) {
            throw new SyncException(ErrorCode.MODEL_UNKNOWN, "the plan has no such model")
                    .with("model", model);
        }
        return shape;
    }

    @Override
    public synchronized Greeting begin(InstanceId caller, Hello hello) {
        failIfAsked();
        greeted = Optional.of(hello);
        return new Greeting(
                caller,
                "7",
                "epoch",
                transaction + 1,
                shapes.keySet(),
                conflicts,
                hello.checkpoint().map(some -> some.making().number()).orElse(0L),
                order,
                clock);
    }

    @Override
    public synchronized void resync(InstanceId caller, UUID incarnation) {
        failIfAsked();
        readmitted = Optional.of(incarnation);
    }

    /// Knows all current versions, and of others only the record.
    @Override
    public synchronized List<UnknownVersion> present(
            InstanceId caller, String model, List<Receipt> held) {
        failIfAsked();
        shape(model);
        return held.stream()
                .filter(some -> !isCurrent(some))
                .map(some ->
                        new UnknownVersion(
                                some.uid(),
                                Optional.ofNullable(records.get(some.uid())).map(SentRecord::etag)))
                .toList();
    }

    private boolean isCurrent(Receipt receipt) {
        SentRecord current = records.get(receipt.uid());
        return current != null && current.etag().equals(receipt.etag());
    }

    @Override
    public synchronized PlanGiven plan(InstanceId caller) {
        failIfAsked();
        var fields = new HashMap<String, List<String>>();
        shapes.forEach((model, shape) -> fields.put(model, shape.names().list()));
        return new PlanGiven("7", "[[model]]\nname = \"x\"\r\n", fields);
    }

    @Override
    public synchronized List<PushAnswer> push(
            InstanceId caller, String model, List<PushedRecord> sent) {
        failIfAsked();
        shape(model);
        var answers = new ArrayList<PushAnswer>();
        for (PushedRecord record : sent) {
            pushed.add(record);
            Optional<PushAnswer> answer = Optional.ofNullable(prepared.remove(record.uid()));
            answers.add(answer.orElseGet(() -> take(caller, record)));
        }
        return answers;
    }

    private PushAnswer take(InstanceId caller, PushedRecord record) {
        Fields before =
                Optional.ofNullable(records.get(record.uid()))
                        .map(SentRecord::fields)
                        .orElse(Fields.NONE);
        Fields after = record.isDeleted() ? Fields.NONE : before.overlaid(record.fields());
        return new PushAnswer.Accepted(
                record.uid(), put(record.uid(), after, record.isDeleted(), caller));
    }

    @Override
    public synchronized Page read(
            InstanceId caller, String model, Feed kind, Cursor after, BatchLimit limit) {
        failIfAsked();
        shape(model);
        var page = new ArrayList<SentRecord>();
        Cursor next = after;
        for (var entry : feed.tailMap(after, false).entrySet()) {
            if (page.size() == limit.records()) {
                return new Page(page, next, true);
            }
            next = entry.getKey();
            if (isHeld(entry.getValue(), caller) == (kind == Feed.PULL)) {
                page.add(known(entry.getValue()));
            }
        }
        return new Page(
                page, kind == Feed.PULL ? List.copyOf(withdrawals) : List.of(), next, false);
    }

    @Override
    public synchronized int acknowledge(InstanceId caller, String model, List<Receipt> receipts) {
        failIfAsked();
        shape(model);
        int current = 0;
        for (Receipt receipt : receipts) {
            if (records.containsKey(receipt.uid())
                    && known(receipt.uid()).etag().equals(receipt.etag())) {
                holders.computeIfAbsent(receipt.uid(), _ -> new HashSet<>()).add(caller);
                current++;
            }
        }
        return current;
    }

    @Override
    public synchronized int acknowledgeWithdrawn(
            InstanceId caller, String model, List<Withdrawal> withdrawn) {
        failIfAsked();
        shape(model);
        int current = 0;
        for (Withdrawal some : withdrawn) {
            if (withdrawals.remove(some)) {
                holders.getOrDefault(some.uid(), new HashSet<>()).remove(caller);
                current++;
            }
        }
        return current;
    }

    /// The next pull withdraws the record.
    public synchronized void withdraw(Withdrawal withdrawal) {
        withdrawals.add(withdrawal);
    }

    @Override
    public synchronized List<Withdrawal> withdrawn(
            InstanceId caller, String model, List<Receipt> known) {
        return List.copyOf(withdrawals);
    }

    @Override
    public synchronized List<Found> search(InstanceId caller, String model, SearchQuery query) {
        failIfAsked();
        shape(model);
        searched = Optional.of(query);
        return records.values().stream()
                .map(record ->
                        new Found(record.uid(), isHeld(record.uid(), caller), record.fields()))
                .toList();
    }

    /// Returns the last search.
    public synchronized Optional<SearchQuery> searched() {
        return searched;
    }

    @Override
    public synchronized int pin(InstanceId caller, String model, PinRequest request) {
        failIfAsked();
        shape(model);
        pinned = Optional.of(request);
        return (int) request.uids().stream().filter(records::containsKey).count();
    }

    /// Returns the last wish to pin.
    public synchronized Optional<PinRequest> pinned() {
        return pinned;
    }

    @Override
    public synchronized int release(InstanceId caller, String model, List<UUID> uids) {
        failIfAsked();
        shape(model);
        return (int) uids.stream().filter(records::containsKey).count();
    }

    @Override
    public synchronized List<String> why(InstanceId caller, String model, UUID uid) {
        failIfAsked();
        shape(model);
        return List.of("Central knows it: " + records.containsKey(uid) + ".");
    }

    @Override
    public synchronized List<SentRecord> changed(
            InstanceId caller, String model, List<Receipt> known) {
        failIfAsked();
        shape(model);
        return known.stream()
                .filter(receipt -> isHeld(receipt.uid(), caller))
                .map(receipt -> known(receipt.uid()))
                .filter(record -> !known.contains(new Receipt(record.uid(), record.etag())))
                .toList();
    }

    @Override
    public synchronized List<SentRecord> fresh(InstanceId caller, String model) {
        failIfAsked();
        shape(model);
        return feed.values().stream().filter(uid -> !isHeld(uid, caller)).map(this::known).toList();
    }

    /// Every fingerprint tells what was asked for.
    @Override
    public synchronized List<List<RangeFingerprint>> fingerprints(
            InstanceId caller, List<ComparisonQuery> queries) {
        failIfAsked();
        compared.addAll(queries);
        return queries.stream()
                .map(query ->
                        Collections.nCopies(
                                query.answers(), new RangeFingerprint(query.answers(), -2L)))
                .toList();
    }

    @Override
    public synchronized List<HeldVersion> versions(InstanceId caller, ComparisonQuery query) {
        failIfAsked();
        compared.add(query);
        return records.values().stream()
                .map(record ->
                        new HeldVersion(
                                record.uid(),
                                record.etag(),
                                Optional.ofNullable(places.get(record.uid()))
                                        .orElseThrow()
                                        .transaction(),
                                query.content().isPresent() ? record.uid().hashCode() - 7L : 0))
                .toList();
    }

    @Override
    public synchronized void verified(InstanceId caller, VerifyReport report) {
        failIfAsked();
        reports.add(report);
    }

    /// Orders something.
    synchronized void order(VerifyOrder ordered) {
        order = Optional.of(ordered);
    }

    /// Returns all reports.
    synchronized List<VerifyReport> reports() {
        return List.copyOf(reports);
    }

    @Override
    public synchronized int giveAgain(InstanceId caller, String model, List<UUID> uids) {
        failIfAsked();
        shape(model);
        return (int) uids.stream().filter(records::containsKey).count();
    }

    /// Returns all that was asked in comparisons.
    public synchronized List<ComparisonQuery> compared() {
        return List.copyOf(compared);
    }

    private SentRecord known(UUID uid) {
        return Optional.ofNullable(records.get(uid)).orElseThrow();
    }

    private boolean isHeld(UUID uid, InstanceId instance) {
        return holders.getOrDefault(uid, Set.of()).contains(instance);
    }

    private void failIfAsked() {
        failure.ifPresent(thrown -> {
            throw thrown;
        });
    }
}
