package org.doctorbird.app.tasks;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;

/// A pause before the first run, too, so that what begins together at many instances spreads by
/// when each of them was installed.
///
/// @param pause from the end of one run to the next
record After(Duration pause) implements Schedule {

    @Override
    public Instant getNextExecutionTime(ExecutionComplete done) {
        return done.getTimeDone().plus(pause);
    }

    @Override
    public boolean isDeterministic() {
        return false;
    }
}
