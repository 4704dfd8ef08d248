package org.doctorbird.app.cli;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.exchange.Resolution;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `doctorbird conflicts resolve`.
@Command(
        name = "resolve",
        description =
                "Settles a conflict. What is chosen becomes an ordinary new version, which travels everywhere and stands in"
                        + " the history.")
final class Resolve implements Callable<Integer> {

    private static final String CENTRAL = "central";
    private static final String SATELLITE = "satellite";

    @Mixin private Common common = new Common();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "N", description = "The conflict's number.")
    private long number;

    @Option(
            names = "--take",
            paramLabel = "SIDE",
            description = "central or satellite: that version stands.")
    private @Nullable String side;

    @Option(
            names = "--field",
            paramLabel = "NAME=SIDE",
            description = "This field as central or satellite has it; may be given again.")
    private List<String> sides = List.of();

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "This field with this value, as PostgreSQL writes it; without VALUE: empty; may be given again.")
    private List<String> values = List.of();

    @Option(
            names = "--renumber",
            description =
                    "Two records have one key: the pushed one gets another, as the plan's 'renumber' says.")
    private boolean isRenumbered;

    @Option(
            names = "--join",
            description =
                    "Two records have one key and are the same: central's stays, and what refers to the pushed one refers to it.")
    private boolean isJoined;

    @Override
    public Integer call() {
        Resolution resolution = resolution();
        Settings settings = common.settings();
        Optional<ETag> version =
                Desk.with(settings, central -> central.resolve(number, resolution));
        common.say(
                version.isPresent()
                        ? "Settled. The new version goes to everybody who should hold it."
                        : "Settled. Central's version stands.");
        common.print(document(number, version));
        return 0;
    }

    static Map<String, Object> document(long number, Optional<ETag> version) {
        var document = new LinkedHashMap<String, Object>();
        document.put("number", number);
        version.ifPresent(etag -> document.put("version", etag.text()));
        return document;
    }

    private Resolution resolution() {
        boolean areFields = !sides.isEmpty() || !values.isEmpty();
        long ways =
                List.of(side != null, areFields, isRenumbered, isJoined).stream()
                        .filter(isChosen -> isChosen)
                        .count();
        if (ways != 1) {
            throw wrong(
                    "Choose one way: --take, --field and --set, --renumber, or --join; 'conflicts show "
                            + number
                            + "' names those there are.");
        }
        if (side != null) {
            return isSatellite("--take", side)
                    ? new Resolution.TakeSatellite()
                    : new Resolution.TakeCentral();
        }
        if (areFields) {
            return fields();
        }
        return isRenumbered ? new Resolution.Renumber() : new Resolution.Join();
    }

    private Resolution fields() {
        Set<String> fromSatellite = new HashSet<>();
        for (String text : sides) {
            String[] parts = split("--field", text);
            if (isSatellite("--field", parts[1])) {
                fromSatellite.add(parts[0]);
            }
        }
        var edited = new LinkedHashMap<String, @Nullable String>();
        for (String text : values) {
            String[] parts = split("--set", text);
            edited.put(parts[0], parts[1].isEmpty() ? null : parts[1]);
        }
        return new Resolution.SetFields(fromSatellite, Fields.of(edited));
    }

    private String[] split(String option, String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw wrong(option + " is written as NAME=…");
        }
        return new String[] {text.substring(0, equals), text.substring(equals + 1)};
    }

    private boolean isSatellite(String option, String word) {
        if (!word.equals(CENTRAL) && !word.equals(SATELLITE)) {
            throw wrong(option + " takes central or satellite");
        }
        return word.equals(SATELLITE);
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
