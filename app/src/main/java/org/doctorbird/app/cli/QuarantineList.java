package org.doctorbird.app.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.doctorbird.app.postgres.QuarantineDesk;
import org.doctorbird.app.postgres.QuarantineDesk.Entry;
import org.doctorbird.app.postgres.QuarantineDesk.Group;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `doctorbird quarantine list`: causes, or the records of one cause; no values.
@Command(
        name = "list",
        description = "Lists why the database refuses received records; with --records which.")
final class QuarantineList implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Option(names = "--records", description = "List single records.")
    private boolean isForRecords;

    @Option(
            names = "--cause",
            paramLabel = "CAUSE",
            description = "Only what has this cause, by its name in the list.")
    private @Nullable String cause;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "So many records at most, 1 to 1,000; default ${DEFAULT-VALUE}.")
    private int limit = 100;

    @Option(
            names = "--offset",
            paramLabel = "N",
            description = "Leave out so many records of each cause; default ${DEFAULT-VALUE}.")
    private int offset;

    @Override
    public Integer call() {
        try (Look look = Look.open(common.settings())) {
            QuarantineDesk desk = look.quarantine();
            Optional<String> wanted = Optional.ofNullable(cause);
            List<Group> groups =
                    desk.groups().stream()
                            .filter(group -> wanted.map(group.name()::equals).orElse(true))
                            .toList();
            if (isForRecords) {
                tellRecords(records(desk, groups));
            } else {
                tellGroups(groups);
            }
            return 0;
        }
    }

    private List<Entry> records(QuarantineDesk desk, List<Group> groups) {
        var records = new ArrayList<Entry>();
        for (var choice : groups.stream().map(Group::choice).distinct().toList()) {
            if (records.size() < limit) {
                records.addAll(desk.records(choice, Math.max(0, offset), limit - records.size()));
            }
        }
        return records;
    }

    private void tellGroups(List<Group> groups) {
        var rows = new ArrayList<List<String>>();
        rows.add(
                List.of(
                        "cause",
                        "model",
                        "code",
                        "reason",
                        "records",
                        "waiting",
                        "oldest",
                        "next try"));
        for (Group group : groups) {
            rows.add(
                    List.of(
                            group.name(),
                            group.model(),
                            group.cause().code(),
                            group.cause().reason(),
                            "%,d".formatted(group.records()),
                            "%,d".formatted(group.waiting()),
                            group.oldest().toString(),
                            group.nextTry().map(Instant::toString).orElse("dropped")));
        }
        if (groups.isEmpty()) {
            common.say("Nothing.");
        } else {
            Columns.lines(rows).forEach(common::say);
        }
        common.print(Map.of("causes", groups.stream().map(QuarantineList::document).toList()));
    }

    private void tellRecords(List<Entry> records) {
        records.forEach(entry -> common.say(line(entry)));
        common.say(records.isEmpty() ? "Nothing." : "%,d records.".formatted(records.size()));
        common.print(Map.of("entries", records.stream().map(QuarantineList::document).toList()));
    }

    /// Tells one record on one line, without its values.
    static String line(Entry entry) {
        return "%s  %s  from %d  %s  %s  %,d tries, %s"
                .formatted(
                        entry.since(),
                        words(entry.key()),
                        entry.instance(),
                        entry.cause().code(),
                        entry.cause().reason(),
                        entry.attempts(),
                        entry.droppedAt()
                                .map(at -> "dropped " + at)
                                .orElse("next " + entry.nextTry()));
    }

    static String words(RecordKey key) {
        return key.model() + " " + key.uid();
    }

    private static Map<String, Object> document(Group group) {
        var document = new LinkedHashMap<String, Object>();
        document.put("cause", group.name());
        document.put("model", group.model());
        document.put("code", group.cause().code());
        document.put("reason", group.cause().reason());
        document.put("dropped", group.isDropped());
        document.put("records", group.records());
        document.put("waiting", group.waiting());
        document.put("oldest", group.oldest().toString());
        group.nextTry().ifPresent(next -> document.put("nextTry", next.toString()));
        return document;
    }

    /// Returns one record as JSON, without its values.
    static Map<String, Object> document(Entry entry) {
        var document = new LinkedHashMap<String, Object>();
        document.put("model", entry.key().model());
        document.put("uid", entry.key().uid().toString());
        document.put("instance", entry.instance());
        document.put("code", entry.cause().code());
        document.put("reason", entry.cause().reason());
        document.put("since", entry.since().toString());
        document.put("attempts", entry.attempts());
        entry.droppedAt()
                .ifPresentOrElse(
                        at -> document.put("droppedAt", at.toString()),
                        () -> document.put("nextTry", entry.nextTry().toString()));
        return document;
    }
}
