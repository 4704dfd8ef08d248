package org.doctorbird.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Checkpoint;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.Hello;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.SearchQuery.Condition;
import org.doctorbird.exchange.SearchQuery.Operator;
import org.doctorbird.exchange.SearchQuery.Order;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.exchange.VerifyOrder;
import org.doctorbird.exchange.VerifyReport;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldNames;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every way to central must do, whatever carries the messages.
public abstract class LinkContract {

    /// The model that the contract uses; one field of each kind.
    public static final String MODEL = "party.party";

    /// The instance that the link logs in as.
    public static final InstanceId CLINIC = new InstanceId(3);

    /// The model's fields.
    public static final ModelShape SHAPE =
            new ModelShape(
                    MODEL,
                    List.of(FieldKind.values()).stream()
                            .map(kind ->
                                    kind == FieldKind.REFERENCE
                                            ? FieldShape.reference(name(kind), "party.party", false)
                                            : FieldShape.plain(name(kind), kind, false))
                            .toList());

    /// Central, which the link under test leads to.
    protected final FakeCentral central = new FakeCentral(SHAPE);

    /// Returns the link under test to [#central].
    protected abstract Link link();

    private static String name(FieldKind kind) {
        return "a " + kind.name().toLowerCase(java.util.Locale.ROOT) + "-<\"field";
    }

    /// Returns a record's fields with values that may be nasty or null.
    public static Fields anyFields(RandomGenerator random) {
        var values = new ArrayList<@Nullable String>();
        for (FieldShape field : SHAPE.fields()) {
            values.add(
                    random.nextInt(5) == 0
                            ? null
                            : field.kind() == FieldKind.REFERENCE
                                    ? anyUid(random).toString()
                                    : AnyValue.text(random));
        }
        return Fields.of(SHAPE.names(), values);
    }

