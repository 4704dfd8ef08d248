package org.doctorbird.simulation.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.doctorbird.simulation.Failure;
import org.doctorbird.simulation.Figures;
import org.doctorbird.simulation.Flight;
import org.doctorbird.simulation.InvariantBroken;
import org.doctorbird.simulation.Profile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./doctorbird simulate`: a region of clinics, day after day, with all that goes wrong.
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Simulates a central instance and the clinics of a region day after day, with the production code of both sides: people"
                    + " work, lines are slow and die, machines fail. Tells the bytes, the lags and the first load that a"
                    + " planner wants to know, and checks that nothing is lost and all agree.",
            "Nothing is real: no database, no network, no clock. The same seed gives the same run."
        },
        footer = {
            "",
            "Profiles (--profile): rural (VSAT, power by day), district (2G), urban (ADSL).",
            "Lines (--line): vsat, 2g, adsl. --values shows all values of the profile; --set sets one, such as",
            "  --set evaluations_a_day=40 --set outages_a_year=20 --set up=8000",
            "Exit codes: 0 everything held, 1 something did not, 2 wrong usage."
        })
final class Simulate implements Callable<Integer> {

    private static final int SATELLITES_MAX = 127;
    private static final int DAYS_MAX = 3_650;

    @Option(
            names = "--satellites",
            defaultValue = "10",
            paramLabel = "N",
            description = "Clinics, 1 to 127; default ${DEFAULT-VALUE}.")
    private int satellites;

    @Option(
            names = "--days",
            defaultValue = "30",
            paramLabel = "N",
            description = "1 to 3,650; default ${DEFAULT-VALUE}.")
    private int days;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "The same seed gives the same run; default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--profile",
            defaultValue = "rural",
            paramLabel = "NAME",
            description = "What the clinics are like; default ${DEFAULT-VALUE}.")
    private String profile = "rural";

    @Option(names = "--line", paramLabel = "NAME", description = "Another line than the profile's.")
    private @Nullable String line;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "Another value than the profile's.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--values", description = "Print the profile's values, and end.")
    private boolean printsValues;

    @Option(
            names = "--json",
            description =
                    "Print one JSON document on standard output; progress goes to standard error.")
    private boolean isJson;

    private Simulate() {}

    @Override
    public Integer call() {
        Profile chosen;
        try {
            chosen = chosen();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        if (satellites < 1 || satellites > SATELLITES_MAX) {
            return wrong("--satellites must be 1 to 127.");
        }
        if (days < 1 || days > DAYS_MAX) {
            return wrong("--days must be 1 to 3,650.");
        }
        if (printsValues) {
            chosen.values().forEach((name, value) -> System.out.println(name + " = " + value));
            return CommandLine.ExitCode.OK;
        }
        long started = System.nanoTime();
        var flight =
                new Flight(
                        satellites,
                        days,
                        seed,
                        chosen,
                        text -> System.err.println(text + "; " + seconds(started)));
        try {
            Figures figures = flight.run();
            if (isJson) {
                System.out.println(FiguresText.json(figures));
            } else {
                System.out.print(FiguresText.text(figures));
                System.out.println("Simulated in " + seconds(started) + ".");
            }
            return CommandLine.ExitCode.OK;
        } catch (InvariantBroken e) {
            System.err.println("Something that must hold does not: " + e.getMessage());
            System.err.println("Looking for the shortest run that fails, for two minutes ...");
            Failure failure = flight.explain(e, Soak.deadline());
            System.err.println(failure.message());
            System.err.printf(
                    "It fails with %,d of %,d events and faults; that is what is told above. Repeat it with the same command"
                            + " line.%n",
                    failure.events(), failure.of());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private Profile chosen() {
        Profile chosen = Profile.of(profile);
        if (line != null) {
            chosen = chosen.withLine(line);
        }
        for (Map.Entry<String, String> value : set.entrySet()) {
            chosen = chosen.with(value.getKey(), value.getValue());
        }
        return chosen;
    }

    private static int wrong(String sentence) {
        System.err.println(sentence);
        return CommandLine.ExitCode.USAGE;
    }

    private static String seconds(long started) {
        return Duration.ofNanos(System.nanoTime() - started).toSeconds() + " s";
    }
}
