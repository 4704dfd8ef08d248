package org.doctorbird.app.tasks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.settings.TaskSettings;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.UidRange;

/// A satellite's tasks. Each has a few lines that call the engine.
///
/// | task | what it does |
/// |---|---|
/// | `cycle` | cron-started: greets central, then cuts the work of synchronise_push_all, synchronise_pull_all and synchronise_new into pieces |
/// | `piece` | one piece, on whatever worker; retried with growing pauses, run elsewhere when its worker dies |
/// | `finish` | after the pieces: removes withdrawn records, stores parked records of which nothing is missing any more, and does what `retry` does |
/// | `verify` | once a week: compares all models with central |
/// | `ordered` | after the cycle in whose greeting central says so: compares what central wants compared |
/// | `retry` | once a minute: tries central's versions again that the database refused and whose time has come |
///
/// Push has one piece for all models where little waits, so that nothing reaches central before
/// what it refers to, and otherwise a piece for each model and slice of its uids; pull one for each
/// model that central names as changed; new the same, and one for each model with receipts to hand
/// in, unless all that is new fits into one transaction and came at once. Parents have the higher
/// priority. A piece that is queued or running already is not queued again.
public final class SatelliteTasks {

    private static final TaskDescriptor<Void> PIECE = TaskDescriptor.of("piece");
    private static final TaskDescriptor<Void> FINISH = TaskDescriptor.of("finish");
    private static final TaskDescriptor<Void> ORDERED = TaskDescriptor.of("ordered");
    private static final Duration RETRY_EVERY = Duration.ofMinutes(1);
    private static final Duration VERIFY_AGAIN = Duration.ofHours(1);
    private static final Duration PAUSE_FIRST = Duration.ofSeconds(5);
    private static final Duration PAUSE_LONGEST = Duration.ofMinutes(5);
    private static final int DOUBLINGS_MAX = 10;

    /// Priorities: pushes before pulls before new ones, and within each the parents first.
    private static final int PRIORITY_PUSH = 20_000;

    private static final int PRIORITY_PULL = 10_000;
    private static final int PRIORITY_NEW = 5_000;

    private final SatelliteWork work;

    private SatelliteTasks(SatelliteWork work) {
        this.work = work;
    }

    /// Starts the task engine.
    ///
    /// @return stops it, letting running pieces finish for some seconds
    public static AutoCloseable start(
            DataSource source, SatelliteWork work, TaskSettings settings) {
        var tasks = new SatelliteTasks(work);
        OneTimeTask<Void> piece =
                Tasks.oneTime(PIECE)
                        .onFailure(SatelliteTasks::retryLater)
                        .onDeadExecutionRevive()
                        .execute((instance, _) -> tasks.runPiece(instance.getId()));
        OneTimeTask<Void> finish =
                Tasks.oneTime(FINISH)
                        .onFailure(SatelliteTasks::retryLater)
                        .onDeadExecutionRevive()
                        .execute((_, _) -> TaskEngine.run("finish", work::finish));
        OneTimeTask<Void> ordered =
                Tasks.oneTime(ORDERED)
                        .onFailure(SatelliteTasks::retryLater)
                        .onDeadExecutionRevive()
                        .execute((_, _) -> TaskEngine.run("ordered", work::verifyAsOrdered));
        RecurringTask<Void> cycle =
                Tasks.recurring("cycle", Schedules.cron(settings.cycle()))
                        .execute((_, context) ->
                                TaskEngine.run(
                                        "cycle",
                                        () -> tasks.startCycle(context.getSchedulerClient())));
        RecurringTask<Void> retry =
                Tasks.recurring("retry", FixedDelay.of(RETRY_EVERY))
                        .execute((_, _) -> TaskEngine.run("retry", work::retryRefused));
        List<RecurringTask<Void>> recurring = new ArrayList<>(List.of(cycle, retry));
        if (settings.verifyDays() > 0) {
            recurring.add(verify(work, Duration.ofDays(settings.verifyDays())));
        }
        Scheduler scheduler =
                TaskEngine.start(
                        source, List.of(piece, finish, ordered), recurring, settings.workers());
        return scheduler::stop;
    }

