package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Rules;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Feeds, receipts and withdrawals of a model whose records do not go to everybody. Who should hold
/// them is written by the test, as the computation would.
final class CentralFeedTest {

    private static final InstanceId TWO = new InstanceId(2);
    private static final InstanceId THREE = new InstanceId(3);
    private static final String NOBODY = "0";
    private static final String ONLY_TWO = "001";

    private static StoreDatabase make(TestPostgres server) throws SQLException {
        var database =
                StoreDatabase.make(
                        server,
                        "create table party (id serial primary key, name text, born date)",
                        model("party", "party").with(Rules.of(Interest.where("true"))));
        database.run("create view state as %s".formatted(STATE));
        return database;
    }

    private static final String STATE =
            """
            select uid, synchronised_instances as held, stamped,
              changed < (select value::xid8 from doctorbird.engine_meta
                where key = 'interest_horizon') as is_passed,
              (select count(*) from doctorbird.engine_late_receipt l where l.uid = p.uid) as late
            from doctorbird.party p\
            """;

    private static <T> T in(StoreDatabase database, Function<CentralTransaction, T> work) {
        return database.central().inTransaction(work);
    }

    /// Computes and publishes that these instances should hold the record.
    private static void interest(StoreDatabase database, int uid, String instances)
            throws SQLException {
        database.run(
                """
                update doctorbird.party set interested_instances = B'%1$s',
                  changed = pg_current_xact_id(), stamped = 1
                where uid = '%2$s' and interested_instances is distinct from B'%1$s'
                """
                        .formatted(instances, uid(uid)));
        publish(database);
    }

    private static void publish(StoreDatabase database) throws SQLException {
        database.run(
                """
                insert into doctorbird.engine_meta (key, value)
                values ('interest_horizon', pg_snapshot_xmin(pg_current_snapshot())::text)
                on conflict (key) do update set value = excluded.value
                """);
    }

    private static Page read(StoreDatabase database, InstanceId instance, Feed feed) {
        return read(database, instance, feed, Cursor.START, 100, Optional.empty());
    }

    private static Page read(
            StoreDatabase database,
            InstanceId instance,
            Feed feed,
            Cursor after,
            int records,
            Optional<String> newestFirst) {
        return in(
                database,
                t ->
                        t.read(
                                database.shape("party"),
                                instance,
                                feed,
                                after,
                                BatchLimit.ofRecords(records),
                                newestFirst));
    }

    private static List<UUID> uids(Page page) {
        return page.records().stream().map(SentRecord::uid).toList();
    }

    private static int acknowledge(
            StoreDatabase database, InstanceId instance, int uid, long etag) {
        return in(
                database,
                t ->
                        t.acknowledge(
                                database.shape("party"),
                                instance,
                                List.of(new Receipt(uid(uid), new ETag(etag)))));
    }

    private static int removed(
            StoreDatabase database, InstanceId instance, List<Withdrawal> withdrawn) {
        return in(
                database,
                t -> t.acknowledgeWithdrawn(database.shape("party"), instance, withdrawn));
    }

