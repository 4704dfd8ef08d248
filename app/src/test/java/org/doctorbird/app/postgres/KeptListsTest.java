package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.doctorbird.ErrorCode;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.SatelliteTransaction;
import org.doctorbird.exchange.Write;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KeptListsTest {

    private static final ETag ETAG = new ETag(1_000_000_000_000_001L);
    private static final InstanceId THREE = new InstanceId(3);

    private static final KeptRecord PUSHED =
            KeptRecord.of(
                    "party",
                    THREE,
                    new PushedRecord(
                            uid(1),
                            Optional.of(ETAG),
                            4,
                            fields("name", "a \"quoted\" \\ line\n", "parent", null),
                            false),
                    List.of(new RecordKey("party", uid(8)), new RecordKey("party", uid(9))));

    private static final KeptRecord SENT =
            KeptRecord.of(
                    "party",
                    new SentRecord(uid(2), ETAG, fields(), true),
                    List.of(new RecordKey("party", uid(9)), new RecordKey("elsewhere", uid(9))));

    private static StoreDatabase make(TestPostgres server) throws SQLException {
        return StoreDatabase.make(
                server,
                "create table party (id serial primary key, name text)",
                model("party", "party"));
    }

    private static void run(StoreDatabase database, Consumer<CentralTransaction> work) {
        database.central()
                .inTransaction(transaction -> {
                    work.accept(transaction);
                    return 0;
                });
    }

    private static <T> T in(StoreDatabase database, Function<CentralTransaction, T> work) {
        return database.central().inTransaction(work);
    }

    private static void store(StoreDatabase database, int number) {
        var write =
                new Write.AtCentral(
                        uid(number), fields("name", "x"), Set.of("name"), ETAG, THREE, 1, false);
        run(database, t -> t.apply(database.shape("party"), List.of(write)));
    }

    /// One transaction parks a push while another one settles a later one.
    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aParkedPushThatALaterOneHasSettledWaitsNoMore(TestPostgres server) throws SQLException {
        var database = make(server);
        run(database, t -> t.park(List.of(PUSHED, SENT)));
        Consumer<Long> settle =
                revision ->
                        run(
                                database,
                                t ->
                                        t.noteSettled(
                                                database.shape("party"),
                                                PUSHED.from(),
                                                Map.of(PUSHED.uid(), revision)));
        settle.accept(PUSHED.revision());
        assertThat(KeptListsTest.<List<KeptRecord>>in(database, t -> t.takeReady(10))).isEmpty();
        settle.accept(PUSHED.revision() + 1);
        assertThat(KeptListsTest.<List<KeptRecord>>in(database, t -> t.takeReady(10)))
                .containsExactly(PUSHED);
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void parkedRecordsComeBackWholeWhenWhatTheyWaitForIsHere(TestPostgres server)
            throws SQLException {
        var database = make(server);
        run(database, t -> t.park(List.of(PUSHED, SENT)));
        run(database, t -> t.park(List.of(PUSHED, PUSHED)));
        assertThat(KeptListsTest.<List<KeptRecord>>in(database, t -> t.takeReady(10))).isEmpty();
        assertThat(
                        KeptListsTest.<List<KeptRecord>>in(
                                database,
                                t -> t.takeParked(List.of(new RecordKey("party", uid(7))), 10)))
                .isEmpty();
        store(database, 9);
        assertThat(KeptListsTest.<List<KeptRecord>>in(database, t -> t.takeReady(10))).isEmpty();
        store(database, 8);
        assertThat(KeptListsTest.<List<KeptRecord>>in(database, t -> t.takeReady(10)))
                .containsExactly(PUSHED);
        assertThat(KeptListsTest.<List<KeptRecord>>in(database, t -> t.takeReady(10))).isEmpty();
        List<KeptRecord> taken =
                in(database, t -> t.takeParked(List.of(new RecordKey("party", uid(9))), 10));
        assertThat(taken).hasSize(1);
        assertThat(taken.getFirst().asSent()).isEqualTo(SENT.asSent());
        assertThat(taken.getFirst().waitsFor())
                .containsExactlyInAnyOrderElementsOf(SENT.waitsFor());
        assertThat(database.rows("select * from doctorbird.engine_parked_for")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void takesNoMoreParkedRecordsThanAsked(TestPostgres server) throws SQLException {
        var database = make(server);
        run(database, t -> t.park(List.of(PUSHED, SENT)));
        var key = List.of(new RecordKey("party", uid(9)));
        assertThat(KeptListsTest.<List<KeptRecord>>in(database, t -> t.takeParked(key, 1)))
                .hasSize(1);
        assertThat(KeptListsTest.<List<KeptRecord>>in(database, t -> t.takeParked(key, 1)))
                .hasSize(1);
        assertThat(KeptListsTest.<List<KeptRecord>>in(database, t -> t.takeParked(key, 1)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void quarantineKeepsTheRecordTheReasonAndTheAttempts(TestPostgres server) throws SQLException {
        var database = make(server);
        var broken =
                KeptRecord.of(
                        "party",
                        THREE,
                        new PushedRecord(
                                uid(3), Optional.empty(), 1, fields("name", "zero \0"), false),
                        List.of());
        var refusal = new Refused(uid(1), ErrorCode.UNIQUE_KEY_TAKEN, "constraint x", "Key \0 (a)");
        for (int i = 0; i < 2; i++) {
            run(database, t -> t.quarantine(List.of(PUSHED, broken), List.of(refusal, refusal)));
        }
        assertThat(
                        database.rows(
                                """
                                select model, uid, instance, revision, fields->>'name', code, reason,
                                  detail, attempts
                                from doctorbird.engine_quarantine order by uid
                                """))
                .containsExactly(
                        "party|"
                                + uid(1)
                                + "|3|4|a \"quoted\" \\ line\n|DRB-2002|constraint x|Key \uFFFD (a)|2",
                        "party|"
                                + uid(3)
                                + "|3|1|zero \uFFFD|DRB-2002|constraint x|Key \uFFFD (a)|2");
        run(database, t -> t.park(List.of(PUSHED)));
        var other = KeptRecord.of("party", new InstanceId(4), PUSHED.asPushed(), List.of());
        run(database, t -> t.quarantine(List.of(other), List.of(refusal)));
        run(database, t -> t.release(List.of(PUSHED)));
        assertThat(
                        database.rows(
                                """
                                select uid, instance from doctorbird.engine_quarantine order by uid
                                """))
                .containsExactly(uid(1) + "|4", uid(3) + "|3");
        assertThat(database.rows("select * from doctorbird.engine_parked")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aConflictIsKeptOnce(TestPostgres server) throws SQLException {
        var database = make(server);
        for (int i = 0; i < 2; i++) {
            run(
                    database,
                    t ->
                            t.keepConflicts(
                                    List.of(
                                            new Dispute(
                                                    PUSHED,
                                                    Dispute.Kind.FIELDS,
                                                    Set.of("name", "a"),
                                                    Map.of("b", Policy.LATEST),
                                                    "",
                                                    true),
                                            new Dispute(
                                                    SENT,
                                                    Dispute.Kind.DELETION,
                                                    Set.of(),
                                                    Map.of(),
                                                    "",
                                                    false))));
        }
        assertThat(
                        database.rows(
                                """
                                select uid, instance, revision, disputed, is_deleted, settled, kind, resolution
                                from doctorbird.engine_conflict order by uid
                                """))
                .containsExactly(
                        uid(1) + "|3|4|{a,name}|f|{\"b\": \"latest\"}|fields|-",
                        uid(2) + "|0|0|{}|t|{}|deletion|policy");
    }

    /// A satellite looks at its lists only if this says so.
    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void eachListThatHoldsSomethingIsSeen(TestPostgres server) throws SQLException {
        var database = make(server);
        assertThat(hasKept(database)).isFalse();

        run(database, t -> t.park(List.of(PUSHED)));
        assertThat(hasKept(database)).as("parked").isTrue();
        database.run("delete from doctorbird.engine_parked");

        var refusal = new Refused(uid(1), ErrorCode.UNIQUE_KEY_TAKEN, "constraint x", "");
        run(database, t -> t.quarantine(List.of(PUSHED), List.of(refusal)));
        assertThat(hasKept(database)).as("in quarantine").isTrue();
        database.run("delete from doctorbird.engine_quarantine");
        assertThat(hasKept(database)).isFalse();

        database.run(
                "insert into doctorbird.engine_missing_reference values ('party', '%s', 'parent', 'party', '%s')"
                        .formatted(uid(1), uid(2)));
        assertThat(hasKept(database)).as("without a reference").isTrue();
    }

    private static boolean hasKept(StoreDatabase database) {
        return database.satellite().inTransaction(SatelliteTransaction::hasKept);
    }
}
