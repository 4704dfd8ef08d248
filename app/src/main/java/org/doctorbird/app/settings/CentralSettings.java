package org.doctorbird.app.settings;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.doctorbird.app.http.ServerSettings;
import org.doctorbird.record.InstanceId;

/// What only central has.
///
/// @param planFile the plan; read by `plan check` and `install`
/// @param instanceLimit the highest synchronisation id, 127 to 4,095
/// @param server where and how it listens
/// @param historyDays how many days the history of records is kept, 30 to 36,500; empty: for ever
public record CentralSettings(
        Path planFile, int instanceLimit, ServerSettings server, OptionalInt historyDays) {

    private static final int HISTORY_DAYS_MIN = 30;
    private static final int HISTORY_DAYS_MAX = 36_500;

    public CentralSettings {
        if (instanceLimit < InstanceId.LIMIT_DEFAULT || instanceLimit > InstanceId.NUMBER_MAX) {
            throw Section.wrong(
                    "plan.instance_limit",
                    "must be " + InstanceId.LIMIT_DEFAULT + " to " + InstanceId.NUMBER_MAX);
        }
        historyDays.ifPresent(CentralSettings::requireEnough);
    }

    private static void requireEnough(int days) {
        if (days < HISTORY_DAYS_MIN || days > HISTORY_DAYS_MAX) {
            throw Section.wrong(
                    "history_days", "must be " + HISTORY_DAYS_MIN + " to " + HISTORY_DAYS_MAX);
        }
    }
}
