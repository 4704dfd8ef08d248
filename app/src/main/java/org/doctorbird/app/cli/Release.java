package org.doctorbird.app.cli;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.exchange.PinRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `doctorbird release`, on a satellite.
@Command(
        name = "release",
        description =
                "On a satellite: lets records go that were imported or made here. They leave with the next cycles unless"
                        + " something else keeps them.")
final class Release implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "MODEL", description = "Such as party.party.")
    private String model = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "UID",
            description = "The records' uids, 1,000 at most.")
    private List<UUID> uids = List.of();

    @Override
    public Integer call() {
        if (uids.size() > PinRequest.UIDS_MAX) {
            throw new ParameterException(spec.commandLine(), "Give 1 to 1,000 uids.");
        }
        try (Satellite satellite = Satellite.open(common.settings(), new LoggingListener())) {
            int released = satellite.link().release(model, uids);
            common.say(
                    "Released %,d of %,d records; what nothing else keeps here leaves with the next cycles."
                            .formatted(released, uids.size()));
            common.print(Map.of("asked", uids.size(), "released", released));
            return 0;
        }
    }
}