    /// A clinic that is offline when its day comes is compared once it is back.
    private static RecurringTask<Void> verify(SatelliteWork work, Duration pause) {
        return Tasks.recurring("verify", new After(pause))
                .onFailure((failed, operations) ->
                        operations.reschedule(
                                failed,
                                failed.getTimeDone().plus(mayPass(failed) ? VERIFY_AGAIN : pause)))
                .execute((_, _) -> TaskEngine.run("verify", work::verify));
    }

    /// After 5, 10, 20 … seconds, at most five minutes, until it works. What does not pass by
    /// itself is left to the next cycle, which starts it anew if it is still to be done.
    private static void retryLater(ExecutionComplete failed, ExecutionOperations<Void> operations) {
        if (!mayPass(failed)) {
            operations.remove();
            return;
        }
        int before = Math.min(failed.getExecution().consecutiveFailures, DOUBLINGS_MAX);
        Duration pause = PAUSE_FIRST.multipliedBy(1L << before);
        operations.reschedule(
                failed,
                failed.getTimeDone()
                        .plus(pause.compareTo(PAUSE_LONGEST) > 0 ? PAUSE_LONGEST : pause));
    }

    private static boolean mayPass(ExecutionComplete failed) {
        return failed.getCause().orElse(null) instanceof SyncException known
                && known.code().action() == ErrorCode.Action.RETRY;
    }

    private void startCycle(SchedulerClient client) {
        Greeting greeting = work.begin();
        startPushAll(client);
        startAll(client, Cycle.Work.PULL, work.due(Cycle.Work.PULL, greeting), PRIORITY_PULL);
        List<String> due = work.due(Cycle.Work.NEW, greeting);
        if (!work.takeNewTogether(due)) {
            startAll(client, Cycle.Work.NEW, due, PRIORITY_NEW);
        }
        client.scheduleIfNotExists(FINISH.instance("all").priority(0).scheduledTo(Instant.now()));
        if (greeting.order().isPresent()) {
            client.scheduleIfNotExists(
                    ORDERED.instance("all").priority(0).scheduledTo(Instant.now()));
        }
    }

    private void startPushAll(SchedulerClient client) {
        Map<String, Long> waiting = work.waiting();
        List<String> due = List.copyOf(waiting.keySet());
        int batch = due.stream().mapToInt(work::batch).min().orElse(1);
        if (Piece.isFewTogether(waiting.values(), batch)) {
            start(client, Piece.PUSH_TOGETHER, PRIORITY_PUSH);
            return;
        }
        for (int place = 0; place < due.size(); place++) {
            String model = due.get(place);
            int slices = Piece.slices(waiting.getOrDefault(model, 0L), work.batch(model));
            for (int slice = 0; slice < slices; slice++) {
                start(
                        client,
                        new Piece(Cycle.Work.PUSH, model, slice, slices),
                        PRIORITY_PUSH - place);
            }
        }
    }

    private static void startAll(
            SchedulerClient client, Cycle.Work kind, List<String> due, int priority) {
        for (int place = 0; place < due.size(); place++) {
            start(client, new Piece(kind, due.get(place), 0, 1), priority - place);
        }
    }

    private static void start(SchedulerClient client, Piece piece, int priority) {
        client.scheduleIfNotExists(
                PIECE.instance(piece.text()).priority(priority).scheduledTo(Instant.now()));
    }

    private void runPiece(String text) {
        Piece piece = Piece.parse(text);
        TaskEngine.run(
                text,
                () -> {
                    if (piece.equals(Piece.PUSH_TOGETHER)) {
                        pushTogether();
                    } else if (piece.work() == Cycle.Work.PUSH) {
                        work.push(piece.model(), UidRange.cut(piece.slices()).get(piece.slice()));
                    } else {
                        work.run(piece.work(), piece.model());
                    }
                });
    }

    /// A model that fails for a reason of its own does not keep the others back.
    private void pushTogether() {
        Optional<SyncException> first = Optional.empty();
        for (String model : work.waiting().keySet()) {
            try {
                var _ = work.push(model, UidRange.ALL);
            } catch (SyncException e) {
                if (e.code().action() == ErrorCode.Action.RETRY) {
                    throw e;
                }
                first = first.or(() -> Optional.of(e));
            }
        }
        if (first.isPresent()) {
            throw first.get();
        }
    }
}
