package org.doctorbird.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.postgres.ConflictReading;
import org.doctorbird.app.postgres.ConflictReading.Detail;
import org.doctorbird.app.postgres.ConflictReading.Entry;
import org.doctorbird.app.postgres.ConflictReading.FieldView;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.KeptConflict;
import org.doctorbird.exchange.KeptRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `doctorbird conflicts …`, on central.
@Command(
        name = "conflicts",
        description = "On central: records that two sides have written at once.",
        subcommands = {
            ConflictsCommand.Listed.class,
            ConflictsCommand.Show.class,
            Resolve.class,
            Reopen.class
        })
final class ConflictsCommand extends Group {

    private static ConflictReading reading(Database database) {
        return new ConflictReading(
                database.source(), InstalledCentral.load(database.source()).tables());
    }

    /// Says in words what a conflict is about, without any value.
    private static String about(Dispute dispute) {
        return switch (dispute.kind()) {
            case FIELDS ->
                    "both changed "
                            + String.join(
                                    ", ",
                                    dispute.open().isEmpty()
                                            ? dispute.settled().keySet()
                                            : new TreeSet<>(dispute.open()));
            case DELETION -> "deleted there, changed since";
            case REVIVAL -> "changed there, deleted at central";
            case KEY -> "another record has its key: " + dispute.reason();
        };
    }

