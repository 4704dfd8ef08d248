package org.doctorbird.simulation;

import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.doctorbird.simulation.Region.Settings;

/// One run of a region: so many days, then two in which nothing goes wrong, with everything that
/// must hold checked in between and at the end.
public final class Flight {

    /// What is done after the last day.
    private static final int DAYS_AFTER = 2;

    private static final int MONTH = 30;

    private final Settings settings;
    private final Consumer<String> progress;
    private List<String> happened = List.of();
    private long whole;

    /// @param progress hears one line a simulated month
    public Flight(int satellites, int days, long seed, Profile profile, Consumer<String> progress) {
        this(new Settings(satellites, days, seed, profile, true, _ -> true), progress);
    }

    Flight(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// Repeats a run that failed with less and less of what happened, for as long as it still
    /// fails.
    ///
    /// @param isEnough says when there is no more time
    public Failure explain(InvariantBroken broken, BooleanSupplier isEnough) {
        return new Minimiser(
                        kept ->
                                SmallWorld.failure(() -> {
                                    var _ = only(kept).run();
                                }),
                        isEnough)
                .explain(happened, broken);
    }

    private Flight only(Set<String> kept) {
        return new Flight(
                new Settings(
                        settings.satellites(),
                        settings.days(),
                        settings.seed(),
                        settings.profile(),
                        settings.countsIdleCycles(),
                        kept::contains),
                _ -> {});
    }

    /// Returns after how many days the whole region is checked: each day in small regions, each
    /// week in middle ones, each month in large ones.
    int checkedEvery() {
        long size = (long) settings.satellites() * settings.days();
        return size <= 500 ? 1 : size <= 3_000 ? 7 : MONTH;
    }

    /// Runs.
    ///
    /// @throws InvariantBroken if something that must hold does not
    public Figures run() {
        try (var region = new Region(settings)) {
            try {
                return run(region);
            } finally {
                happened = List.copyOf(region.faults().happened());
            }
        }
    }

    Figures run(Region region) {
        var writer = new RegionWriter(region);
        var days = new RegionDays(region, writer);
        writer.begin();
        days.begin();
        for (int day = 0; day < settings.days(); day++) {
            days.plan(day, false);
            region.agenda().runUntil((day + 1) * Region.DAY - 1);
            if ((day + 1) % checkedEvery() == 0) {
                check(region);
            }
            if ((day + 1) % MONTH == 0) {
                progress.accept(line(region, day + 1));
            }
        }
        region.endFaults();
        for (int day = settings.days(); day < settings.days() + DAYS_AFTER; day++) {
            days.plan(day, true);
            region.agenda().runUntil((day + 1) * Region.DAY - 1);
        }
        check(region);
        return Figures.of(region, whole, checkedEvery());
    }

    private void check(Region region) {
        new Rest(region).check();
        whole++;
    }

    private String line(Region region, int day) {
        return "day %d of %d: %,d records at central, %,d cycles with work and %,d idle ones, %,d faults"
                .formatted(
                        day,
                        settings.days(),
                        region.central().committed().rows.size(),
                        region.fullCycles(),
                        region.idleCycles(),
                        region.faults().counts().values().stream().mapToLong(n -> n).sum());
    }
}