    private static UUID anyUid(RandomGenerator random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    @Test
    final void everyValueArrivesAsItWasSent() {
        long seed = Long.getLong("seed", 42L);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var records = new ArrayList<PushedRecord>();
        for (int i = 0; i < 300; i++) {
            Optional<ETag> base =
                    random.nextBoolean()
                            ? Optional.of(new ETag(random.nextLong(1L << 52)))
                            : Optional.empty();
            records.add(
                    new PushedRecord(
                            anyUid(random),
                            base,
                            random.nextLong(1, Long.MAX_VALUE),
                            anyFields(random),
                            false,
                            i % 3 == 0 ? Optional.of("user " + i) : Optional.empty()));
        }
        records.add(new PushedRecord(anyUid(random), Optional.empty(), 2, Fields.NONE, true));
        Link link = link();

        List<PushAnswer> answers = link.push(MODEL, records);

        assertThat(central.pushed()).as("seed %d", seed).isEqualTo(records);
        assertThat(answers).hasSameSizeAs(records).allMatch(PushAnswer.Accepted.class::isInstance);
        central.store(anyUid(random), records.getFirst().fields());
        Page page = link.read(MODEL, Feed.NEW, Cursor.START, BatchLimit.ofRecords(10));
        assertThat(page.records()).hasSize(1);
        assertThat(page.records().getFirst().fields()).isEqualTo(records.getFirst().fields());
        Page pulled = link.read(MODEL, Feed.PULL, Cursor.START, BatchLimit.ofRecords(1_000));
        assertThat(pulled.records())
                .extracting(SentRecord::fields)
                .as("seed %d", seed)
                .isEqualTo(records.stream().map(PushedRecord::fields).toList());
        assertThat(pulled.records().getLast().isDeleted()).isTrue();
    }

    @Test
    final void everyAnswerToAPushArrives() {
        var key = new UUID(1, 1);
        var etag = new ETag(1_795_374_739_000_001L);
        var current =
                new SentRecord(
                        new UUID(1, 3), etag, Fields.of(Map.of("a text-<\"field", "x")), false);
        var deleted = new SentRecord(new UUID(1, 4), etag, Fields.NONE, true);
        List<PushAnswer> answers =
                List.of(
                        new PushAnswer.Accepted(key, etag),
                        new PushAnswer.Merged(current),
                        new PushAnswer.Superseded(deleted),
                        new PushAnswer.Parked(new UUID(1, 5), new RecordKey(MODEL, key)),
                        new PushAnswer.Rejected(
                                new UUID(1, 6), ErrorCode.UNIQUE_KEY_TAKEN, "party_code_uniq"),
                        new PushAnswer.AskedForWhole(new UUID(1, 7)),
                        new PushAnswer.Taken(new UUID(1, 8)));
        answers.forEach(central::answerWith);

        assertThat(
                        link().push(
                                        MODEL,
                                        answers.stream()
                                                .map(answer ->
                                                        new PushedRecord(
                                                                answer.uid(),
                                                                Optional.empty(),
                                                                1,
                                                                Fields.NONE,
                                                                false))
                                                .toList()))
                .isEqualTo(answers);
    }

    @Test
    final void aCycleBeginsWithGreetingAndPlan() {
        var hello =
                new Hello(
                        Hello.PROTOCOL,
                        new UUID(7, 8),
                        "6",
                        "epoch",
                        5_000_000_000L,
                        1_795_374_739_679_320L);
        Link link = link();

        var greeting = link.begin(hello);

        assertThat(central.greeted()).contains(hello);
        assertThat(greeting).isEqualTo(central.begin(CLINIC, hello));
        assertThat(link.plan()).isEqualTo(central.plan(CLINIC));
    }

    @Test
    final void contactsAreCountedInHelloAndGreeting() {
        var hello =
                new Hello(
                        Hello.PROTOCOL,
                        new UUID(7, 8),
                        "6",
                        "epoch",
                        0,
                        Optional.of(
                                new Checkpoint(
                                        5_000_000_000L,
                                        Optional.of(new UUID(1, 2)),
                                        new UUID(3, 4))),
                        1_795_374_739_679_320L);

        var greeting = link().begin(hello);

        assertThat(central.greeted()).contains(hello);
        assertThat(greeting.contact()).isEqualTo(5_000_000_001L);
    }

    @Test
    final void whatASatelliteHoldsIsPresentedAndWhatIsUnknownComesBack() {
        ETag known = central.store(new UUID(2, 1), Fields.of(Map.of("a text-<\"field", "v")));
        ETag base = central.store(new UUID(2, 2), Fields.of(Map.of("a text-<\"field", "v")));
        Link link = link();

        link.resync(new UUID(7, 9));

        assertThat(central.readmitted()).contains(new UUID(7, 9));
        assertThat(
                        link.present(
                                MODEL,
                                List.of(
                                        new Receipt(new UUID(2, 1), known),
                                        new Receipt(new UUID(2, 2), new ETag(9)),
                                        new Receipt(new UUID(2, 3), new ETag(9)))))
                .containsExactly(
                        new UnknownVersion(new UUID(2, 2), Optional.of(base)),
                        new UnknownVersion(new UUID(2, 3), Optional.empty()));
        assertThat(link.present(MODEL, List.of())).isEmpty();
    }

    @Test
    final void feedsAreReadInBatchesAndAcknowledged() {
        for (int i = 0; i < 5; i++) {
            central.store(new UUID(2, i), Fields.of(Map.of("a text-<\"field", "v" + i)));
        }
        Link link = link();
        Page first = link.read(MODEL, Feed.NEW, Cursor.START, BatchLimit.ofRecords(3));
        assertThat(first.hasMore()).isTrue();
        Page second = link.read(MODEL, Feed.NEW, first.next(), BatchLimit.ofRecords(3));
        assertThat(second.hasMore()).isFalse();
        assertThat(second.records())
                .extracting(SentRecord::uid)
                .containsExactly(new UUID(2, 3), new UUID(2, 4));
        var receipts =
                first.records().stream()
                        .map(record -> new Receipt(record.uid(), record.etag()))
                        .toList();

        assertThat(link.acknowledge(MODEL, receipts)).isEqualTo(3);

        assertThat(link.acknowledge(MODEL, List.of(new Receipt(new UUID(2, 4), new ETag(1)))))
                .isZero();
        assertThat(link.acknowledge(MODEL, List.of())).isZero();
        assertThat(link.push(MODEL, List.of())).isEmpty();
    }

    @Test
    final void aSearchArrivesAsItWasAskedAndItsHitsAsTheyAre() {
        long seed = Long.getLong("seed", 43L);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var stored = new HashMap<UUID, Fields>();
        for (int i = 0; i < 20; i++) {
            stored.put(anyUid(random), anyFields(random));
        }
        stored.forEach(central::store);
        var query =
                new SearchQuery(
                        new Condition.All(
                                List.of(
                                        new Condition.Compare(
                                                "name.lastname",
                                                Operator.LIKE,
                                                List.of("%<brown> & \"co\"\\_%")),
                                        new Condition.Any(
                                                List.of(
                                                        new Condition.Compare(
                                                                "born",
                                                                Operator.IN,
                                                                Arrays.asList("1990-02-03", null)),
                                                        new Condition.Compare(
                                                                "code",
                                                                Operator.SIMILAR,
                                                                List.of("5")))))),
                        List.of("code", "name.lastname"),
                        List.of(new Order("code", false), new Order("born", true)),
                        7,
                        50);
        Link link = link();

        List<Found> found = link.search(MODEL, query);

        assertThat(central.searched()).contains(query);
        assertThat(found).hasSize(20);
        for (Found one : found) {
            assertThat(one.isHeld()).isFalse();
            assertThat(one.fields()).as("seed %d", seed).isEqualTo(stored.get(one.uid()));
        }
    }

    @Test
    final void recordsArePinnedReleasedAndExplained() {
        var known = new UUID(4, 1);
        var unknown = new UUID(4, 2);
        central.store(known, Fields.NONE);
        var request = new PinRequest(List.of(known, unknown), "referral", Optional.of(30));
        var endless = new PinRequest(List.of(unknown), "referral", Optional.empty());
        Link link = link();

        assertThat(link.pin(MODEL, request)).isEqualTo(1);
        assertThat(central.pinned()).contains(request);
        assertThat(link.pin(MODEL, endless)).isZero();
        assertThat(central.pinned()).contains(endless);
        assertThat(link.release(MODEL, List.of(known, unknown))).isEqualTo(1);
        assertThat(link.why(MODEL, known)).containsExactly("Central knows it: true.");
    }

    @Test
    final void comparisonsArriveAsTheyWereAskedAndAnswered() {
        for (int i = 0; i < 12; i++) {
            central.store(new UUID(6L << 60 | i, -i), Fields.NONE);
        }
        var whole = new ComparisonQuery(MODEL, Optional.empty(), List.of());
        var deep =
                new ComparisonQuery(
                        "other.model",
                        Optional.of(List.of("a text-<\"field", "b")),
                        List.of(UidPrefix.ALL, new UidPrefix("0a9f")));
        var listed = new ComparisonQuery(MODEL, Optional.empty(), List.of(new UidPrefix("6")));
        var content = new ComparisonQuery(MODEL, Optional.of(List.of()), listed.prefixes());
        Link link = link();

        assertThat(link.fingerprints(List.of(whole, deep)))
                .isEqualTo(central.fingerprints(CLINIC, List.of(whole, deep)));
        assertThat(link.versions(listed)).hasSize(12).isEqualTo(central.versions(CLINIC, listed));
        assertThat(link.versions(content)).isEqualTo(central.versions(CLINIC, content));
        assertThat(central.compared())
                .containsExactly(whole, deep, whole, deep, listed, listed, content, content);
        assertThat(link.giveAgain(MODEL, List.of(new UUID(6L << 60, 0), new UUID(4, 4))))
                .isEqualTo(1);
    }

    @Test
    final void whatCentralWantsComparedIsToldAndReported() {
        var order = new VerifyOrder(5_000_000_000L, List.of(MODEL), true, false);
        var failed =
                new VerifyReport(
                        7, 0, 0, 0, List.of(), Optional.of(ErrorCode.MODEL_UNKNOWN.code()));
        var report = new VerifyReport(8, 5_000_000_000L, 3, 1, List.of(MODEL), Optional.empty());
        var hello = new Hello(Hello.PROTOCOL, new UUID(7, 8), "6", "epoch", 0, 1);
        Link link = link();

        assertThat(link.begin(hello).order()).isEmpty();
        central.order(order);
        assertThat(link.begin(hello).order()).contains(order);
        link.verified(failed);
        link.verified(report);

        assertThat(central.reports()).containsExactly(failed, report);
    }

    @Test
    final void withdrawalsAreAcknowledged() {
        var withdrawal = new Withdrawal(new UUID(5, 1), 5_000_000_007L);
        central.withdraw(withdrawal);
        Link link = link();

        assertThat(link.acknowledgeWithdrawn(MODEL, List.of(withdrawal))).isEqualTo(1);
        assertThat(link.acknowledgeWithdrawn(MODEL, List.of(withdrawal))).isZero();
        assertThat(link.acknowledgeWithdrawn(MODEL, List.of())).isZero();
    }

    @Test
    final void centralsRefusalArrivesWithItsCode() {
        var push =
                new PushedRecord(
                        new UUID(3, 3),
                        Optional.empty(),
                        1,
                        Fields.of(FieldNames.NONE, List.of()),
                        false);
        assertFails(() -> link().push("no.such", List.of(push)), ErrorCode.MODEL_UNKNOWN);
        central.failWith(
                new SyncException(
                        ErrorCode.INSTANCE_TAKEN, "another database takes part with this id"));
        assertFails(() -> link().plan(), ErrorCode.INSTANCE_TAKEN);
    }

    /// Asserts that the call fails with the code.
    protected static void assertFails(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
