package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.conflict.LocalRecord;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.ReceiptPage;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.SatelliteTransaction;
import org.doctorbird.exchange.Settlement;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.ETag;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.Uids;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a satellite does with records that central withdraws, with its triggers.
final class WithdrawalTest {

    private static final ETag ETAG = new ETag(1_000_000_000_000_001L);
    private static final UUID ANN = Uids.ofNaturalKey("party", "ann");
    private static final UUID BOB = Uids.ofNaturalKey("party", "bob");

    private static final String TABLES =
            """
            create table party (id serial primary key, code text not null unique, name text,
                replaced_by integer references party);
            create table address (id serial primary key,
                party integer not null references party on delete cascade, city text);
            create table visit (id serial primary key, party integer references party, note text);
            """;

    private static final String PLAN =
            """
            format = 1
            [[model]]
            name = "party"
            table = "party"
            unique_id_column = "code"
            [[model]]
            name = "address"
            table = "address"
            [[model]]
            name = "visit"
            table = "visit"
            """;

    private static final String STATE =
            """
            select id, last_synchronisation = timestamptz 'epoch',
              base_etag is not null, revision,
              changed_fields, deleted_at is not null from doctorbird.party where uid = '%s'
            """;

    private static InstalledDatabase make(TestPostgres server) throws SQLException {
        var database = new InstalledDatabase(server, TABLES);
        database.install(Role.SATELLITE, PLAN);
        store(database, "party", party(ANN, "ann"), party(BOB, "bob", "replaced_by", ANN));
        return database;
    }

    private static Write party(UUID uid, String code) {
        return new Write.AtSatellite(uid, fields("code", code, "name", "x"), ETAG);
    }

    private static Write party(UUID uid, String code, String field, UUID target) {
        return new Write.AtSatellite(uid, fields("code", code, field, target.toString()), ETAG);
    }

    private static List<SyncedTable> tables(InstalledDatabase database) {
        return SyncedTables.of(PlanFile.parse(PLAN), Catalogue.read(database.engine));
    }

    private static ModelShape shape(InstalledDatabase database, String model) {
        return new TablesByModel(tables(database)).get(model).shape();
    }

    private static <T> T in(InstalledDatabase database, Function<SatelliteTransaction, T> work) {
        return new PostgresSatelliteStore(database.database.dataSource(), tables(database))
                .inTransaction(work);
    }

    private static void store(InstalledDatabase database, String model, Write... writes) {
        assertThat(apply(database, model, List.of(writes))).isEmpty();
    }

    private static List<Refused> apply(
            InstalledDatabase database, String model, List<Write> writes) {
        return in(database, t -> t.apply(shape(database, model), writes));
    }

    private static void withdraw(InstalledDatabase database, String model, UUID... uids) {
        in(
                database,
                t -> {
                    t.keepWithdrawals(
                            model,
                            List.of(uids).stream().map(uid -> new Withdrawal(uid, 7)).toList());
                    return 0;
                });
    }

    private static List<Refused> remove(InstalledDatabase database, String model, UUID... uids) {
        var writes = new ArrayList<Write>();
        List.of(uids).forEach(uid -> writes.add(new Write.RemoveAtSatellite(uid)));
        return apply(database, model, writes);
    }

    private static List<UUID> due(InstalledDatabase database) {
        return WithdrawalTest.<List<Withdrawal>>in(
                        database,
                        t -> t.dueWithdrawals(shape(database, "party"), Optional.empty(), 10))
                .stream()
                .map(Withdrawal::uid)
                .toList();
    }

