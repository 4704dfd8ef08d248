package org.doctorbird.app.tasks;

import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.event.SchedulerListener.SchedulerEventType;
import com.github.kagkarlsson.scheduler.task.Execution;
import java.util.concurrent.atomic.AtomicBoolean;
import org.doctorbird.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says once that the task engine cannot use the database, and once that it can again. Its own log,
/// a stack trace for each try, is switched off.
final class TaskLog extends AbstractSchedulerListener {

    private static final Logger LOG = LoggerFactory.getLogger(TaskLog.class);

    private final AtomicBoolean isFailing = new AtomicBoolean();

    @Override
    public void onSchedulerEvent(SchedulerEventType type) {
        switch (type) {
            case UNEXPECTED_ERROR, FAILED_HEARTBEAT, COMPLETIONHANDLER_ERROR -> {
                if (!isFailing.getAndSet(true)) {
                    LOG.atWarn()
                            .addKeyValue("code", ErrorCode.DATABASE_UNREACHABLE.code())
                            .addKeyValue("event", type)
                            .log("the task engine cannot work; it keeps trying");
                }
            }
            case RAN_EXECUTE_DUE -> {
                if (isFailing.getAndSet(false)) {
                    LOG.atInfo().log("the task engine works again");
                }
            }
            case FAILUREHANDLER_ERROR,
                    DEAD_EXECUTION,
                    RAN_UPDATE_HEARTBEATS,
                    RAN_DETECT_DEAD,
                    FAILED_MULTIPLE_HEARTBEATS,
                    UNRESOLVED_TASK -> {}
        }
    }

    @Override
    public void onExecutionDead(Execution execution) {
        LOG.atInfo()
                .addKeyValue("task", execution.taskInstance.getId())
                .log("taken over from a process that is not heard of any more");
    }
}
