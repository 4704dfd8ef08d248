package org.doctorbird.app.cli;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.PinRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `doctorbird import`, on a satellite.
@Command(
        name = "import",
        description =
                "On a satellite: asks central for records that no rule brings here, and for all that follows them; runs"
                        + " one cycle and says what came. 'search' tells their uids.")
final class Import implements Callable<Integer> {

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

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why, in at most 200 characters; central keeps it.")
    private String reason = "";

    @Option(
            names = "--days",
            paramLabel = "N",
            description = "After how many days they may leave again; default: when released.")
    private @Nullable Integer days;

    @Override
    public Integer call() {
        Set<UUID> wanted = new LinkedHashSet<>(uids);
        PinRequest request = request(List.copyOf(wanted));
        try (Satellite satellite = Satellite.open(common.settings(), new LoggingListener())) {
            int known = satellite.link().pin(model, request);
            Cycle.Sum sum = satellite.synchronise(EnumSet.allOf(Cycle.Work.class));
            int here = satellite.inquiry().present(model, wanted).size();
            common.say(
                    "Central knows %,d of the %,d records; %,d are here now."
                            .formatted(known, wanted.size(), here));
            common.say(
                    "Received %,d changes and %,d new records."
                            .formatted(sum.pulled(), sum.taken()));
            if (here < known) {
                common.say(
                        "The others come with the next cycles; 'doctorbird why %s UID' says what they wait for."
                                .formatted(model));
            }
            common.print(
                    Map.of(
                            "asked", wanted.size(),
                            "known", known,
                            "here", here,
                            "pulled", sum.pulled(),
                            "new", sum.taken()));
            return known < wanted.size() ? 1 : 0;
        }
    }

    private PinRequest request(List<UUID> wanted) {
        try {
            return new PinRequest(wanted, reason, Optional.ofNullable(days));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Give 1 to 1,000 uids, a reason of 1 to 200 characters, and 1 to 3,650 days.",
                    e);
        }
    }
}