    private static List<String> state(StoreDatabase database) throws SQLException {
        return database.rows("select held, stamped, is_passed, late from state order by uid");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void givesARestrictedRecordToThoseThatShouldHoldIt(TestPostgres server) throws SQLException {
        var database = make(server);
        database.store(InstanceId.CENTRAL, 1, 10);
        assertThat(read(database, TWO, Feed.NEW).isEmpty()).isTrue();
        interest(database, 1, ONLY_TWO);
        assertThat(uids(read(database, TWO, Feed.NEW))).containsExactly(uid(1));
        assertThat(read(database, THREE, Feed.NEW).isEmpty()).isTrue();
        assertThat(acknowledge(database, TWO, 1, 10)).isEqualTo(1);
        assertThat(read(database, TWO, Feed.NEW).isEmpty()).isTrue();
        assertThat(uids(read(database, TWO, Feed.PULL))).containsExactly(uid(1));
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aVersionWhoseInterestIsNotComputedNeverLeaves(TestPostgres server) throws SQLException {
        var database = make(server);
        database.store(InstanceId.CENTRAL, 1, 10);
        interest(database, 1, ONLY_TWO);
        acknowledge(database, TWO, 1, 10);
        database.store(InstanceId.CENTRAL, 1, 20);
        assertThat(read(database, TWO, Feed.PULL).isEmpty()).isTrue();
        assertThat(open(database, TWO)).isEmpty();
        Page idle = read(database, TWO, Feed.PULL);
        assertThat(idle.hasMore()).isFalse();
        assertThat(idle.next().transaction()).isEqualTo(horizon(database) - 1);
        publish(database);
        assertThat(read(database, TWO, Feed.PULL).records().getFirst().etag())
                .isEqualTo(new ETag(20));
        assertThat(open(database, TWO)).containsExactly(uid(1));
        assertThat(open(database, THREE)).isEmpty();
        database.run("insert into doctorbird.engine_meta values ('interest_paused', 'true')");
        assertThat(read(database, TWO, Feed.PULL).isEmpty()).isTrue();
        assertThat(open(database, TWO)).isEmpty();
        assertThat(horizon(database)).isZero();
    }

    private static Set<UUID> open(StoreDatabase database, InstanceId instance) {
        return CentralFeedTest.<Map<UUID, SentRecord>>in(
                        database, t -> t.openTo(database.shape("party"), instance, List.of(uid(1))))
                .keySet();
    }

    private static long horizon(StoreDatabase database) {
        return CentralFeedTest.<Long>in(database, CentralTransaction::horizon);
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void withdrawsUntilTheReceipt(TestPostgres server) throws SQLException {
        var database = make(server);
        database.store(TWO, 1, 10);
        interest(database, 1, NOBODY);
        Page page = read(database, TWO, Feed.PULL);
        assertThat(page.records()).isEmpty();
        assertThat(page.withdrawn()).extracting(Withdrawal::uid).containsExactly(uid(1));
        assertThat(
                        CentralFeedTest.<List<Withdrawal>>in(
                                database,
                                t ->
                                        t.withdrawnFrom(
                                                database.shape("party"), TWO, List.of(uid(1)))))
                .isEqualTo(page.withdrawn());
        assertThat(removed(database, TWO, page.withdrawn())).isEqualTo(1);
        assertThat(removed(database, TWO, page.withdrawn())).isZero();
        assertThat(read(database, TWO, Feed.PULL).isEmpty()).isTrue();
        assertThat(read(database, TWO, Feed.NEW).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aLateReceiptOfAWithdrawalDoesNotHideThatTheRecordCameBack(TestPostgres server)
            throws SQLException {
        var database = make(server);
        database.store(TWO, 1, 10);
        interest(database, 1, NOBODY);
        List<Withdrawal> withdrawn = read(database, TWO, Feed.PULL).withdrawn();
        interest(database, 1, ONLY_TWO);
        Page back = read(database, TWO, Feed.PULL);
        assertThat(uids(back)).containsExactly(uid(1));
        assertThat(removed(database, TWO, withdrawn)).isZero();
        assertThat(state(database)).containsExactly("001|2|f|0");
        publish(database);
        assertThat(uids(read(database, TWO, Feed.PULL, back.next(), 100, Optional.empty())))
                .containsExactly(uid(1));
        interest(database, 1, NOBODY);
        assertThat(removed(database, TWO, withdrawn)).isZero();
        publish(database);
        assertThat(read(database, TWO, Feed.PULL).withdrawn()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aReceiptForWhatAnInstanceShouldNotHoldLeadsToAWithdrawal(TestPostgres server)
            throws SQLException {
        var database = make(server);
        for (long etag : List.of(10L, 5L)) {
            database.store(InstanceId.CENTRAL, 1, 10);
            interest(database, 1, NOBODY);
            Page before = read(database, TWO, Feed.PULL);
            assertThat(before.isEmpty()).isTrue();
            assertThat(acknowledge(database, TWO, 1, etag)).isEqualTo(etag == 10 ? 1 : 0);
            assertThat(state(database)).containsExactly("001|2|f|0");
            publish(database);
            Page after = read(database, TWO, Feed.PULL, before.next(), 100, Optional.empty());
            assertThat(after.withdrawn()).hasSize(1);
            assertThat(removed(database, TWO, after.withdrawn())).isEqualTo(1);
            assertThat(state(database)).containsExactly("000|2|t|0");
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aReceiptForAnOldVersionThatIsStillWantedIsRemembered(TestPostgres server)
            throws SQLException {
        var database = make(server);
        database.store(InstanceId.CENTRAL, 1, 20);
        interest(database, 1, ONLY_TWO);
        assertThat(acknowledge(database, TWO, 1, 10)).isZero();
        assertThat(state(database)).containsExactly("|1|t|1");
        assertThat(uids(read(database, TWO, Feed.NEW))).containsExactly(uid(1));
        assertThat(acknowledge(database, TWO, 1, 20)).isEqualTo(1);
        assertThat(state(database)).containsExactly("001|1|t|0");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void anUncomputedVersionKeepsItsStampWhenItsReceiptComes(TestPostgres server)
            throws SQLException {
        var database = make(server);
        publish(database);
        database.store(InstanceId.CENTRAL, 1, 10);
        assertThat(acknowledge(database, TWO, 1, 9)).isZero();
        assertThat(state(database)).containsExactly("001|0|f|0");
        publish(database);
        database.run("insert into doctorbird.engine_meta values ('interest_paused', 'true')");
        assertThat(acknowledge(database, TWO, 1, 10)).isEqualTo(1);
        assertThat(state(database)).containsExactly("001|0|f|0");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void theEndOfARecordGoesToItsHoldersAndEndsWithTheReceipt(TestPostgres server)
            throws SQLException {
        var database = make(server);
        database.store(TWO, 1, 10);
        interest(database, 1, NOBODY);
        database.run(
                """
                delete from party; update doctorbird.party set id = null, deleted_at = now(),
                  changed = pg_current_xact_id(), stamped = 0, origin = 0
                """);
        publish(database);
        Page page = read(database, TWO, Feed.PULL);
        assertThat(page.withdrawn()).isEmpty();
        assertThat(page.records()).extracting(SentRecord::isDeleted).containsExactly(true);
        assertThat(open(database, TWO)).containsExactly(uid(1));
        assertThat(read(database, THREE, Feed.PULL).isEmpty()).isTrue();
        assertThat(acknowledge(database, TWO, 1, 10)).isEqualTo(1);
        assertThat(read(database, TWO, Feed.PULL).isEmpty()).isTrue();
        Cursor passed = new Cursor(horizon(database), uid(0));
        assertThat(acknowledge(database, THREE, 1, 9)).isZero();
        publish(database);
        assertThat(read(database, THREE, Feed.NEW, passed, 100, Optional.empty()).records())
                .hasSize(1);
        assertThat(acknowledge(database, THREE, 1, 10)).isEqualTo(1);
        assertThat(state(database)).containsExactly("000|2|t|0");
        assertThat(read(database, THREE, Feed.NEW).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aRecordDoesNotEndWhileItsReceiptIsTaken(TestPostgres server) throws SQLException {
        var database = make(server);
        database.store(InstanceId.CENTRAL, 1, 20);
        interest(database, 1, ONLY_TWO);
        in(
                database,
                transaction -> {
                    var old = new Receipt(uid(1), new ETag(10));
                    assertThat(transaction.acknowledge(database.shape("party"), TWO, List.of(old)))
                            .isZero();
                    assertThatThrownBy(() ->
                                    database.run(
                                            "set lock_timeout = '50ms'; update doctorbird.party set id = null"))
                            .hasMessageContaining("lock timeout");
                    return 0;
                });
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aVersionThatIsGivenOnceMoreGoesToItsMakerToo(TestPostgres server) throws SQLException {
        var database = make(server);
        database.store(TWO, 1, 10);
        database.run("update doctorbird.party set interested_instances = B'001'");
        publish(database);
        assertThat(read(database, TWO, Feed.PULL).isEmpty()).isTrue();
        in(
                database,
                t -> {
                    t.resend(database.shape("party"), List.of(uid(1)));
                    return 0;
                });
        publish(database);
        assertThat(uids(read(database, TWO, Feed.PULL))).containsExactly(uid(1));
        database.store(TWO, 1, 20);
        publish(database);
        assertThat(read(database, TWO, Feed.PULL).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void saysWhetherThePusherHoldsAndMaySeeARecord(TestPostgres server) throws SQLException {
        var database = make(server);
        database.store(TWO, 1, 10);
        assertThat(rights(database, TWO)).containsExactly(true, false);
        interest(database, 1, "0001");
        assertThat(rights(database, TWO)).containsExactly(true, false);
        assertThat(rights(database, THREE)).containsExactly(false, true);
        database.store(TWO, 1, 20);
        assertThat(rights(database, THREE)).containsExactly(false, false);
    }

    private static List<Boolean> rights(StoreDatabase database, InstanceId from) {
        var pushed = new PushedRecord(uid(1), Optional.empty(), 6, fields("name", "z"), false);
        CentralRecord held =
                Objects.requireNonNull(
                        CentralFeedTest.<Map<UUID, CentralRecord>>in(
                                        database,
                                        t -> t.lock(database.shape("party"), from, List.of(pushed)))
                                .get(uid(1)));
        return List.of(held.isHeld(), held.isOpen());
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void givesTheNewestFirstAcrossPages(TestPostgres server) throws SQLException {
        var database = make(server);
        for (int i = 1; i < 6; i++) {
            database.store(InstanceId.CENTRAL, i, 10);
            database.run(
                    "update party set born = %s where id = %d"
                            .formatted(i == 2 ? "null" : "'2000-01-0%d'".formatted(6 - i), i));
            interest(database, i, ONLY_TWO);
        }
        database.store(InstanceId.CENTRAL, 6, 10);
        var born = Optional.of("born");
        Page first = read(database, TWO, Feed.NEW, Cursor.START, 2, born);
        assertThat(uids(first)).containsExactly(uid(1), uid(3));
        assertThat(first.next()).isEqualTo(Cursor.START);
        assertThat(first.hasMore()).isTrue();
        acknowledge(database, TWO, 1, 10);
        acknowledge(database, TWO, 3, 10);
        Page second = read(database, TWO, Feed.NEW, first.next(), 2, born);
        assertThat(uids(second)).containsExactly(uid(4), uid(5));
        acknowledge(database, TWO, 4, 10);
        acknowledge(database, TWO, 5, 10);
        Page third = read(database, TWO, Feed.NEW, second.next(), 2, born);
        assertThat(uids(third)).containsExactly(uid(2));
        assertThat(third.hasMore()).isFalse();
        assertThat(third.next().transaction()).isEqualTo(horizon(database) - 1);
        assertThat(read(database, TWO, Feed.NEW, third.next(), 2, born).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aPageThatIsFullOfBytesWithdrawsNoFurther(TestPostgres server) throws SQLException {
        var database = make(server);
        for (int i = 1; i < 5; i++) {
            database.store(THREE, i, 10);
            database.run("update doctorbird.party set synchronised_instances = B'001'");
            interest(database, i, i % 2 == 0 ? ONLY_TWO : NOBODY);
        }
        database.run("update party set name = repeat('x', 2000)");
        Cursor cursor = Cursor.START;
        for (int i = 0; i < 2; i++) {
            Cursor after = cursor;
            Page page =
                    in(
                            database,
                            t ->
                                    t.read(
                                            database.shape("party"),
                                            TWO,
                                            Feed.PULL,
                                            after,
                                            new BatchLimit(100, 1_000),
                                            Optional.empty()));
            assertThat(uids(page)).containsExactly(uid(2 * i + 2));
            assertThat(page.withdrawn())
                    .extracting(Withdrawal::uid)
                    .containsExactly(uid(2 * i + 1));
            cursor = page.next();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30})
    void takesTheSameNumberOfStatementsForAnyPageAndReceipts(int records) throws SQLException {
        var database = make(TestPostgres.NEWEST);
        for (int i = 0; i < records; i++) {
            database.store(InstanceId.CENTRAL, i, 10);
        }
        database.run("update doctorbird.party set interested_instances = B'001'");
        publish(database);
        var source = new CountingSource(database.source());
        var central = new PostgresCentralStore(source, database.tables());
        int count =
                central.<Integer>inTransaction(t -> {
                    source.count();
                    t.read(
                            database.shape("party"),
                            TWO,
                            Feed.NEW,
                            Cursor.START,
                            BatchLimit.ofRecords(100),
                            Optional.of("born"));
                    t.acknowledge(
                            database.shape("party"),
                            TWO,
                            java.util.stream.IntStream.range(0, records)
                                    .mapToObj(i -> new Receipt(uid(i), new ETag(9)))
                                    .toList());
                    t.acknowledgeWithdrawn(
                            database.shape("party"),
                            TWO,
                            java.util.stream.IntStream.range(0, records)
                                    .mapToObj(i -> new Withdrawal(uid(i), 1))
                                    .toList());
                    return source.count();
                });
        assertThat(count).isEqualTo(10);
    }
}
