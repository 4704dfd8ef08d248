package org.doctorbird.app.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.doctorbird.app.postgres.QuarantineDesk;
import org.doctorbird.exchange.QuarantineChoice;
import org.doctorbird.exchange.QuarantineRetry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `doctorbird quarantine …`: what an administrator does with records that the database refuses.
@Command(
        name = "quarantine",
        description = "Received records that the database refuses.",
        subcommands = {
            QuarantineList.class,
            QuarantineShow.class,
            QuarantineCommand.Retry.class,
            QuarantineCommand.Drop.class,
            QuarantineCommand.Undrop.class
        })
final class QuarantineCommand extends Group {

    /// The commands that do something with one record, or with all that have one cause.
    abstract static class Deed implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Spec private CommandSpec spec = CommandSpec.create();

        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "MODEL",
                description = "Such as party.party.")
        private @Nullable String model;

        @Parameters(index = "1", arity = "0..1", paramLabel = "UID", description = "One record.")
        private @Nullable UUID uid;

        @Option(
                names = "--cause",
                paramLabel = "CAUSE",
                description = "All records with one cause, by its name in 'quarantine list'.")
        private @Nullable String cause;

        /// Does it to the records that are meant.
        ///
        /// @return the exit code
        abstract int run(Look look, List<QuarantineChoice> choices);

        /// Says whether all records are meant.
        boolean isForAll() {
            return false;
        }

        final Common common() {
            return common;
        }

        final ParameterException wrongUse(String words) {
            return new ParameterException(spec.commandLine(), words);
        }

        @Override
        public Integer call() {
            boolean isForOne = model != null && uid != null;
            boolean hasModelOnly = model != null && uid == null;
            long ways =
                    List.of(isForOne, cause != null, isForAll()).stream()
                            .filter(way -> way)
                            .count();
            if (ways != 1 || hasModelOnly) {
                throw wrongUse("Name one record by MODEL and UID, or a --cause.");
            }
            try (Look look = Look.open(common.settings())) {
                List<QuarantineChoice> choices = choices(look.quarantine());
                if (choices.isEmpty()) {
                    common.say("Nothing in quarantine has this cause.");
                    common.print(Map.of("found", false));
                    return 1;
                }
                return run(look, choices);
            }
        }

        private List<QuarantineChoice> choices(QuarantineDesk desk) {
            if (model != null && uid != null) {
                return List.of(QuarantineChoice.of(model, uid));
            }
            Optional<String> wanted = Optional.ofNullable(cause);
            return desk.groups().stream()
                    .filter(group -> wanted.map(group.name()::equals).orElse(true))
                    .map(QuarantineDesk.Group::choice)
                    .distinct()
                    .toList();
        }
    }

    /// `doctorbird quarantine retry`.
    @Command(
            name = "retry",
            description =
                    "Tries records again now: one, all with one cause, or all. One that was dropped is brought back.")
    static final class Retry extends Deed {

        @Option(names = "--all", description = "All records that are not dropped.")
        private boolean isForAll;

        @Override
        boolean isForAll() {
            return isForAll;
        }

        @Override
        int run(Look look, List<QuarantineChoice> choices) {
            int stored = 0;
            int refused = 0;
            int parked = 0;
            QuarantineRetry<?> retry = look.retry();
            for (QuarantineChoice choice : choices) {
                var retried = retry.chosen(choice);
                stored += retried.stored();
                refused += retried.refused();
                parked += retried.parked();
            }
            common().say(
                            "%,d stored, %,d refused again, %,d wait for a record that they refer to."
                                    .formatted(stored, refused, parked));
            common().print(Map.of("stored", stored, "refused", refused, "parked", parked));
            return refused == 0 ? 0 : 1;
        }
    }

    /// `doctorbird quarantine drop`.
    @Command(
            name = "drop",
            description =
                    "Gives records up: they stay here whole and are not tried again. A later change of one is.")
    static final class Drop extends Deed {

        @Option(names = "--yes", description = "Needed.")
        private boolean isSure;

        @Override
        int run(Look look, List<QuarantineChoice> choices) {
            if (!isSure) {
                throw wrongUse("Give --yes if these versions shall not be tried again.");
            }
            int dropped = choices.stream().mapToInt(choice -> look.quarantine().drop(choice)).sum();
            common().say(
                            "%,d dropped; 'doctorbird quarantine undrop' brings them back."
                                    .formatted(dropped));
            common().print(Map.of("dropped", dropped));
            return dropped == 0 ? 1 : 0;
        }
    }

    /// `doctorbird quarantine undrop`.
    @Command(name = "undrop", description = "Brings dropped records back; they are tried again.")
    static final class Undrop extends Deed {

        @Override
        int run(Look look, List<QuarantineChoice> choices) {
            int back = choices.stream().mapToInt(choice -> look.quarantine().undrop(choice)).sum();
            common().say("%,d brought back; they are tried within a minute.".formatted(back));
            common().print(Map.of("broughtBack", back));
            return back == 0 ? 1 : 0;
        }
    }
}
