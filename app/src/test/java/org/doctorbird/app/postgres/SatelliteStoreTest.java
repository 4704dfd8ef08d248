package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.conflict.LocalRecord;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Lease;
import org.doctorbird.exchange.Pending;
import org.doctorbird.exchange.Place;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.SatelliteTransaction;
import org.doctorbird.exchange.Settlement;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SatelliteStoreTest {

    private static final ETag ETAG = new ETag(1_000_000_000_000_001L);

    private static final String TABLES =
            """
            create table party (id serial primary key, dropped text, name text, born date,
              parent integer references party);
            alter table party drop column dropped;
            """;

    private static StoreDatabase make(TestPostgres server) throws SQLException {
        return StoreDatabase.make(server, TABLES, model("party", "party"));
    }

    private static <T> T in(StoreDatabase database, Function<SatelliteTransaction, T> work) {
        return database.satellite().inTransaction(work);
    }

    private static List<PushedRecord> pending(StoreDatabase database) {
        return in(
                database,
                t ->
                        t.pending(
                                        database.shape("party"),
                                        UidRange.ALL,
                                        Optional.empty(),
                                        BatchLimit.ofRecords(100))
                                .records());
    }

    private static void settle(StoreDatabase database, Settlement... settlements) {
        in(
                database,
                t -> {
                    t.settle(database.shape("party"), List.of(settlements));
                    return 0;
                });
    }

    private static List<Refused> apply(StoreDatabase database, Write... writes) {
        return in(database, t -> t.apply(database.shape("party"), List.of(writes)));
    }

    /// Does to the companion what the trigger does after a change of columns.
    private static void change(StoreDatabase database, int number, String bits)
            throws SQLException {
        database.run(
                """
                update doctorbird.party set last_synchronisation = null, revision = revision + 1,
                  changed_fields = B'%s' where uid = '%s'
                """
                        .formatted(bits, uid(number)));
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void pushesWhatChangedUntilItIsSettled(TestPostgres server) throws SQLException {
        var database = make(server);
        database.run(
                """
                insert into party (name, parent) values ('a', 1), ('b', 1);
                insert into doctorbird.party (uid, id) values ('%s', 1), ('%s', 2)
                """
                        .formatted(uid(1), uid(2)));
        var first =
                new PushedRecord(
                        uid(1),
                        Optional.empty(),
                        1,
                        fields("name", "a", "born", null, "parent", uid(1).toString()),
                        false);
        assertThat(pending(database)).hasSize(2).first().isEqualTo(first);
        settle(
                database,
                new Settlement.InStep(uid(1), 1, ETAG),
                new Settlement.InStep(uid(2), 1, ETAG));
        assertThat(pending(database)).isEmpty();

        database.run("update party set name = 'c' where id = 1");
        change(database, 1, "00100");
        assertThat(pending(database))
                .containsExactly(
                        new PushedRecord(uid(1), Optional.of(ETAG), 2, fields("name", "c"), false));
        database.run(
                "update party set parent = null, id = 2 where false; delete from party where id = 2");
        change(database, 2, "11111");
        assertThat(pending(database).getLast())
                .isEqualTo(new PushedRecord(uid(2), Optional.of(ETAG), 2, Fields.NONE, true));
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aChangeMadeDuringThePushStaysToBePushed(TestPostgres server) throws SQLException {
        var database = make(server);
        database.run(
                """
                insert into party (name) values ('a');
                insert into doctorbird.party (uid, id) values ('%s', 1)
                """
                        .formatted(uid(1)));
        PushedRecord pushed = pending(database).getFirst();
        change(database, 1, "00100");
        settle(database, new Settlement.InStep(uid(1), pushed.revision(), ETAG));
        settle(database, new Settlement.Held(uid(1), pushed.revision(), ErrorCode.CONFLICT, "old"));
        settle(database, new Settlement.Whole(uid(1), pushed.revision()));
        assertThat(pending(database))
                .extracting(PushedRecord::revision, PushedRecord::base)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(2L, Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void holdsARefusedPushForLongerAndLonger(TestPostgres server) throws SQLException {
        var database = make(server);
        database.run(
                """
                insert into party (name) values ('a');
                insert into doctorbird.party (uid, id, base_etag) values ('%s', 1, 'epoch')
                """
                        .formatted(uid(1)));
        String pause =
                """
                select revision, attempts, code,
                  round(extract(epoch from next_try - clock_timestamp()) / 60)
                from doctorbird.engine_held
                """;
        for (String expected : List.of("1|1|DRB-2003|1", "1|2|DRB-2003|2", "1|3|DRB-2003|4")) {
            settle(
                    database,
                    new Settlement.Held(uid(1), 1, ErrorCode.RECORD_REFUSED, "constraint x"));
            assertThat(database.rows(pause)).containsExactly(expected);
            assertThat(pending(database)).isEmpty();
        }
        database.run("update doctorbird.engine_held set attempts = 1000");
        settle(database, new Settlement.Held(uid(1), 1, ErrorCode.RECORD_REFUSED, "x"));
        assertThat(database.rows(pause)).containsExactly("1|1001|DRB-2003|60");
        database.run("update doctorbird.engine_held set next_try = clock_timestamp()");
        assertThat(pending(database)).hasSize(1);
        settle(database, new Settlement.Held(uid(1), 1, ErrorCode.RECORD_REFUSED, "x"));
        change(database, 1, "00100");
        assertThat(pending(database)).hasSize(1);
        settle(database, new Settlement.Held(uid(1), 2, ErrorCode.CONFLICT, "x"));
        assertThat(database.rows(pause)).containsExactly("2|1|DRB-2007|1");
        settle(database, new Settlement.Whole(uid(1), 2));
        assertThat(database.rows("select * from doctorbird.engine_held")).isEmpty();
        assertThat(pending(database))
                .containsExactly(
                        new PushedRecord(
                                uid(1),
                                Optional.empty(),
                                3,
                                fields("name", "a", "born", null, "parent", null),
                                false));
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void readsChangesSliceBySliceAndBatchByBatch(TestPostgres server) throws SQLException {
        var database = make(server);
        database.run(
                """
                with p as (insert into party (name) select repeat('x', 100)
                  from generate_series(1, 500) returning id)
                insert into doctorbird.party (uid, id) select gen_random_uuid(), id from p;
                insert into doctorbird.party (uid, deleted_at)
                select gen_random_uuid(), now() from generate_series(1, 50)
                """);
        var uids = new HashSet<UUID>();
        int sum = 0;
        for (UidRange range : UidRange.cut(4)) {
            Optional<String> next = Optional.empty();
            boolean areRowsRead = false;
            do {
                Optional<String> from = next;
                Pending batch =
                        in(
                                database,
                                t ->
                                        t.pending(
                                                database.shape("party"),
                                                range,
                                                from,
                                                new BatchLimit(50, 2_000)));
                long rows = batch.records().stream().filter(some -> !some.isDeleted()).count();
                assertThat(rows).isLessThanOrEqualTo(areRowsRead ? 0 : 20);
                areRowsRead = rows < batch.records().size();
                batch.records().forEach(some -> uids.add(some.uid()));
                sum += batch.records().size();
                next = batch.next();
            } while (next.isPresent());
        }
        assertThat(sum).isEqualTo(550);
        assertThat(uids).hasSize(550);
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void storesWhatCentralSentAndIsInStep(TestPostgres server) throws SQLException {
        var database = make(server);
        assertThat(
                        apply(
                                database,
                                new Write.AtSatellite(
                                        uid(1),
                                        fields("name", "a", "parent", uid(2).toString()),
                                        ETAG)))
                .isEmpty();
        var later = new ETag(ETAG.micros() + 1);
        change(database, 1, "00100");
        settle(database, new Settlement.Held(uid(1), 2, ErrorCode.CONFLICT, "x"));
        assertThat(apply(database, new Write.AtSatellite(uid(1), fields("name", "b"), later)))
                .isEmpty();
        assertThat(
                        SatelliteStoreTest.<Map<UUID, LocalRecord>>in(
                                database,
                                t -> t.lock(database.shape("party"), List.of(uid(1), uid(5)))))
                .isEqualTo(
                        Map.of(
                                uid(1),
                                new LocalRecord(
                                        uid(1),
                                        Optional.of(later),
                                        Optional.of(later),
                                        2,
                                        false,
                                        fields(
                                                "name",
                                                "b",
                                                "born",
                                                null,
                                                "parent",
                                                uid(2).toString()))));
        assertThat(database.rows("select changed_fields from doctorbird.party"))
                .containsExactly("-");
        assertThat(database.rows("select * from doctorbird.engine_held")).isEmpty();
        assertThat(apply(database, new Write.DeleteAtSatellite(uid(1), later))).isEmpty();
        assertThat(apply(database, new Write.DeleteAtSatellite(uid(1), later))).isEmpty();
        assertThat(database.rows("select id, deleted_at is null from doctorbird.party"))
                .containsExactly("-|f");
        assertThat(database.rows("select * from party")).isEmpty();
        assertThat(database.rows("select * from doctorbird.engine_missing_reference")).isEmpty();
        assertThat(apply(database, new Write.AtSatellite(uid(1), fields("name", "c"), later)))
                .isEmpty();
        assertThat(
                        database.rows(
                                "select c.id, t.name, c.deleted_at from doctorbird.party c join party t on t.id = c.id"))
                .containsExactly("2|c|-");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aDeletionThatOthersForbidIsRefusedAlone(TestPostgres server) throws SQLException {
        var database = make(server);
        apply(
                database,
                new Write.AtSatellite(uid(1), fields("name", "a"), ETAG),
                new Write.AtSatellite(uid(2), fields("name", "b"), ETAG),
                new Write.AtSatellite(uid(3), fields("name", "c"), ETAG));
        database.run(
                "insert into party (name, parent) select 'mine', id from party where name = 'b'");
        List<Refused> refused =
                apply(
                        database,
                        new Write.DeleteAtSatellite(uid(1), ETAG),
                        new Write.DeleteAtSatellite(uid(2), ETAG),
                        new Write.AtSatellite(uid(3), fields("name", "cc"), ETAG));
        assertThat(refused)
                .extracting(Refused::uid, Refused::code)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(uid(2), ErrorCode.RECORD_REFUSED));
        assertThat(database.rows("select name from party order by 1"))
                .containsExactly("b", "cc", "mine");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aDeletionDoesNotTakeUnpushedChangesAlong(TestPostgres server) throws SQLException {
        var database =
                StoreDatabase.make(
                        server,
                        """
                        create table patient (id serial primary key);
                        create table visit (id serial primary key,
                          patient integer not null references patient on delete cascade);
                        create table note (id serial primary key, text text,
                          visit integer not null references visit on delete cascade);
                        insert into patient values (1), (2);
                        insert into visit values (1, 1), (2, 2);
                        insert into note values (1, 'unpushed', 1), (2, 'pushed', 2);
                        """,
                        model("patient", "patient"),
                        model("visit", "visit"),
                        model("note", "note"));
        for (String table : List.of("patient", "visit", "note")) {
            database.run(
                    """
                    insert into doctorbird.%1$s (uid, id, last_synchronisation)
                    values ('%2$s', 1, case when '%1$s' <> 'note' then now() end),
                      ('%3$s', 2, now())
                    """
                            .formatted(table, uid(1), uid(2)));
        }
        List<Refused> refused =
                in(
                        database,
                        t ->
                                t.apply(
                                        database.shape("patient"),
                                        List.of(
                                                new Write.DeleteAtSatellite(uid(1), ETAG),
                                                new Write.DeleteAtSatellite(uid(2), ETAG))));
        assertThat(refused)
                .extracting(Refused::uid, Refused::code)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(uid(1), ErrorCode.RECORD_REFUSED));
        assertThat(database.rows("select text from note")).containsExactly("unpushed");
        assertThat(
                        SatelliteStoreTest.<List<Refused>>in(
                                database,
                                t ->
                                        t.apply(
                                                database.shape("visit"),
                                                List.of(
                                                        new Write.DeleteAtSatellite(
                                                                uid(2), ETAG)))))
                .isEmpty();
        assertThat(database.rows("select id from doctorbird.visit order by uid"))
                .containsExactly("1", "-");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aLeaseThatWasTakenOverWritesNoMore(TestPostgres server) throws SQLException {
        var database = make(server);
        var leases = new Leases(database.source());
        Lease old = leases.take("pull/party");
        assertThat(old.number()).isEqualTo(1);
        in(
                database,
                t -> {
                    t.fence(old);
                    return 0;
                });
        Lease next = leases.take("pull/party");
        assertThat(next.number()).isEqualTo(2);
        assertThatThrownBy(() ->
                        in(
                                database,
                                t -> {
                                    t.moveCursor("party", Feed.PULL, new Cursor(5, uid(5)));
                                    t.fence(old);
                                    return 0;
                                }))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FENCED));
        assertThat(SatelliteStoreTest.<Cursor>in(database, t -> t.cursor("party", Feed.PULL)))
                .isEqualTo(Cursor.START);
        try (Connection paused = database.connect();
                var statement = paused.createStatement()) {
            paused.setAutoCommit(false);
            statement.execute("select 1 from doctorbird.engine_lease for share");
            assertThatThrownBy(() -> leases.take("pull/party"))
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            failure ->
                                    assertThat(failure.code())
                                            .isEqualTo(ErrorCode.WRITES_COLLIDED));
        }
        assertThat(leases.take("pull/party").number()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void remembersPlacesReceiptsAndTheEpoch(TestPostgres server) throws SQLException {
        var database = make(server);
        database.run(
                "insert into doctorbird.engine_meta values ('incarnation', '%s')"
                        .formatted(uid(8)));
        in(
                database,
                t -> {
                    assertThat(t.incarnation()).isEqualTo(uid(8));
                    assertThat(t.epoch()).isEmpty();
                    t.enterEpoch("e1");
                    assertThat(t.epoch()).isEqualTo("e1");
                    t.moveCursor("party", Feed.NEW, new Cursor(7, uid(1)));
                    t.moveForward(
                            List.of(
                                    new Place("party", Feed.NEW, new Cursor(7, uid(0))),
                                    new Place("party", Feed.PULL, new Cursor(9, uid(2)))));
                    assertThat(t.places())
                            .containsExactly(
                                    new Place("party", Feed.NEW, new Cursor(7, uid(1))),
                                    new Place("party", Feed.PULL, new Cursor(9, uid(2))));
                    t.enterEpoch("e2");
                    assertThat(t.places()).isEmpty();
                    t.keepReceipts("party", List.of(new Receipt(uid(1), ETAG)));
                    t.keepReceipts("party", List.of(new Receipt(uid(2), ETAG)));
                    assertThat(t.modelsWithReceipts()).containsExactly("party");
                    var page = t.oldestReceipts("party").orElseThrow();
                    assertThat(page.receipts()).containsExactly(new Receipt(uid(1), ETAG));
                    t.dropReceipts("party", page.number());
                    t.dropReceipts("party", t.oldestReceipts("party").orElseThrow().number());
                    assertThat(t.modelsWithReceipts()).isEmpty();
                    return 0;
                });
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void keepsARefusedChangeWhole(TestPostgres server) throws SQLException {
        var database = make(server);
        apply(database, new Write.AtSatellite(uid(1), fields("name", "mine"), ETAG));
        LocalRecord local =
                Objects.requireNonNull(
                        in(database, t -> t.lock(database.shape("party"), List.of(uid(1))))
                                .get(uid(1)));
        var sent = new SentRecord(uid(1), ETAG, fields("name", "central's"), false);
        for (int i = 0; i < 2; i++) {
            in(
                    database,
                    t -> {
                        t.keepRefused(database.shape("party"), Map.of(local, sent));
                        return 0;
                    });
        }
        assertThat(
                        database.rows(
                                """
                                select uid, revision, fields, is_deleted,
                                  extract(epoch from overwritten_by) * 1000000
                                from doctorbird.engine_refused
                                """))
                .containsExactly(
                        uid(1)
                                + "|1|{\"born\": null, \"name\": \"mine\", \"parent\": null}|f|"
                                + ETAG.micros()
                                + ".000000");
    }
}
