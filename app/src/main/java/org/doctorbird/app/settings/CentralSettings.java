package org.doctorbird.app.settings;

import java.nio.file.Path;
import org.doctorbird.app.http.ServerSettings;
import org.doctorbird.record.InstanceId;

/// What only central has.
///
/// @param planFile the plan; read by `plan check` and `install`
/// @param instanceLimit the highest synchronisation id, 127 to 4,095
/// @param server where and how it listens
public record CentralSettings(Path planFile, int instanceLimit, ServerSettings server) {

    public CentralSettings {
        if (instanceLimit < InstanceId.LIMIT_DEFAULT || instanceLimit > InstanceId.NUMBER_MAX) {
            throw Section.wrong(
                    "plan.instance_limit",
                    "must be " + InstanceId.LIMIT_DEFAULT + " to " + InstanceId.NUMBER_MAX);
        }
    }
}
