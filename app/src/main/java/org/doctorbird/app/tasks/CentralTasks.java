package org.doctorbird.app.tasks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.doctorbird.app.settings.TaskSettings;

/// Central's tasks, each on one of its processes at a time.
///
/// | task | every | what it does |
/// |---|---|---|
/// | `upkeep` | minute | follows changes of the application's tables, stores parked records of which nothing is missing any more, computes who should hold what has changed, and brings what can be searched up to date |
/// | `retry` | minute | tries pushes again that the database refused and whose time has come |
/// | `history` | hour | ends old history |
public final class CentralTasks {

    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final Duration HISTORY_PAUSE = Duration.ofHours(1);

    private CentralTasks() {}

    /// Starts the task engine.
    ///
    /// @return stops it
    public static AutoCloseable start(DataSource source, CentralWork work, TaskSettings settings) {
        RecurringTask<Void> upkeep =
                Tasks.recurring("upkeep", FixedDelay.of(PAUSE))
                        .execute((_, _) ->
                                TaskEngine.run(
                                        "upkeep",
                                        () -> {
                                            work.followTables();
                                            work.releaseReady();
                                            work.computeInterest();
                                            work.refreshSearch();
                                        }));
        RecurringTask<Void> retry =
                Tasks.recurring("retry", FixedDelay.of(PAUSE))
                        .execute((_, _) -> TaskEngine.run("retry", work::retryRefused));
        RecurringTask<Void> history =
                Tasks.recurring("history", FixedDelay.of(HISTORY_PAUSE))
                        .execute((_, _) -> TaskEngine.run("history", work::forgetHistory));
        Scheduler scheduler =
                TaskEngine.start(
                        source, List.of(), List.of(upkeep, retry, history), settings.workers());
        return scheduler::stop;
    }
}
