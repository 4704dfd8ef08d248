package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.sql.DataSource;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.SatelliteTransaction;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A record is written and deleted while it is being pushed: the push of its end may overtake the
/// push of the record.
final class OvertakenPushTest {

    private static final InstanceId CLINIC = new InstanceId(1);
    private static final String PARTY = "party.party";
    private static final String DECIDED = "select r.relkind in ('r', 'p')";

    private final PostgresRegion region =
            new PostgresRegion(
                    TestPostgres.NEWEST,
                    "create table party_party (id serial primary key, name text)",
                    """
                    format = 1
                    [[model]]
                    name = "party.party"
                    table = "party_party"
                    deletes = "propagate"
                    """,
                    List.of(PARTY),
                    Map.of(PARTY, List.of("name")));

    @AfterEach
    void close() throws Exception {
        region.close();
    }

    private PushAnswer push(PushedRecord record) {
        return region.central().push(CLINIC, PARTY, List.of(record)).getFirst();
    }

    private PushAnswer pushRecord() {
        return push(new PushedRecord(uid(1), Optional.empty(), 1, fields("name", "a"), false));
    }

    private PushAnswer pushEnd() {
        return push(new PushedRecord(uid(1), Optional.empty(), 2, Fields.NONE, true));
    }

    private List<String> atCentral(String sql) throws SQLException {
        return region.database(InstanceId.CENTRAL).rows(sql);
    }

    /// Puts an interruption into the next transaction at central; later ones go on undisturbed.
    private void interrupt(Function<DataSource, InterruptedSource> by) {
        var isPlaced = new AtomicBoolean();
        region.reachDatabasesBy(source -> isPlaced.getAndSet(true) ? source : by.apply(source));
    }

    @Test
    void anEndThatComesWhileItsRecordIsDecidedOnIsNotForgotten() throws SQLException {
        var ends = new ArrayList<PushAnswer>();
        interrupt(source ->
                InterruptedSource.beforeStatement(source, DECIDED, () -> ends.add(pushEnd())));

        PushAnswer answer = pushRecord();

        assertThat(ends).singleElement().isInstanceOf(PushAnswer.Accepted.class);
        assertThat(answer).isInstanceOf(PushAnswer.AskedForWhole.class);
        assertThat(atCentral("select name from party_party")).isEmpty();
        assertThat(atCentral("select uid from doctorbird.party_party")).isEmpty();
    }

    @Test
    void anEndThatComesWhileItsRecordIsStoredWaitsForIt() throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            var ends = new ArrayList<Future<PushAnswer>>();
            interrupt(source ->
                    InterruptedSource.beforeCommit(
                            source,
                            () -> {
                                Future<PushAnswer> end = other.submit(this::pushEnd);
                                ends.add(end);
                                awaitWaiting(end);
                            }));

            PushAnswer answer = pushRecord();

            assertThat(answer).isInstanceOf(PushAnswer.Accepted.class);
            assertThat(ends.getFirst().get()).isInstanceOf(PushAnswer.Accepted.class);
        }
        assertThat(atCentral("select name from party_party")).isEmpty();
        assertThat(atCentral("select id, origin_revision from doctorbird.party_party"))
                .containsExactly("-|2");
    }

    /// Returns when it waits for a lock, or has not waited at all.
    private void awaitWaiting(Future<PushAnswer> end) throws SQLException {
        String waiting =
                """
                select pid from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                """;
        while (!end.isDone() && atCentral(waiting).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aRowThatIsDeletedWhileChangesAreReadIsPushedOnceInABatch() throws SQLException {
        var clinic = region.database(CLINIC);
        clinic.run("insert into party_party (name) values ('a'), ('b')");
        var source =
                InterruptedSource.beforeStatement(
                        clinic.database.dataSource(),
                        "c.id is null and c.uid > ?",
                        () -> clinic.run("delete from party_party where name = 'a'"));
        var store = new PostgresSatelliteStore(source, region.tables(CLINIC));
        List<PushedRecord> read =
                store.inTransaction((SatelliteTransaction transaction) ->
                        transaction
                                .pending(
                                        region.models(CLINIC).shape(PARTY),
                                        UidRange.ALL,
                                        Optional.empty(),
                                        BatchLimit.ofRecords(10))
                                .records());
        assertThat(source.isOver()).isTrue();
        assertThat(read).hasSize(2).noneMatch(PushedRecord::isDeleted);
    }
}
