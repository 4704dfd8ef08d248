package org.doctorbird.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.comparison.Difference;
import org.doctorbird.comparison.Difference.Kind;
import org.doctorbird.exchange.Comparison;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `doctorbird verify`.
@Command(
        name = "verify",
        description =
                "On a satellite: runs a cycle and compares what is here with what central counts as held here. What is"
                        + " on its way is no damage. On central: has an instance do so with its next cycle.")
final class Verify implements Callable<Integer> {

    /// Records that are named to people; the document names more.
    private static final int NAMED_MAX = 20;

    @Mixin private Common common = new Common();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Such as party.party; default: all.")
    private @Nullable String model;

    @Option(names = "--deep", description = "Compare values too, not only uids and versions.")
    private boolean isDeep;

    @Option(
            names = "--repair",
            description = "Repair what is damaged; values that must give way here are kept whole.")
    private boolean repairs;

    @Option(
            names = "--instance",
            paramLabel = "NAME|N",
            description = "On central: which instance; its name or synchronisation id.")
    private @Nullable String instance;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "On central: how long to wait for the report; default: ${DEFAULT-VALUE}.")
    private int waitSeconds;

    @Override
    public Integer call() {
        Settings settings = common.settings();
        List<String> models = model == null ? List.of() : List.of(model);
        if (settings.role() == Role.CENTRAL) {
            return new OrderVerification(common, settings)
                    .run(instance, models, isDeep, repairs, waitSeconds);
        }
        if (instance != null) {
            throw new SyncException(
                    ErrorCode.ROLE_WRONG, "'--instance' is for central; here it compares itself");
        }
        try (Satellite satellite = Satellite.open(settings, new LoggingListener())) {
            Satellite.Verified verified = satellite.verify(models, isDeep, repairs);
            tell(verified);
            common.print(document(verified));
            return damaged(verified.left()) == 0 ? 0 : 1;
        }
    }

    private static long damaged(List<Comparison> comparisons) {
        return comparisons.stream().mapToLong(Comparison::damaged).sum();
    }

    private void tell(Satellite.Verified verified) {
        for (Comparison comparison : verified.found()) {
            common.say(
                    "%-50s %,12d  %s"
                            .formatted(
                                    comparison.model(), comparison.records(), words(comparison)));
            comparison.damage().stream()
                    .limit(NAMED_MAX)
                    .forEach(some -> common.say("  " + some.uid() + " " + word(some.kind())));
        }
        long found = damaged(verified.found());
        long left = damaged(verified.left());
        if (found == 0) {
            common.say("No damage.");
        } else if (!repairs) {
            common.say("%,d damaged records; 'verify --repair' repairs them.".formatted(found));
        } else {
            common.say("%,d damaged records; %,d are left.".formatted(found, left));
        }
    }

    private static String words(Comparison comparison) {
        if (comparison.counts().isEmpty()) {
            return "alike";
        }
        var words = new ArrayList<String>();
        new TreeMap<>(comparison.counts())
                .forEach((kind, count) -> words.add("%,d %s".formatted(count, word(kind))));
        return String.join(", ", words);
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private Map<String, Object> document(Satellite.Verified verified) {
        var document = new LinkedHashMap<String, Object>();
        document.put("deep", isDeep);
        document.put("damaged", damaged(verified.found()));
        document.put("left", damaged(verified.left()));
        document.put("models", verified.found().stream().map(Verify::document).toList());
        return document;
    }

    private static Map<String, Object> document(Comparison comparison) {
        var counts = new LinkedHashMap<String, Long>();
        new TreeMap<>(comparison.counts()).forEach((kind, count) -> counts.put(word(kind), count));
        var document = new LinkedHashMap<String, Object>();
        document.put("model", comparison.model());
        document.put("records", comparison.records());
        document.put("counts", counts);
        document.put("damage", comparison.damage().stream().map(Verify::document).toList());
        return document;
    }

    private static Map<String, String> document(Difference difference) {
        return Map.of("uid", difference.uid().toString(), "kind", word(difference.kind()));
    }
}
