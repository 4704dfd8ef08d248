package org.doctorbird.app.tasks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.doctorbird.app.settings.TaskSettings;
import org.doctorbird.exchange.CentralExchange;

/// Central's task: stores parked records of which nothing is missing any more.
public final class CentralTasks {

    private static final Duration PAUSE = Duration.ofMinutes(1);

    private CentralTasks() {}

    /// Starts the task engine.
    ///
    /// @return stops it
    public static AutoCloseable start(
            DataSource source, CentralExchange exchange, TaskSettings settings) {
        RecurringTask<Void> release =
                Tasks.recurring("release", FixedDelay.of(PAUSE))
                        .execute((_, _) -> TaskEngine.run("release", () -> releaseAll(exchange)));
        Scheduler scheduler = TaskEngine.start(source, List.of(), release, settings.workers());
        return scheduler::stop;
    }

    private static void releaseAll(CentralExchange exchange) {
        int released;
        do {
            released = exchange.releaseReady();
        } while (released > 0);
    }
}
