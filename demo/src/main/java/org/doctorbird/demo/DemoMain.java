package org.doctorbird.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.doctorbird.SyncException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `./doctorbird demo`: a central instance and two satellites on this machine, with invented
/// patients.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Central and two clinics on this machine, with invented patients. Nothing outside a temporary"
                        + " folder is touched.",
        footer = {
            "",
            "Stories: first-day (two clinics join, exchange, and write on);",
            "transfer (each has its own patients; one is imported, one moves);",
            "conflict (both write about one patient while they are apart; people settle it);",
            "restore (disks fail at a clinic and at central, and old backups are put back);",
            "clone (a clinic's disk is cloned, and both copies run);",
            "outage (a line is down for long; power and central fail in the middle of the catch-up).",
            "Exit codes: 0 everything came true, 1 an expectation did not, 2 wrong usage, 70 the demo itself failed."
        })
public final class DemoMain implements Callable<Integer> {

    private static final int FAILED = 70;
    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(400);
    private static final int EVENTS_BETWEEN_LOOKS = 25;

    @Option(
            names = "--once",
            description = "End when the story is told, instead of writing on until Ctrl-C.")
    private boolean isOnce;

    @Option(
            names = "--json",
            description =
                    "Print one JSON document on standard output; the story goes to standard error.")
    private boolean isJson;

    @Option(
            names = "--records",
            paramLabel = "N",
            description =
                    "Clinical records in both clinics together, 200 to 1,000,000; default 3,000, for conflict, restore and clone 400, for outage 1,000.")
    private @Nullable Integer records;

    @Option(
            names = "--story",
            defaultValue = "first-day",
            paramLabel = "NAME",
            description = "Which story; default ${DEFAULT-VALUE}.")
    private String story = "first-day";

    @Option(
            names = "--seed",
            defaultValue = "1962",
            paramLabel = "N",
            description = "The same seed invents the same people.")
    private long seed;

    private DemoMain() {}

    /// Runs the demo and ends the JVM with its exit code.
    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "org/doctorbird/demo/logback-demo.xml");
        System.exit(new CommandLine(new DemoMain()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintStream people = isJson ? System.err : System.out;
        List<Story> stories =
                List.of(
                        new FirstDay(seed),
                        new Transfer(seed),
                        new Conflict(seed),
                        new Restore(seed),
                        new Clone(seed),
                        new Outage(seed));
        Optional<Story> chosen =
                stories.stream().filter(known -> known.name().equals(story)).findFirst();
        if (chosen.isEmpty()) {
            System.err.println(
                    "There is no story '%s'. Choose: %s."
                            .formatted(
                                    story,
                                    stories.stream()
                                            .map(Story::name)
                                            .collect(Collectors.joining(", "))));
            return CommandLine.ExitCode.USAGE;
        }
        Story told = chosen.get();
        int wanted = Objects.requireNonNullElse(records, told.records());
        if (wanted < 200 || wanted > 1_000_000) {
            System.err.println("--records must be 200 to 1,000,000.");
            return CommandLine.ExitCode.USAGE;
        }
        var narrator = new Narrator(people);
        narrator.say("Starting PostgreSQL in a temporary folder ...");
        var stop = new AtomicBoolean();
        try (Stage stage = Stage.open(narrator)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stage, stop)));
            return tell(stage, told, wanted, stop);
        } catch (SQLException | RuntimeException | IOException e) {
            return stop.get() ? ended(narrator) : failed(e);
        }
    }

    /// Ctrl-C also ends PostgreSQL, which may be noticed before the wish to stop is.
    private static int ended(Narrator narrator) {
        narrator.say("Ended.");
        return CommandLine.ExitCode.OK;
    }

    private static int failed(Exception failure) {
        switch (failure) {
            case SQLException database ->
                    System.err.println(
                            "The demo's database failed (SQLSTATE "
                                    + database.getSQLState()
                                    + ").");
            case SyncException told -> {
                System.err.println("The demo failed: " + told.getMessage());
                System.err.println(told.code().remedy());
            }
            case IOException told -> System.err.println("The demo failed: " + told.getMessage());
            default -> System.err.println("The demo failed: " + failure.getClass().getName());
        }
        return FAILED;
    }

    /// Ctrl-C: ends the programs and PostgreSQL under the story, which then ends too.
    private static void end(Stage stage, AtomicBoolean stop) {
        stop.set(true);
        try {
            stage.close();
        } catch (IOException e) {
            System.err.println("The demo's folder cannot be removed: " + e.getMessage());
        }
    }

    private int tell(Stage stage, Story told, int wanted, AtomicBoolean stop)
            throws SQLException, IOException, InterruptedException {
        List<Expectation> expectations = told.tell(stage, wanted);
        boolean isConverged = expectations.stream().allMatch(Expectation::holds);
        stage.narrator().chapter("What was expected, and whether it came true:");
        expectations.forEach(expectation ->
                stage.narrator()
                        .say((expectation.holds() ? "yes  " : "NO   ") + expectation.name()));
        if (isJson) {
            print(stage, expectations, isConverged);
        }
        if (!isOnce && isConverged) {
            writeOn(stage, told, stop);
        }
        return isConverged ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static void print(Stage stage, List<Expectation> expectations, boolean isConverged) {
        var document = new LinkedHashMap<String, Object>();
        document.put("converged", isConverged);
        document.put(
                "instances",
                Digests.of(stage).byInstance().entrySet().stream()
                        .map(entry -> Map.of("name", entry.getKey(), "models", entry.getValue()))
                        .toList());
        document.put("expectations", expectations);
        System.out.println(
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document));
    }

    private static void writeOn(Stage stage, Story told, AtomicBoolean stop)
            throws SQLException, IOException, InterruptedException {
        stage.narrator()
                .chapter(
                        "The clinics write on; each synchronises every five seconds. Ctrl-C ends it.");
        for (DemoInstance satellite : told.clinics().keySet()) {
            var _ = stage.serve(satellite);
        }
        int events = 0;
        while (!stop.get()) {
            for (var clinic : told.clinics().entrySet()) {
                Event event = clinic.getValue().writeOneThing();
                events++;
                if (events % EVENTS_BETWEEN_LOOKS == 0) {
                    stage.narrator()
                            .say(
                                    "%,d events; just now %s %s. Central holds %,d records."
                                            .formatted(
                                                    events,
                                                    clinic.getKey().title(),
                                                    event.kind().words(),
                                                    TwoClinics.recordsAtCentral(stage)));
                }
            }
            Thread.sleep(BETWEEN_EVENTS);
        }
    }
}
