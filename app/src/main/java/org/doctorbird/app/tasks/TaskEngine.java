package org.doctorbird.app.tasks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.DbSchedulerException;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.shaded.jdbc.SQLRuntimeException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.SqlFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// db-scheduler as both programs use it. Its table is in the instance's own database, so that any
/// number of processes share the work; a dead process's task runs elsewhere after about
/// [#HEARTBEAT] times [#HEARTBEATS_MISSED].
///
/// A process that was only paused finishes its task although another has taken it over: no effect
/// may rest on "only one runs it". Every task here may run twice.
final class TaskEngine {

    static final Duration HEARTBEAT = Duration.ofSeconds(2);
    static final int HEARTBEATS_MISSED = 4;
    private static final Duration POLLING = Duration.ofMillis(500);
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    /// Lines of a defect's trace that are logged.
    private static final int FRAMES = 8;

    private static final Logger LOG = LoggerFactory.getLogger(TaskEngine.class);

    private TaskEngine() {}

    /// Starts it.
    static Scheduler start(
            DataSource source,
            List<Task<?>> tasks,
            List<RecurringTask<Void>> recurring,
            int workers) {
        SchedulerBuilder builder =
                Scheduler.create(source, tasks)
                        .startTasks(recurring)
                        .tableName("doctorbird.scheduled_tasks")
                        .threads(workers)
                        .pollingInterval(POLLING)
                        .heartbeatInterval(HEARTBEAT)
                        .missedHeartbeatsLimit(HEARTBEATS_MISSED)
                        .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
                        .shutdownMaxWait(STOP_MAX)
                        .failureLogging(LogLevel.OFF, false)
                        .addSchedulerListener(new TaskLog())
                        .enableImmediateExecution()
                        .enablePriority();
        Scheduler scheduler = builder.build();
        scheduler.start();
        return scheduler;
    }

    /// Returns the failure of the library's own statements as the database's, which it is.
    private static RuntimeException ofTheDatabase(RuntimeException failure) {
        for (Throwable at = failure.getCause(); at != null; at = at.getCause()) {
            if (at instanceof SQLException known) {
                return SqlFailures.translate(known, "cannot use the table of tasks");
            }
        }
        return failure;
    }

    /// Runs one task; its failure is logged here, once, and handed on without its cause, which may
    /// quote a record.
    ///
    /// @param task its name, without any value of a record
    static void run(String task, Runnable work) {
        try {
            runAsTheDatabaseSays(work);
        } catch (SyncException e) {
            LOG.atLevel(isExpected(e.code()) ? Level.INFO : Level.WARN)
                    .addKeyValue("task", task)
                    .addKeyValue("code", e.code().code())
                    .addKeyValue("facts", e.context())
                    .log(e.summary());
            throw new SyncException(e.code(), "a task failed");
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .addKeyValue("task", task)
                    .addKeyValue("code", ErrorCode.INTERNAL.code())
                    .addKeyValue("defect", e.getClass().getName())
                    .addKeyValue("at", Arrays.stream(e.getStackTrace()).limit(FRAMES).toList())
                    .log("a task failed");
            throw new SyncException(ErrorCode.INTERNAL, "a task failed");
        }
    }

    private static void runAsTheDatabaseSays(Runnable work) {
        try {
            work.run();
        } catch (DbSchedulerException | SQLRuntimeException e) {
            throw ofTheDatabase(e);
        }
    }

    /// What passes by itself at the next try, in a healthy system too.
    private static boolean isExpected(ErrorCode code) {
        return code == ErrorCode.FENCED || code == ErrorCode.WRITES_COLLIDED;
    }
}
