package org.doctorbird.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.doctorbird.app.HeapRoom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./doctorbird bench`: measures Doctorbird beside PostgreSQL's own means.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "Measures Doctorbird, and PostgreSQL's own means beside it, on two servers of its own in a temporary"
                        + " folder. A run of all cases, but for size small, writes its figures into docs/benchmarks.md.",
        footer = {
            "",
            "Cases: W1 (first upload), W1b (caught up after small transactions), W2 (few updates in a large store),",
            "W3 (idle cycle), W4 (from central to four satellites), W5 (one insert), capture (the triggers' cost), memory,",
            "interest (moves), scale (many satellites at one central). docs/benchmarks.md explains them.",
            "Sizes: small (seconds, only shows that it works), standard, full (a store of a million records).",
            "Exit codes: 0 measured and proved, 2 wrong usage, 70 failed, or the work was not done rightly."
        })
public final class BenchMain implements Callable<Integer> {

    private static final int FAILED = 70;

    @Option(
            names = "--case",
            split = ",",
            paramLabel = "NAME",
            description = "Only these cases, separated by commas; default: all.")
    private List<String> chosen = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description = "How often each is measured, 1 to 100; default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "How long the case scale lasts, 10 to 86,400; default 90, for size full 600.")
    private @Nullable Integer seconds;

    @Option(
            names = "--stored",
            paramLabel = "N",
            description =
                    "How many records both sides hold in W2, W3, W5 and interest, 10,000 to 100,000,000, a multiple of ten; default 100,000, for size full 1,000,000.")
    private @Nullable Integer stored;

    @Option(
            names = "--size",
            defaultValue = "standard",
            paramLabel = "SIZE",
            description = "small, standard or full; default ${DEFAULT-VALUE}.")
    private String size = "standard";

    @Option(
            names = "--json",
            description =
                    "Print one JSON document on standard output; all else goes to standard error.")
    private boolean isJson;

    @Option(
            names = "--statements",
            description =
                    "Tell after each run of Doctorbird which SQL statements took how long; slows the servers a little.")
    private boolean tellsStatements;

    private final List<String> arguments;

    BenchMain(List<String> arguments) {
        this.arguments = arguments;
    }

    /// Runs the benchmark and ends the JVM with its exit code.
    public static void main(String[] arguments) {
        System.setProperty(
                "logback.configurationFile", "org/doctorbird/benchmarks/logback-bench.xml");
        System.exit(new CommandLine(new BenchMain(List.of(arguments))).execute(arguments));
    }

    @Override
    public Integer call() {
        Optional<Size> known = Size.of(size);
        if (known.isEmpty()) {
            return wrong("--size must be small, standard or full.");
        }
        if (rounds < 1 || rounds > 100) {
            return wrong("--rounds must be 1 to 100.");
        }
        if (seconds != null && (seconds < 10 || seconds > 86_400)) {
            return wrong("--seconds must be 10 to 86,400.");
        }
        if (stored != null && (stored < 10_000 || stored > 100_000_000 || stored % 10 != 0)) {
            return wrong("--stored must be 10,000 to 100,000,000, and a multiple of ten.");
        }
        Size wanted = known.get().with(stored, seconds);
        Set<String> unknown = new TreeSet<>(chosen);
        unknown.removeAll(Cases.ALL.keySet());
        if (!unknown.isEmpty()) {
            return wrong(
                    "There is no case "
                            + String.join(", ", unknown)
                            + ". Choose from: "
                            + String.join(", ", Cases.ALL.keySet())
                            + ".");
        }
        var progress = new Progress(System.err);
        try {
            tell(run(wanted, progress), wanted, progress);
            return CommandLine.ExitCode.OK;
        } catch (IOException | SQLException | RuntimeException e) {
            return failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(e);
        }
    }

    private static int wrong(String sentence) {
        System.err.println(sentence);
        return CommandLine.ExitCode.USAGE;
    }

    /// All records are invented, so the whole failure may be told.
    private static int failed(Exception failure) {
        System.err.println("The benchmark failed.");
        failure.printStackTrace();
        return FAILED;
    }

    private Report run(Size known, Progress progress)
            throws IOException, SQLException, InterruptedException {
        double loadBefore = Processes.load();
        progress.say(
                "starting two PostgreSQL servers; the machine's load is %.1f"
                        .formatted(loadBefore));
        HeapRoom.start(); // As `serve` does, whose work is done in this process.
        try (Servers servers = tellsStatements ? Servers.watched(progress) : Servers.start()) {
            var end = new Thread(() -> close(servers));
            Runtime.getRuntime().addShutdownHook(end);
            Report report = measure(servers, known, progress, loadBefore);
            Runtime.getRuntime().removeShutdownHook(end);
            return report;
        }
    }

    /// Ctrl-C: ends the servers under the cases.
    private static void close(Servers servers) {
        try {
            servers.close();
        } catch (IOException e) {
            System.err.println("The benchmark's folder cannot be removed: " + e.getMessage());
        }
    }

    private Report measure(Servers servers, Size known, Progress progress, double loadBefore)
            throws IOException, SQLException, InterruptedException {
        List<Result> results = Cases.measure(servers, known, rounds, Set.copyOf(chosen), progress);
        String command = "./doctorbird bench " + String.join(" ", arguments);
        return new Report(Circumstances.of(servers, command.strip(), loadBefore), results);
    }

    private void tell(Report report, Size known, Progress progress) throws IOException {
        PrintStream people = isJson ? System.err : System.out;
        people.println(report.plain());
        if (isJson) {
            System.out.println(report.json());
        }
        Optional<Path> document =
                checkout().map(root -> root.resolve("docs/benchmarks.md")).filter(Files::exists);
        if (chosen.isEmpty() && !known.word().equals(Size.SMALL.word()) && document.isPresent()) {
            report.writeInto(document.get());
            progress.say("written into %s".formatted(document.get()));
        }
    }

    /// Returns the checkout that this program was started from.
    static Optional<Path> checkout() {
        return Optional.ofNullable(System.getProperty("doctorbird.launcher"))
                .map(launcher -> Path.of(launcher).getParent());
    }
}
