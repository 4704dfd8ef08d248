package org.doctorbird.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.Closer;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.Installer;
import org.doctorbird.app.postgres.Leases;
import org.doctorbird.app.postgres.PostgresSatelliteStore;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.postgres.SyncedTables;
import org.doctorbird.app.tasks.SatelliteTasks;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Lease;
import org.doctorbird.exchange.SatelliteExchange;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.Cursor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several processes share a satellite's pieces of work, and outlive each other.
final class TakeOverTest {

    private static final int WAIT_SECONDS_MAX = 40;
    private static final int LOOK_AGAIN_MS = 50;
    private static final String PLAN_TEXT = Region.plan(10);
    private static final Plan PLAN = PlanFile.parse(PLAN_TEXT);

    @TempDir Path folder = Path.of("");

    private final Closer opened = new Closer();
    private Region.Place clinic;
    private SyncedTable party;
    private PostgresSatelliteStore store;

    @BeforeEach
    void install() throws SQLException {
        String url = TestPostgres.NEWEST.freshDatabase().url();
        clinic = new Region.Place("clinic", url, folder.resolve("clinic.toml"));
        clinic.run(Region.TABLES + RecordingWork.TABLE);
        try (Connection connection = clinic.connect()) {
            var _ = Installer.installSatellite(connection, PLAN_TEXT, PLAN, "version 1");
            List<SyncedTable> tables = SyncedTables.of(PLAN, Catalogue.read(connection));
            party = tables.getFirst();
            store = new PostgresSatelliteStore(clinic.source(), tables);
        }
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private void startWorker(
            String name, AtomicReference<List<String>> due, Consumer<String> deed) {
        var work = new RecordingWork(clinic.source(), name, due, deed);
        opened.add(SatelliteTasks.start(clinic.source(), work, RecordingWork.EVERY_SECOND));
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IllegalStateException("it never happens");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitRows(String sql, List<String> expected)
            throws SQLException, InterruptedException {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < WAIT_SECONDS_MAX * 1000 / LOOK_AGAIN_MS; i++) {
            seen = clinic.texts(sql);
            if (seen.equals(expected)) {
                return;
            }
            Thread.sleep(LOOK_AGAIN_MS);
        }
        assertThat(seen).isEqualTo(expected);
    }

    /// No piece ends before both workers have one.
    @Test
    void twoWorkersShareThePieces() throws SQLException, InterruptedException {
        var models = List.of("m0", "m1", "m2", "m3", "m4", "m5");
        var due = new AtomicReference<>(models);
        Set<String> busy = ConcurrentHashMap.newKeySet();
        var bothBusy = new CountDownLatch(2);
        for (String worker : List.of("first", "second")) {
            startWorker(
                    worker,
                    due,
                    _ -> {
                        if (busy.add(worker)) {
                            bothBusy.countDown();
                        }
                        await(bothBusy);
                    });
        }

        awaitRows("select model from given order by model", models);
        assertThat(clinic.texts("select distinct worker from given order by worker"))
                .containsExactly("first", "second");
    }

    @Test
    void thePieceOfAKilledProcessRunsElsewhere() throws SQLException, InterruptedException {
        Program killed =
                Program.start(
                        RecordingWork.class,
                        clinic.file(),
                        List.of("-Xmx64m"),
                        List.of(clinic.url(), "killed", "m0"));
        opened.add(killed);
        killed.awaitSaid("has taken it").kill();

        startWorker("survivor", new AtomicReference<>(List.of()), _ -> {});

        awaitRows("select worker from given order by worker", List.of("killed", "survivor"));
        awaitRows("select 1 from doctorbird.scheduled_tasks where task_name = 'piece'", List.of());
    }

    /// 5, 10 and 20 seconds; in the end five minutes.
    @Test
    void aPieceThatFailsIsTriedAgainWithGrowingPauses() throws SQLException, InterruptedException {
        startWorker(
                "failing",
                new AtomicReference<>(List.of("m0")),
                _ -> {
                    throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "no way to central");
                });

        awaitFailure("1|5");
        hurry("");
        awaitFailure("2|10");
        hurry("");
        awaitFailure("3|20");
        hurry(", consecutive_failures = 40");
        awaitFailure("41|300");
    }

    private void awaitFailure(String timesAndPause) throws SQLException, InterruptedException {
        awaitRows(
                """
                select consecutive_failures || '|'
                  || extract(epoch from execution_time - last_failure)::int
                from doctorbird.scheduled_tasks where task_name = 'piece' and not picked
                """,
                List.of(timesAndPause));
    }

    private void hurry(String more) throws SQLException {
        clinic.run(
                "update doctorbird.scheduled_tasks set execution_time = now()%s where task_name = 'piece'"
                        .formatted(more));
    }

    @Test
    void whoWasOvertakenWhilePushingSettlesNothing() throws SQLException {
        clinic.run("insert into party (name) values ('Ida')");
        var leases = new Leases(clinic.source());
        var link = new OvertakingLink(() -> leases.take("push"));
        Lease first = leases.take("push");

        assertFenced(() -> push(link, first));

        assertThat(clinic.texts("select last_synchronisation from doctorbird.party"))
                .containsOnlyNulls();
        assertThat(push(new OvertakingLink(() -> first), leases.take("push"))).isEqualTo(1);
        assertThat(clinic.texts("select last_synchronisation from doctorbird.party"))
                .doesNotContainNull();
    }

    private long push(OvertakingLink link, Lease lease) {
        return new SatelliteExchange(store, link, ExchangeListener.NONE)
                .push(party.plan(), party.shape(), UidRange.ALL, lease, Aside.AT_ONCE);
    }

    @Test
    void whoWasOvertakenWhileReadingTakesNothingAndStaysInItsPlace() throws SQLException {
        var leases = new Leases(clinic.source());
        var link = new OvertakingLink(() -> leases.take("new"));
        Lease first = leases.take("new");
        var exchange = new SatelliteExchange(store, link, ExchangeListener.NONE);

        assertFenced(() -> exchange.takeNew(party.plan(), party.shape(), first));

        assertThat(clinic.texts("select name from party")).isEmpty();
        assertThat(clinic.texts("select model from doctorbird.engine_cursor")).isEmpty();
        assertThat(
                        store.<Cursor>inTransaction(
                                transaction -> transaction.cursor(party.model(), Feed.NEW)))
                .isEqualTo(Cursor.START);
    }

    private static void assertFenced(ThrowingCallable call) {
        assertThatExceptionOfType(SyncException.class)
                .isThrownBy(call)
                .extracting(SyncException::code)
                .isEqualTo(ErrorCode.FENCED);
    }
}
