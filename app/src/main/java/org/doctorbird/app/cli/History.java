package org.doctorbird.app.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.doctorbird.app.postgres.RecordHistory;
import org.doctorbird.app.postgres.RecordVersions;
import org.doctorbird.app.postgres.RecordVersions.Change;
import org.doctorbird.app.postgres.RecordVersions.Value;
import org.doctorbird.app.postgres.RecordVersions.Version;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.record.ETag;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `doctorbird history`, on central.
@Command(
        name = "history",
        description =
                "On central: says who changed a record when, newest first, and which fields; with --values also what they"
                        + " held before and after.")
final class History implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "MODEL", description = "Such as party.party.")
    private String model = "";

    @Parameters(
            index = "1",
            paramLabel = "UID|KEY",
            description = "The record's uid, its value of unique_id_column, or its key here.")
    private String record = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Versions at most, 1 to 1000; default: 100.")
    private int limit = 100;

    @Option(
            names = "--values",
            description = "Show values too: they may be a patient's. Else only the fields' names.")
    private boolean withValues;

    @Override
    public Integer call() {
        if (limit < 1 || limit > RecordHistory.VERSIONS_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--limit takes 1 to " + RecordHistory.VERSIONS_MAX + ".");
        }
        Settings settings = common.settings();
        settings.requireRole(Role.CENTRAL);
        try (Look look = Look.open(settings)) {
            Optional<UUID> uid = look.inquiry().find(model, record);
            Optional<RecordVersions> versions =
                    uid.flatMap(some -> look.history().read(model, some, limit, withValues));
            if (versions.isEmpty()) {
                return common.notFound(model);
            }
            tell(uid.orElseThrow(), versions.get());
            return 0;
        }
    }

    private void tell(UUID uid, RecordVersions found) {
        common.say(model + " " + uid);
        found.versions().forEach(this::say);
        if (found.hasMore()) {
            common.say("There are older ones: ask for more with --limit.");
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("model", model);
        document.put("uid", uid.toString());
        document.put("versions", found.versions().stream().map(this::document).toList());
        document.put("more", found.hasMore());
        common.print(document);
    }

    private void say(Version version) {
        String fields =
                version.changes().isEmpty() || withValues
                        ? ""
                        : ": "
                                + String.join(
                                        ", ",
                                        version.changes().stream().map(Change::field).toList());
        common.say(
                "%s  %s %s%s  %s%s"
                        .formatted(
                                time(version.etag()),
                                version.instance(),
                                version.name().orElse("(not there any more)"),
                                version.user().map(user -> ", user " + user).orElse(""),
                                version.kind().words(),
                                fields));
        if (withValues) {
            version.changes()
                    .forEach(change ->
                            common.say(
                                    "    %s: %s -> %s"
                                            .formatted(
                                                    change.field(),
                                                    shown(change.before()),
                                                    shown(change.after()))));
        }
    }

    private static Instant time(ETag etag) {
        return Instant.EPOCH.plus(etag.micros(), ChronoUnit.MICROS);
    }

    /// A value may hold what a terminal would obey.
    private static String shown(Value value) {
        if (!value.isKnown()) {
            return "(not kept)";
        }
        String text = value.text();
        return text == null ? "(empty)" : text.replaceAll("\\p{Cntrl}", " ");
    }

    private Map<String, @Nullable Object> document(Version version) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("etag", version.etag().text());
        document.put("at", time(version.etag()).toString());
        document.put("instance", version.instance().number());
        document.put("name", version.name().orElse(null));
        document.put("user", version.user().orElse(null));
        document.put("what", version.kind().words());
        var fields = new ArrayList<Map<String, @Nullable Object>>();
        version.changes().forEach(change -> fields.add(document(change)));
        document.put("fields", fields);
        return document;
    }

    private Map<String, @Nullable Object> document(Change change) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("name", change.field());
        for (var side :
                List.of(Map.entry("before", change.before()), Map.entry("after", change.after()))) {
            if (withValues && side.getValue().isKnown()) {
                document.put(side.getKey(), side.getValue().text());
            }
        }
        return document;
    }
}
