package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.conflict.VersionMade;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CentralStoreTest {

    private static final InstanceId THREE = new InstanceId(3);
    private static final InstanceId FAR = new InstanceId(4_000);
    private static final BatchLimit LIMIT = BatchLimit.ofRecords(1_000);

    private static final String TABLES =
            "create table party (id serial primary key, name text, parent integer references party)";

    private static StoreDatabase make(TestPostgres server) throws SQLException {
        return StoreDatabase.make(server, TABLES, model("party", "party"));
    }

    private static <T> T in(StoreDatabase database, Function<CentralTransaction, T> work) {
        return database.central().inTransaction(work);
    }

    private static void store(
            StoreDatabase database, InstanceId origin, int uid, long etag, String name) {
        Fields fields = fields("name", name);
        var write =
                new Write.AtCentral(
                        uid(uid), fields, Set.of("name"), new ETag(etag), origin, etag, false);
        assertThat(
                        CentralStoreTest.<List<Refused>>in(
                                database, t -> t.apply(database.shape("party"), List.of(write))))
                .isEmpty();
    }

    private static Page read(StoreDatabase database, InstanceId instance, Feed feed, Cursor after) {
        return in(
                database,
                t ->
                        t.read(
                                database.shape("party"),
                                instance,
                                feed,
                                after,
                                LIMIT,
                                Optional.empty()));
    }

    private static List<UUID> uids(Page page) {
        return page.records().stream().map(SentRecord::uid).toList();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void givesNewRecordsUntilTheirReceiptAndThenTheirChanges(TestPostgres server)
            throws SQLException {
        var database = make(server);
        store(database, InstanceId.CENTRAL, 1, 10, "a");
        store(database, THREE, 2, 11, "b");
        for (InstanceId instance : List.of(new InstanceId(5), FAR)) {
            Page first = read(database, instance, Feed.NEW, Cursor.START);
            assertThat(first.hasMore()).isFalse();
            assertThat(first.records())
                    .containsExactly(
                            new SentRecord(
                                    uid(1),
                                    new ETag(10),
                                    fields("name", "a", "parent", null),
                                    false),
                            new SentRecord(
                                    uid(2),
                                    new ETag(11),
                                    fields("name", "b", "parent", null),
                                    false));
            assertThat(read(database, instance, Feed.PULL, Cursor.START).records()).isEmpty();
            assertThat(
                            CentralStoreTest.<Integer>in(
                                    database,
                                    t ->
                                            t.acknowledge(
                                                    database.shape("party"),
                                                    instance,
                                                    List.of(
                                                            new Receipt(uid(1), new ETag(10)),
                                                            new Receipt(uid(2), new ETag(9))))))
                    .isEqualTo(1);
            assertThat(uids(read(database, instance, Feed.NEW, Cursor.START)))
                    .containsExactly(uid(2));
            assertThat(
                            CentralStoreTest.<Set<UUID>>in(
                                    database,
                                    t ->
                                            t.openTo(
                                                            database.shape("party"),
                                                            instance,
                                                            List.of(uid(1), uid(2)))
                                                    .keySet()))
                    .containsExactly(uid(1));
            assertThat(uids(read(database, instance, Feed.PULL, Cursor.START)))
                    .containsExactly(uid(1));
        }
        assertThat(uids(read(database, THREE, Feed.NEW, Cursor.START))).containsExactly(uid(1));
        assertThat(read(database, THREE, Feed.PULL, Cursor.START).records()).isEmpty();
        store(database, FAR, 2, 12, "bb");
        assertThat(uids(read(database, THREE, Feed.PULL, Cursor.START))).containsExactly(uid(2));
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aReceiptForAnOldVersionDoesNotHideTheNewOne(TestPostgres server) throws SQLException {
        var database = make(server);
        var five = new InstanceId(5);
        store(database, InstanceId.CENTRAL, 1, 10, "a");
        Page page = read(database, five, Feed.NEW, Cursor.START);
        store(database, InstanceId.CENTRAL, 1, 20, "b");
        assertThat(
                        CentralStoreTest.<Integer>in(
                                database,
                                t ->
                                        t.acknowledge(
                                                database.shape("party"),
                                                five,
                                                List.of(new Receipt(uid(1), new ETag(10))))))
                .isZero();
        assertThat(uids(read(database, five, Feed.NEW, page.next()))).containsExactly(uid(1));
        database.run(
                "update doctorbird.party set deleted_at = now(), id = null; delete from party");
        assertThat(read(database, five, Feed.NEW, page.next()).records())
                .containsExactly(new SentRecord(uid(1), new ETag(20), Fields.NONE, true));
        assertThat(read(database, new InstanceId(6), Feed.NEW, Cursor.START).records()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void doesNotSkipATransactionThatCommitsLate(TestPostgres server) throws SQLException {
        var database = make(server);
        var five = new InstanceId(5);
        try (Connection late = database.connect();
                var statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute(
                    """
                    insert into party (name) values ('late');
                    insert into doctorbird.party (uid, id, etag, changed, origin, origin_revision)
                    values ('%s', 1, 'epoch', pg_current_xact_id(), 0, 0)
                    """
                            .formatted(uid(1)));
            store(database, InstanceId.CENTRAL, 2, 10, "early");
            Page blocked = read(database, five, Feed.NEW, Cursor.START);
            assertThat(blocked.records()).isEmpty();
            assertThat(blocked.hasMore()).isFalse();
            late.commit();
            assertThat(uids(read(database, five, Feed.NEW, blocked.next())))
                    .containsExactly(uid(1), uid(2));
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void pagesByRecordsAndBytesWithoutLossOrRepetition(TestPostgres server) throws SQLException {
        var database = make(server);
        for (int i = 0; i < 30; i++) {
            store(database, InstanceId.CENTRAL, i, 10, "x".repeat(i % 3 == 0 ? 900 : 10));
        }
        for (BatchLimit limit : List.of(BatchLimit.ofRecords(7), new BatchLimit(100, 1_000))) {
            var seen = new ArrayList<UUID>();
            Cursor cursor = Cursor.START;
            boolean hasMore = true;
            while (hasMore) {
                Cursor after = cursor;
                Page page =
                        in(
                                database,
                                t ->
                                        t.read(
                                                database.shape("party"),
                                                THREE,
                                                Feed.NEW,
                                                after,
                                                limit,
                                                Optional.empty()));
                assertThat(page.records().size()).isLessThanOrEqualTo(limit.records());
                seen.addAll(uids(page));
                cursor = page.next();
                hasMore = page.hasMore();
            }
            assertThat(seen).hasSize(30).doesNotHaveDuplicates();
            assertThat(cursor.uid()).isEqualTo(UidRange.ALL.last());
            assertThat(read(database, THREE, Feed.NEW, cursor).next()).isEqualTo(cursor);
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void passesByWhatIsNotForTheInstance(TestPostgres server) throws SQLException {
        var database = make(server);
        database.run(
                """
                insert into doctorbird.party (uid, etag, changed, origin, interested_instances)
                select gen_random_uuid(), 'epoch', pg_current_xact_id(), 0, B'00001'
                from generate_series(1, 25000)
                """);
        store(database, InstanceId.CENTRAL, 2, 10, "x");
        Page first = read(database, THREE, Feed.NEW, Cursor.START);
        assertThat(first.records()).isEmpty();
        assertThat(first.hasMore()).isTrue();
        Page second = read(database, THREE, Feed.NEW, first.next());
        assertThat(uids(second)).containsExactly(uid(2));
        assertThat(second.hasMore()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void tellsTheHistoryOfWhatIsPushed(TestPostgres server) throws SQLException {
        var database = make(server);
        store(database, THREE, 1, 10, "a");
        store(database, FAR, 1, 20, "b");
        store(database, InstanceId.CENTRAL, 1, 30, "c");
        in(
                database,
                t -> {
                    t.noteSettled(database.shape("party"), FAR, Map.of(uid(1), 5L));
                    t.noteSettled(database.shape("party"), FAR, Map.of(uid(1), 4L));
                    return 0;
                });
        Set<String> all = Set.of("name", "parent");
        var first = new VersionMade(new ETag(10), THREE, 10, all);
        var second = new VersionMade(new ETag(20), FAR, 20, Set.of("name"));
        var third = new VersionMade(new ETag(30), InstanceId.CENTRAL, 30, Set.of("name"));
        assertThat(made(database, Optional.empty()).made()).containsExactly(first, second, third);
        assertThat(made(database, Optional.of(new ETag(9))).made())
                .containsExactly(first, second, third);
        assertThat(made(database, Optional.of(new ETag(10))).made()).containsExactly(second, third);
        assertThat(made(database, Optional.of(new ETag(20))).made()).containsExactly(third);
        assertThat(made(database, Optional.of(new ETag(30))).made()).isEmpty();
        CentralRecord record = made(database, Optional.empty());
        assertThat(record.values()).isEqualTo(fields("name", "c", "parent", null));
        assertThat(record.etag()).isEqualTo(new ETag(30));
        assertThat(record.settledRevision()).isEqualTo(5);
        assertThat(record.isRowGone()).isFalse();
        assertThat(record.isMarkedDeleted()).isFalse();
    }

    private static CentralRecord made(StoreDatabase database, Optional<ETag> base) {
        var pushed = new PushedRecord(uid(1), base, 6, fields("name", "z"), false);
        var unknown = new PushedRecord(uid(2), base, 6, fields("name", "z"), false);
        Map<UUID, CentralRecord> held =
                in(database, t -> t.lock(database.shape("party"), FAR, List.of(pushed, unknown)));
        assertThat(held).hasSize(1);
        return Objects.requireNonNull(held.get(uid(1)));
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void twoPushesOfOneNewRecordCollideInsteadOfDoubling(TestPostgres server) throws SQLException {
        var database = make(server);
        try (Connection other = database.connect();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("insert into doctorbird.party (uid) values ('%s')".formatted(uid(1)));
            assertThatThrownBy(() -> store(database, THREE, 1, 10, "x"))
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            failure ->
                                    assertThat(failure.code())
                                            .isEqualTo(ErrorCode.WRITES_COLLIDED));
        }
        store(database, THREE, 1, 10, "x");
        assertThat(database.rows("select count(*) from party")).containsExactly("1");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void knowsEpochContactsAndChangedModels(TestPostgres server) throws SQLException {
        var database = make(server);
        assertThatThrownBy(() -> in(database, CentralTransaction::epoch))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_INSTALLED));
        database.run("insert into doctorbird.engine_meta values ('epoch', 'e1')");
        assertThat(CentralStoreTest.<String>in(database, CentralTransaction::epoch))
                .isEqualTo("e1");
        assertThatThrownBy(() -> in(database, t -> t.acquaintance(THREE).incarnation()))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure ->
                                assertThat(failure.code()).isEqualTo(ErrorCode.INSTANCE_UNKNOWN));
        database.run(
                "insert into doctorbird.engine_instance (id, name, password_hash) values (3, 'c', '')");
        assertThat(
                        CentralStoreTest.<Optional<UUID>>in(
                                database, t -> t.acquaintance(THREE).incarnation()))
                .isEmpty();
        in(
                database,
                t -> {
                    t.noteContact(THREE, uid(7), Optional.empty(), -90_000_000);
                    return 0;
                });
        assertThat(
                        CentralStoreTest.<Optional<UUID>>in(
                                database, t -> t.acquaintance(THREE).incarnation()))
                .contains(uid(7));
        assertThat(database.rows("select clock_offset from doctorbird.engine_instance"))
                .containsExactly("-00:01:30");
        long before = in(database, CentralTransaction::horizon);
        assertThat(
                        CentralStoreTest.<Set<String>>in(
                                database, t -> t.changedModels(FAR, List.of("party"), 0)))
                .isEmpty();
        store(database, THREE, 1, 10, "x");
        long after = in(database, CentralTransaction::horizon);
        assertThat(after).isGreaterThan(before);
        assertThat(
                        CentralStoreTest.<Set<String>>in(
                                database, t -> t.changedModels(FAR, List.of("party"), before)))
                .containsExactly("party");
        assertThat(
                        CentralStoreTest.<Set<String>>in(
                                database, t -> t.changedModels(FAR, List.of("party"), after)))
                .isEmpty();
        assertThat(CentralStoreTest.<ETag>in(database, CentralTransaction::now).micros())
                .isGreaterThan(1_700_000_000_000_000L);
    }

    /// Goal: a satellite is not told of what it pushed itself, and what nobody looked at counts as
    /// news.
    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void whatAnInstancePushedIsNoNewsToItUnlessThereIsTooMuchToLookAt(TestPostgres server)
            throws SQLException {
        StoreDatabase database = make(server);
        for (int uid = 1; uid <= FeedNews.SCANNED_MAX; uid++) {
            store(database, THREE, uid, uid, "x");
        }
        assertThat(news(database, THREE)).isEmpty();
        assertThat(news(database, FAR)).containsExactly("party");

        store(database, THREE, FeedNews.SCANNED_MAX + 1, 1_000, "x");
        assertThat(news(database, THREE)).containsExactly("party");
    }

    private static Set<String> news(StoreDatabase database, InstanceId instance) {
        return in(database, t -> t.changedModels(instance, List.of("party"), 0));
    }
}