    private static Map<String, Object> document(Entry entry) {
        Dispute dispute = entry.conflict().dispute();
        KeptRecord kept = dispute.record();
        var document = new LinkedHashMap<String, Object>();
        document.put("number", entry.conflict().number());
        document.put("model", kept.key().model());
        document.put("uid", kept.uid().toString());
        document.put("kind", dispute.kind().word());
        document.put("fields", List.copyOf(new TreeSet<>(dispute.open())));
        document.put(
                "settled",
                dispute.settled().entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, field -> field.getValue().word())));
        document.put("instance", kept.from().number());
        document.put("instance_name", entry.instance());
        document.put("revision", kept.revision());
        document.put("reason", dispute.reason());
        document.put("since", entry.at().toString());
        document.put("resolution", entry.conflict().resolution().orElse("open"));
        return document;
    }

    /// `doctorbird conflicts list`.
    @Command(name = "list", description = "Lists conflicts, without values.")
    static final class Listed implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Option(names = "--all", description = "Settled ones too.")
        private boolean isAll;

        @Option(names = "--model", paramLabel = "MODEL", description = "Of this model only.")
        private @Nullable String model;

        @Option(
                names = "--after",
                paramLabel = "N",
                description = "Only those with higher numbers: the next page.")
        private long after;

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "At most so many, up to 1000; default: 100.")
        private int limit = 100;

        @Override
        public Integer call() {
            try (Database database = Common.database(common.settings())) {
                List<Entry> entries =
                        reading(database).list(isAll, Optional.ofNullable(model), after, limit);
                for (Entry entry : entries) {
                    KeptRecord kept = entry.conflict().dispute().record();
                    common.say(
                            "%d  %s  %s %s  from %s  %s%s"
                                    .formatted(
                                            entry.conflict().number(),
                                            entry.at(),
                                            kept.key().model(),
                                            kept.uid(),
                                            entry.instance(),
                                            about(entry.conflict().dispute()),
                                            entry.conflict()
                                                    .resolution()
                                                    .map(how -> "  (" + how + ")")
                                                    .orElse("")));
                }
                common.say(summary(entries));
                common.print(
                        Map.of(
                                "entries",
                                entries.stream().map(ConflictsCommand::document).toList()));
                return 0;
            }
        }

        private String summary(List<Entry> entries) {
            if (entries.isEmpty()) {
                return "Nothing.";
            }
            String more =
                    entries.size() < limit
                            ? ""
                            : " There may be more: --after "
                                    + entries.getLast().conflict().number()
                                    + ".";
            return "%,d conflicts. 'doctorbird conflicts show N' shows both versions.%s"
                    .formatted(entries.size(), more);
        }
    }

    /// `doctorbird conflicts show`.
    @Command(
            name = "show",
            description =
                    "Shows both versions of a conflict and what they started from. They may be a patient's.")
    static final class Show implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Parameters(paramLabel = "N", description = "The conflict's number.")
        private long number;

        @Override
        public Integer call() {
            Settings settings = common.settings();
            try (Database database = Common.database(settings)) {
                Detail detail =
                        reading(database)
                                .show(number)
                                .orElseThrow(() ->
                                        new SyncException(
                                                        ErrorCode.CONFLICT_UNKNOWN,
                                                        "there is no such conflict")
                                                .with("number", number));
                tell(detail);
                common.print(document(detail));
                return 0;
            }
        }

        private void tell(Detail detail) {
            Entry entry = detail.entry();
            Dispute dispute = entry.conflict().dispute();
            common.say("%s %s".formatted(dispute.record().key().model(), dispute.record().uid()));
            common.say("From %s, %s: %s.".formatted(entry.instance(), entry.at(), about(dispute)));
            detail.holder().ifPresent(uid -> common.say("The key belongs to " + uid + "."));
            detail.fields().stream()
                    .filter(field -> !isEmptyOnBothSides(dispute, field))
                    .forEach(field -> tell(detail, dispute, field));
            common.say("");
            common.say(
                    entry.conflict()
                            .resolution()
                            .map(how -> settled(entry.conflict(), how))
                            .orElse(ways(dispute)));
        }

        private String settled(KeptConflict conflict, String how) {
            return "Settled: %s."
                    .formatted(how)
                    .concat(
                            conflict.canReopen()
                                    ? " 'doctorbird conflicts reopen %d' takes it back."
                                            .formatted(number)
                                    : "");
        }

        /// Of a whole record only what somebody has filled in is worth a line.
        private static boolean isEmptyOnBothSides(Dispute dispute, FieldView field) {
            return dispute.kind().isUnstored() && field.pushed() == null && field.central() == null;
        }

        private void tell(Detail detail, Dispute dispute, FieldView field) {
            common.say("");
            common.say(field.name() + settledBy(dispute, field.name()));
            boolean isDeletion = dispute.kind() == Dispute.Kind.DELETION;
            if (isDeletion || dispute.kind() == Dispute.Kind.FIELDS) {
                common.say("  before     " + text(field.base()));
            }
            if (detail.isHere()) {
                common.say("  central    " + text(field.central()));
            }
            common.say("  satellite  " + (isDeletion ? "(deleted)" : text(field.pushed())));
        }

        private static String settledBy(Dispute dispute, String field) {
            return Optional.ofNullable(dispute.settled().get(field))
                    .map(policy -> "  (settled by the policy " + policy.word() + ")")
                    .orElse("");
        }

        private static String text(@Nullable String value) {
            return value == null ? "(empty)" : value.replace("\n", "\n             ");
        }

        private String ways(Dispute dispute) {
            String command = "doctorbird conflicts resolve " + number;
            List<String> ways =
                    switch (dispute.kind()) {
                        case FIELDS ->
                                List.of(
                                        "--take central",
                                        "--take satellite",
                                        "--field NAME=central|satellite",
                                        "--set NAME=VALUE");
                        case DELETION -> List.of("--take central", "--take satellite");
                        case REVIVAL ->
                                List.of("--take central", "--take satellite", "--set NAME=VALUE");
                        case KEY -> List.of("--renumber", "--set NAME=VALUE", "--join");
                    };
            return "To settle it:\n  "
                    + ways.stream()
                            .map(way -> command + " " + way)
                            .collect(Collectors.joining("\n  "));
        }

        private static Map<String, Object> document(Detail detail) {
            Map<String, Object> document = ConflictsCommand.document(detail.entry());
            detail.holder().ifPresent(uid -> document.put("holder", uid.toString()));
            document.put("is_at_central", detail.isHere());
            var values = new ArrayList<Map<String, @Nullable Object>>();
            for (FieldView field : detail.fields()) {
                Map<String, @Nullable Object> view = new LinkedHashMap<>();
                view.put("field", field.name());
                view.put("before", field.base());
                view.put("central", field.central());
                view.put("satellite", field.pushed());
                values.add(view);
            }
            document.put("values", Objects.requireNonNull(values));
            return document;
        }
    }
}