    private static List<PushedRecord> pending(InstalledDatabase database) {
        return in(
                database,
                t ->
                        t.pending(
                                        shape(database, "party"),
                                        UidRange.ALL,
                                        Optional.empty(),
                                        BatchLimit.ofRecords(10))
                                .records());
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aRecordThatCameBackHasANewRowAndItsRevisionGoesOn(TestPostgres server)
            throws SQLException {
        try (var database = make(server)) {
            database.run("update party set name = 'y' where code = 'bob'");
            database.settle("party");
            assertThat(remove(database, "party", BOB)).isEmpty();
            assertThat(database.rows("select code from party")).containsExactly("ann");
            assertThat(database.rows(STATE.formatted(BOB))).containsExactly("-|t|f|2|-|t");
            assertThat(pending(database)).isEmpty();
            store(database, "party", party(BOB, "bob"));
            assertThat(database.rows(STATE.formatted(BOB))).containsExactly("3|f|t|2|-|f");
            assertThat(pending(database)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void ofARecordThatWasNeverHereNothingIsNoted(TestPostgres server) throws SQLException {
        try (var database = make(server)) {
            assertThat(remove(database, "party", uid(9), BOB)).isEmpty();
            assertThat(database.rows("select uid from doctorbird.party order by id"))
                    .containsExactly(ANN.toString(), BOB.toString());
            assertThat(remove(database, "party", BOB)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void whatPointedToItIsRememberedAndCompletedWhenItComesBack(TestPostgres server)
            throws SQLException {
        try (var database = make(server)) {
            store(
                    database,
                    "visit",
                    new Write.AtSatellite(uid(5), fields("party", ANN.toString()), ETAG));
            assertThat(remove(database, "party", ANN)).isEmpty();
            assertThat(database.rows("select party from visit")).containsExactly("-");
            assertThat(database.rows("select replaced_by from party")).containsExactly("-");
            assertThat(pending(database)).isEmpty();
            LocalRecord bob =
                    Objects.requireNonNull(
                            WithdrawalTest.<Map<UUID, LocalRecord>>in(
                                            database,
                                            t -> t.lock(shape(database, "party"), List.of(BOB)))
                                    .get(BOB));
            assertThat(bob.values().get("replaced_by")).isEqualTo(ANN.toString());
            assertThat(bob.lastSynchronisation()).contains(ETAG);
            store(database, "party", party(ANN, "ann"));
            assertThat(
                            database.rows(
                                    """
                                    select v.party = p.id, b.replaced_by = p.id
                                    from visit v, party b, party p
                                    where b.code = 'bob' and p.code = 'ann'
                                    """))
                    .containsExactly("t|t");
            assertThat(database.rows("select * from doctorbird.engine_missing_reference"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aRecordThatSomethingHereStillNeedsStaysAlone(TestPostgres server) throws SQLException {
        try (var database = make(server)) {
            store(
                    database,
                    "address",
                    new Write.AtSatellite(uid(5), fields("party", ANN.toString()), ETAG));
            withdraw(database, "party", ANN, BOB);
            assertThat(remove(database, "party", ANN, BOB))
                    .extracting(Refused::uid)
                    .containsExactly(ANN);
            assertThat(database.rows("select code from party")).containsExactly("ann");
            assertThat(database.rows("select count(*) from address")).containsExactly("1");
            assertThat(
                            database.rows(
                                    """
                                    select uid, attempts, reason from doctorbird.engine_withdrawal
                                    where attempts > 0
                                    """))
                    .containsExactly(ANN + "|1|records that stay here still need it");
            assertThat(remove(database, "address", uid(5))).isEmpty();
            assertThat(remove(database, "party", ANN)).isEmpty();
            assertThat(database.rows("select code from party")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aRecordWithUnpushedChangesIsNotDue(TestPostgres server) throws SQLException {
        try (var database = make(server)) {
            withdraw(database, "party", ANN, BOB, uid(9));
            assertThat(due(database)).containsExactlyInAnyOrder(ANN, BOB, uid(9));
            database.run("update party set name = 'unpushed' where code = 'ann'");
            assertThat(due(database)).containsExactlyInAnyOrder(BOB, uid(9));
            long revision = pending(database).getFirst().revision();
            in(
                    database,
                    t -> {
                        t.settle(
                                shape(database, "party"),
                                List.of(new Settlement.Taken(ANN, revision)));
                        return 0;
                    });
            assertThat(pending(database)).isEmpty();
            assertThat(
                            database.rows(
                                    """
                                    select last_synchronisation = timestamptz 'epoch',
                                      base_etag is not null, changed_fields
                                    from doctorbird.party where uid = '%s'
                                    """
                                            .formatted(ANN)))
                    .containsExactly("t|t|-");
            assertThat(due(database)).containsExactlyInAnyOrder(ANN, BOB, uid(9));
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void whatTheApplicationMakesAnewIsPushedWhole(TestPostgres server) throws SQLException {
        try (var database = make(server)) {
            assertThat(remove(database, "party", BOB)).isEmpty();
            database.run("insert into party (code, name) values ('bob', 'again')");
            List<PushedRecord> pushed = pending(database);
            assertThat(pushed).hasSize(1);
            assertThat(pushed.getFirst())
                    .isEqualTo(
                            new PushedRecord(
                                    BOB,
                                    Optional.empty(),
                                    2,
                                    fields("code", "bob", "name", "again", "replaced_by", null),
                                    false));
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void keepsWithdrawalsAndTheirReceipts(TestPostgres server) throws SQLException {
        try (var database = make(server)) {
            withdraw(database, "party", ANN, BOB);
            in(
                    database,
                    t -> {
                        t.keepWithdrawals("party", List.of(new Withdrawal(ANN, 9)));
                        assertThat(t.modelsWithWithdrawals()).containsExactly("party");
                        List<Withdrawal> due =
                                t.dueWithdrawals(shape(database, "party"), Optional.empty(), 10);
                        assertThat(due)
                                .containsExactlyInAnyOrder(
                                        new Withdrawal(ANN, 9), new Withdrawal(BOB, 7));
                        assertThat(
                                        t.dueWithdrawals(
                                                shape(database, "party"),
                                                Optional.of(due.getFirst().uid()),
                                                10))
                                .containsExactly(due.getLast());
                        t.dropWithdrawals("party", List.of(ANN, BOB));
                        assertThat(t.modelsWithWithdrawals()).isEmpty();
                        t.keepWithdrawnReceipts("party", due);
                        ReceiptPage page = t.oldestReceipts("party").orElseThrow();
                        assertThat(page.receipts()).isEmpty();
                        assertThat(page.withdrawn()).isEqualTo(due);
                        return 0;
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30})
    void takesTheSameNumberOfStatementsForAnyBatch(int records) throws SQLException {
        try (var database = make(TestPostgres.NEWEST)) {
            var parties = new ArrayList<Write>();
            var visits = new ArrayList<Write>();
            List<UUID> uids = IntStream.range(0, records).mapToObj(StoreDatabase::uid).toList();
            for (UUID some : uids) {
                parties.add(party(some, some.toString()));
                visits.add(new Write.AtSatellite(some, fields("party", some.toString()), ETAG));
            }
            assertThat(apply(database, "party", parties)).isEmpty();
            assertThat(apply(database, "visit", visits)).isEmpty();
            withdraw(database, "party", uids.toArray(UUID[]::new));
            var source = new CountingSource(database.database.dataSource());
            ModelShape shape = shape(database, "party");
            int count =
                    new PostgresSatelliteStore(source, tables(database))
                            .<Integer>inTransaction(t -> {
                                source.count();
                                var due = t.dueWithdrawals(shape, Optional.empty(), 100);
                                assertThat(due).hasSize(records);
                                t.apply(
                                        shape,
                                        due.stream()
                                                .map(some ->
                                                        new Write.RemoveAtSatellite(some.uid()))
                                                .toList());
                                t.dropWithdrawals("party", uids);
                                t.keepWithdrawnReceipts("party", due);
                                return source.count();
                            });
            assertThat(count).isEqualTo(23);
            assertThat(database.rows("select count(*) from visit where party is null"))
                    .containsExactly(Integer.toString(records));
        }
    }
}
