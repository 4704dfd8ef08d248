package org.doctorbird.app.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Installer;
import org.doctorbird.app.settings.TaskSettings;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The task engine on one database, with work that only notes what was asked of it.
final class SharedWorkTest {

    private static final long WAIT_SECONDS = 60;

    /// Every second; the tests wait for what they need, however long that takes.
    private static final TaskSettings SETTINGS =
            new TaskSettings("* * * * * *", 2, TaskSettings.VERIFY_DAYS_DEFAULT, false);

    private final TestPostgres.Database database = TestPostgres.NEWEST.freshDatabase();
    private final Queue<AutoCloseable> running = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void install() throws SQLException {
        String plan = "format = 1\n[[model]]\nname = \"a\"\ntable = \"a\"\n";
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table a (id serial primary key)");
            Installer.installSatellite(connection, plan, PlanFile.parse(plan), "1");
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : running) {
            each.close();
        }
    }

    /// Goal: the pieces of one cycle spread over all processes. Method: two task engines with one
    /// worker each; a piece ends only when both engines have begun one.
    @Test
    void twoProcessesShareThePiecesOfACycle() throws Exception {
        var both = new CountDownLatch(2);
        var firstBegan = new AtomicInteger();
        var secondBegan = new AtomicInteger();

        start(new NotedWork(models(8), _ -> meet(firstBegan, both)), 1);
        start(new NotedWork(models(8), _ -> meet(secondBegan, both)), 1);

        assertThat(both.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static void meet(AtomicInteger began, CountDownLatch both) {
        if (began.getAndIncrement() == 0) {
            both.countDown();
        }
        await(both);
    }

    /// Goal: a dead process's piece is run by another one. Method: the table says that somebody
    /// took the piece and has not been heard of since.
    @Test
    void aDeadProcessesPieceIsTakenOver() throws Exception {
        run(
                """
                insert into doctorbird.scheduled_tasks (task_name, task_instance, execution_time,
                  picked, picked_by, last_heartbeat, version, priority)
                values ('piece', 'push/0/1/orphan', now() - interval '1 hour', true, 'gone',
                  now() - interval '1 hour', 1, 0)
                """);
        var done = new CountDownLatch(1);

        start(
                new NotedWork(
                        List.of(),
                        piece -> {
                            if (piece.equals("push orphan")) {
                                done.countDown();
                            }
                        }),
                1);

        assertThat(done.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatMayPassIsTriedAgainAndTheRestIsLeftToTheNextCycle() throws Exception {
        var tries = new AtomicInteger();
        var second = new CountDownLatch(2);
        var work =
                new NotedWork(
                        List.of("a"),
                        piece -> {
                            if (piece.equals("push a")) {
                                tries.incrementAndGet();
                                second.countDown();
                                throw new SyncException(ErrorCode.LOGIN_REFUSED, "no");
                            } else if (piece.equals("pull a")) {
                                throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "no");
                            }
                        });
        start(work, 2);

        assertThat(second.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        awaitRow(
                """
                select count(*) from doctorbird.scheduled_tasks
                where task_instance = 'pull/0/1/a' and consecutive_failures > 0
                """);
        assertThat(
                        value(
                                """
                                select count(*) from doctorbird.scheduled_tasks
                                where task_instance = 'push/0/1/a' and consecutive_failures > 0
                                """))
                .isEqualTo("0");
    }

    /// Goal: where little waits nothing reaches central before what it refers to, and a model that
    /// fails for a reason of its own does not keep the others back. Method: two workers; the second
    /// model of three fails.
    @Test
    void whereLittleWaitsOneWorkerPushesEachModelAfterThoseItRefersTo() throws Exception {
        Queue<String> begun = new ConcurrentLinkedQueue<>();
        var all = new CountDownLatch(3);
        start(
                new NotedWork(
                        models(3),
                        piece -> {
                            if (piece.startsWith("push ") && all.getCount() > 0) {
                                begun.add(piece);
                                all.countDown();
                                if (piece.equals("push model1")) {
                                    throw new SyncException(ErrorCode.PLAN_DOES_NOT_FIT, "no");
                                }
                            }
                        },
                        3),
                2);

        assertThat(all.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(begun).containsExactly("push model0", "push model1", "push model2");
    }

    @Test
    void whatFailsOnTheWayToCentralStopsAllThatWaits() throws Exception {
        Queue<String> begun = new ConcurrentLinkedQueue<>();
        start(
                new NotedWork(
                        models(2),
                        piece -> {
                            if (piece.startsWith("push ")) {
                                begun.add(piece);
                                throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "no");
                            }
                        },
                        3),
                1);

        awaitRow(
                """
                select count(*) from doctorbird.scheduled_tasks
                where task_instance = 'push/0/1/*' and consecutive_failures > 0
                """);
        assertThat(begun).containsOnly("push model0");
    }

    /// Goal: a full disk or a server that goes down while a cycle is cut into pieces is no defect
    /// of the program. Method: the table of tasks takes no row.
    @Test
    void theTaskEnginesOwnFailureIsTheDatabases() throws Exception {
        run(
                """
                create function full_disk() returns trigger language plpgsql as $$
                begin raise exception 'x' using errcode = '53100'; end $$;
                create trigger full_disk before insert on doctorbird.scheduled_tasks
                  for each row execute function full_disk()
                """);

        var client =
                SchedulerClient.Builder.create(database.dataSource())
                        .tableName("doctorbird.scheduled_tasks")
                        .build();
        var task = TaskDescriptor.of("piece").instance("1").scheduledTo(Instant.now());
        assertThatExceptionOfType(SyncException.class)
                .isThrownBy(() -> TaskEngine.run("cycle", () -> client.scheduleIfNotExists(task)))
                .returns(ErrorCode.DATABASE_UNREACHABLE, SyncException::code);
    }

    @Test
    void theTaskTableHoldsNoSerializedObjects() throws Exception {
        start(
                new NotedWork(
                        models(2),
                        _ -> {
                            throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "no");
                        }),
                1);

        awaitRow("select count(*) from doctorbird.scheduled_tasks where task_name = 'piece'");
        assertThat(
                        value(
                                """
                                select count(*) from doctorbird.scheduled_tasks
                                where task_data is not null
                                """))
                .isEqualTo("0");
    }

    @Test
    void aSatelliteIsComparedAWeekAfterItsFirstStartAndWeeklyFromThenOn() throws Exception {
        String inAWeek =
                """
                select count(*) from doctorbird.scheduled_tasks where task_name = 'verify'
                  and not picked and execution_time > now() + interval '6 days'
                """;
        var compared = new CountDownLatch(1);
        start(
                new NotedWork(
                        List.of(),
                        piece -> {
                            if (piece.equals("verify")) {
                                compared.countDown();
                            }
                        }),
                1);
        awaitRow(inAWeek);
        assertThat(compared.getCount()).isEqualTo(1);

        run(
                "update doctorbird.scheduled_tasks set execution_time = now() where task_name = 'verify'");

        assertThat(compared.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        awaitRow(inAWeek);
    }

    @Test
    void muchWaitingWorkIsCutIntoSlices() {
        assertThat(Piece.slices(0, 1_000)).isEqualTo(1);
        assertThat(Piece.slices(3_999, 1_000)).isEqualTo(1);
        assertThat(Piece.slices(8_000, 1_000)).isEqualTo(4);
        assertThat(Piece.slices(1_000_000, 1_000)).isEqualTo(Piece.SLICES_MAX);
        for (Piece piece : List.of(new Piece(Cycle.Work.PUSH, "a/b", 3, 4), Piece.PUSH_TOGETHER)) {
            assertThat(Piece.parse(piece.text())).isEqualTo(piece);
        }
    }

    @Test
    void changesOfSeveralModelsGoTogetherWhenTheyAreFewerThanASliceHas() {
        assertThat(Piece.isFewTogether(List.of(1L, 1_998L), 1_000)).isTrue();
        assertThat(Piece.isFewTogether(List.of(2L, 1_998L), 1_000)).isFalse();
        assertThat(Piece.isFewTogether(List.of(1L), 1_000)).isFalse();
        assertThat(Piece.isFewTogether(List.of(), 1_000)).isFalse();
    }

    private static List<String> models(int count) {
        return IntStream.range(0, count).mapToObj(i -> "model" + i).toList();
    }

    private void start(SatelliteWork work, int workers) {
        running.add(
                SatelliteTasks.start(
                        database.dataSource(),
                        work,
                        new TaskSettings(
                                SETTINGS.cycle(),
                                workers,
                                TaskSettings.VERIFY_DAYS_DEFAULT,
                                false)));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitRow(String count) throws Exception {
        for (int i = 0; i < WAIT_SECONDS * 10 && value(count).equals("0"); i++) {
            Thread.sleep(100);
        }
        assertThat(value(count)).isNotEqualTo("0");
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String value(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /// @param piece told `push model`, `pull model`, `new model` or `verify`
    /// @param changes how many wait of each model
    private record NotedWork(List<String> models, Consumer<String> piece, long changes)
            implements SatelliteWork {

        /// Enough waits for a piece for each model.
        NotedWork(List<String> models, Consumer<String> piece) {
            this(models, piece, 2_000);
        }

        @Override
        public Greeting begin() {
            return new Greeting(new InstanceId(1), "1", "e", 1, Set.copyOf(models), List.of(), 0);
        }

        @Override
        public List<String> due(Cycle.Work work, Greeting greeting) {
            return models;
        }

        @Override
        public Map<String, Long> waiting() {
            var all = new LinkedHashMap<String, Long>();
            models.forEach(model -> all.put(model, changes));
            return all;
        }

        @Override
        public int batch(String model) {
            return 1_000;
        }

        @Override
        public long run(Cycle.Work work, String model) {
            piece.accept((work == Cycle.Work.PULL ? "pull " : "new ") + model);
            return 0;
        }

        @Override
        public long push(String model, UidRange range) {
            piece.accept("push " + model);
            return 0;
        }

        @Override
        public boolean takeNewTogether(List<String> due) {
            return false;
        }

        @Override
        public void finish() {}

        @Override
        public void verifyAsOrdered() {
            piece.accept("ordered");
        }

        @Override
        public void verify() {
            piece.accept("verify");
        }

        @Override
        public void retryRefused() {}
    }
}
