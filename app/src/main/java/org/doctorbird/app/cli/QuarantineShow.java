package org.doctorbird.app.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.app.postgres.QuarantineDesk.Whole;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `doctorbird quarantine show`.
@Command(
        name = "show",
        description = "Shows one record that the database refuses, and what waits for it.")
final class QuarantineShow implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Parameters(index = "0", paramLabel = "MODEL", description = "Such as party.party.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "UID", description = "The record.")
    private UUID uid = new UUID(0, 0);

    @Option(
            names = "--values",
            description =
                    "Also print the record's values and the database's own words. They may be a patient's.")
    private boolean showsValues;

    @Override
    public Integer call() {
        try (Look look = Look.open(common.settings())) {
            List<Whole> found = look.quarantine().whole(model, uid);
            if (found.isEmpty()) {
                common.say("This record is not in quarantine here.");
                common.print(Map.of("found", false));
                return 1;
            }
            found.forEach(this::tell);
            common.print(Map.of("records", found.stream().map(this::document).toList()));
            return 0;
        }
    }

    private void tell(Whole whole) {
        common.say(QuarantineList.line(whole.entry()));
        common.say("  " + ErrorCode.of(whole.entry().cause().code()).remedy());
        common.say(
                "  %srevision %,d; fields: %s"
                        .formatted(
                                whole.isDeleted() ? "the end of the record; " : "",
                                whole.revision(),
                                String.join(", ", whole.fields().names().list())));
        whole.waiting()
                .forEach(waiting ->
                        common.say("  " + QuarantineList.words(waiting) + " waits for it"));
        if (showsValues) {
            values(whole).forEach((name, value) -> common.say("  " + name + " = " + value));
            whole.detail().lines().forEach(line -> common.say("  " + line));
        }
    }

    private static Map<String, @Nullable String> values(Whole whole) {
        var values = new LinkedHashMap<String, @Nullable String>();
        whole.fields().names().list().forEach(name -> values.put(name, whole.fields().get(name)));
        return values;
    }

    private Map<String, Object> document(Whole whole) {
        Map<String, Object> document = QuarantineList.document(whole.entry());
        document.put("revision", whole.revision());
        document.put("deleted", whole.isDeleted());
        document.put("fields", whole.fields().names().list());
        document.put("waiting", whole.waiting().stream().map(QuarantineList::words).toList());
        if (showsValues) {
            document.put("values", values(whole));
            document.put("detail", whole.detail());
        }
        return document;
    }
}
