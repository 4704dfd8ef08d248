package org.doctorbird.app.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.doctorbird.app.postgres.AsideLists;
import org.doctorbird.app.postgres.AsideLists.Entry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// The commands that list records which were set aside: keys and reasons, no values.
abstract class Listing implements Callable<Integer> {

    @Mixin private Common common = new Common();

    /// Reads the list.
    abstract List<Entry> entries(AsideLists lists);

    @Override
    public Integer call() {
        try (Look look = Look.open(common.settings())) {
            List<Entry> entries = entries(look.lists());
            entries.forEach(entry ->
                    common.say(
                            "%s  %s %s  from %d  %s  %s"
                                    .formatted(
                                            entry.since(),
                                            entry.model(),
                                            entry.uid(),
                                            entry.instance(),
                                            entry.code(),
                                            entry.reason())));
            common.say(entries.isEmpty() ? "Nothing." : "%,d records.".formatted(entries.size()));
            common.print(Map.of("entries", entries.stream().map(Listing::document).toList()));
            return 0;
        }
    }

    private static Map<String, Object> document(Entry entry) {
        return Map.of(
                "model", entry.model(),
                "uid", entry.uid().toString(),
                "instance", entry.instance(),
                "code", entry.code(),
                "reason", entry.reason(),
                "since", entry.since().toString());
    }

    /// `doctorbird parked list`.
    @Command(name = "list", description = "Lists received records that wait for others.")
    static final class Parked extends Listing {
        @Override
        List<Entry> entries(AsideLists lists) {
            return lists.parked();
        }
    }

    /// `doctorbird refused list`.
    @Command(
            name = "list",
            description = {
                "On a satellite: lists local changes that the plan's mode did not let out and that central's"
                        + " version has overwritten."
            })
    static final class Refused extends Listing {
        @Override
        List<Entry> entries(AsideLists lists) {
            return lists.refused();
        }
    }

    /// `doctorbird held list`.
    @Command(
            name = "list",
            description =
                    "On a satellite: lists local changes that central does not take, with why.")
    static final class Held extends Listing {
        @Override
        List<Entry> entries(AsideLists lists) {
            return lists.held();
        }
    }

    /// `doctorbird parked …`.
    @Command(
            name = "parked",
            description = "Received records that wait for others.",
            subcommands = Listing.Parked.class)
    static final class ParkedGroup extends Group {}

    /// `doctorbird refused …`.
    @Command(
            name = "refused",
            description = "On a satellite: changes that the plan did not let out.",
            subcommands = Listing.Refused.class)
    static final class RefusedGroup extends Group {}

    /// `doctorbird held …`.
    @Command(
            name = "held",
            description = "On a satellite: changes that central does not take.",
            subcommands = {Listing.Held.class, HeldRetry.class})
    static final class HeldGroup extends Group {}
}
