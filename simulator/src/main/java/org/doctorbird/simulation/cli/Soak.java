package org.doctorbird.simulation.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.doctorbird.simulation.Failure;
import org.doctorbird.simulation.SmallWorld;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./doctorbird soak`: small worlds by chance, until one fails or time is up.
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description =
                "Runs small simulated worlds of random seeds and kinds, in which much more goes wrong than anywhere else, for"
                        + " some hours or until one fails. Prints the seed that found a fault and how to repeat it.",
        footer = {
            "",
            "--repeat KIND/SEED runs one world again, leaves out whatever it fails without, and prints the rest.",
            "Exit codes: 0 everything held, 1 something did not, 2 wrong usage."
        })
final class Soak implements Callable<Integer> {

    private static final List<SmallWorld> KINDS = List.of(SmallWorld.values());

    /// A region takes as long as a hundred of the others.
    private static final int REGIONS_ONE_IN = 50;

    private static final double HOURS_MAX = 1_000;
    private static final Duration TO_MAKE_SMALLER = Duration.ofMinutes(2);

    @Option(
            names = "--hours",
            defaultValue = "1",
            paramLabel = "H",
            description = "How long, such as 0.1 or 12; at most 1,000; default ${DEFAULT-VALUE}.")
    private double hours;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Chooses the worlds; default: others each time.")
    private @Nullable Long seed;

    @Option(
            names = "--repeat",
            paramLabel = "KIND/SEED",
            description = "Repeats one world, such as rules/4711.")
    private @Nullable String repeat;

    private Soak() {}

    @Override
    public Integer call() {
        if (repeat != null) {
            return repeat(repeat);
        }
        if (!(hours > 0 && hours <= HOURS_MAX)) {
            return wrong("--hours must be above 0 and at most 1,000.");
        }
        long chosen = seed == null ? System.nanoTime() & 0xFFFFFF : seed;
        System.out.println("Worlds are chosen with --seed " + chosen + ".");
        var random = new SplittableRandom(chosen);
        long end = System.nanoTime() + (long) (hours * Duration.ofHours(1).toNanos());
        long worlds = 0;
        while (System.nanoTime() < end) {
            SmallWorld kind =
                    random.nextInt(REGIONS_ONE_IN) == 0
                            ? SmallWorld.REGION
                            : KINDS.get(random.nextInt(KINDS.size() - 1));
            long next = random.nextInt(Integer.MAX_VALUE);
            Optional<Failure> failure = kind.explain(next, deadline());
            worlds++;
            if (failure.isPresent()) {
                tell(kind, next, failure.get());
                System.out.println(worlds + " worlds, the last one failed.");
                return CommandLine.ExitCode.SOFTWARE;
            }
            if (worlds % 1_000 == 0) {
                System.err.println(worlds + " worlds, everything held so far");
            }
        }
        System.out.println(worlds + " worlds, everything held.");
        return CommandLine.ExitCode.OK;
    }

    static BooleanSupplier deadline() {
        long started = System.nanoTime();
        return () -> System.nanoTime() - started > TO_MAKE_SMALLER.toNanos();
    }

    private static int repeat(String name) {
        String[] parts = name.split("/", 2);
        Optional<SmallWorld> kind = SmallWorld.of(parts[0]);
        if (kind.isEmpty() || parts.length < 2 || !parts[1].matches("\\d{1,18}")) {
            return wrong(
                    "--repeat must be KIND/SEED, such as rules/4711; kinds: %s."
                            .formatted(
                                    KINDS.stream()
                                            .map(SmallWorld::title)
                                            .collect(Collectors.joining(", "))));
        }
        long chosen = Long.parseLong(parts[1]);
        Optional<Failure> failure = kind.get().explain(chosen, deadline());
        if (failure.isPresent()) {
            tell(kind.get(), chosen, failure.get());
            return CommandLine.ExitCode.SOFTWARE;
        }
        System.out.println("Everything held.");
        return CommandLine.ExitCode.OK;
    }

    private static void tell(SmallWorld kind, long seed, Failure failure) {
        System.out.println("Something that must hold does not: " + failure.message());
        System.out.printf(
                "It still fails with %,d of %,d events and faults; that is what is told above.%n",
                failure.events(), failure.of());
        System.out.println("Repeat it:  ./doctorbird soak --repeat " + kind.title() + "/" + seed);
        System.out.println(
                "Keep it:    echo '"
                        + kind.title()
                        + " "
                        + seed
                        + "' >> simulator/src/test/resources/org/doctorbird/simulation/seeds.txt");
    }

    private static int wrong(String sentence) {
        System.err.println(sentence);
        return CommandLine.ExitCode.USAGE;
    }
}
