package org.doctorbird.app.settings;

import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import java.util.Objects;

/// When and how a program works by itself.
///
/// @param cycle when a cycle starts: second, minute, hour, day of month, month, day of week, as in
///   cron
/// @param workers pieces of work at one time in this process, 1 to 64
/// @param verifyDays a satellite compares itself with central every so many days, 1 to 365; 0:
///   never by itself
/// @param isPrompt a satellite does not wait for the next cycle when something has changed
public record TaskSettings(String cycle, int workers, int verifyDays, boolean isPrompt) {

    /// Every five minutes.
    public static final String CYCLE_DEFAULT = "0 */5 * * * *";

    /// Two pieces of work at one time.
    public static final int WORKERS_DEFAULT = 2;

    /// Once a week.
    public static final int VERIFY_DAYS_DEFAULT = 7;

    public TaskSettings {
        if (verifyDays < 0 || verifyDays > 365) {
            throw Section.wrong("tasks.verify_days", "must be 0 to 365");
        }
        if (workers < 1 || workers > 64) {
            throw Section.wrong("tasks.workers", "must be 1 to 64");
        }
        if (cycle.strip().split("\\s+").length != 6) {
            throw Section.wrong("tasks.cycle", "must have six parts, seconds first");
        }
        requireCron(cycle);
    }

    private static void requireCron(String cycle) {
        try {
            Objects.requireNonNull(Schedules.cron(cycle));
        } catch (IllegalArgumentException e) {
            throw Section.wrong("tasks.cycle", "cannot be read as times: " + e.getMessage());
        }
    }
}
