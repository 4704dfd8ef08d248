package org.doctorbird.app.cli;

import java.sql.Connection;
import java.util.List;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.Nearest;
import org.doctorbird.app.postgres.Participant;

/// Finds the instance that a person means.
final class Participants {

    private Participants() {}

    /// @param nameOrId a name counts before a synchronisation id
    /// @throws SyncException `INSTANCE_UNKNOWN`, with the name that is nearest
    static Participant require(Connection connection, String nameOrId) {
        List<Participant> instances = Participant.list(connection);
        return instances.stream()
                .filter(one -> one.name().equals(nameOrId))
                .findFirst()
                .or(() ->
                        instances.stream()
                                .filter(one -> one.id().toString().equals(nameOrId))
                                .findFirst())
                .orElseThrow(() -> unknown(instances, nameOrId));
    }

    private static SyncException unknown(List<Participant> instances, String nameOrId) {
        var failure =
                new SyncException(ErrorCode.INSTANCE_UNKNOWN, "there is no such instance")
                        .with("instance", nameOrId);
        return Nearest.to(nameOrId, instances.stream().map(Participant::name).toList())
                .map(name -> failure.with("nearest", name))
                .orElse(failure);
    }
}
