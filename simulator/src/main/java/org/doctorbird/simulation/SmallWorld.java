package org.doctorbird.simulation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.doctorbird.record.InstanceId;

/// The kinds of small worlds, each a few hundred events long, in which much more goes wrong than
/// anywhere else. All end without faults, at rest, with everything checked.
public enum SmallWorld {
    /// Everybody gets everything.
    SHARED,

    /// Patients have homes, clinics import and release them, rules decide over several levels.
    RULES,

    /// In the end every database takes what it had refused.
    REFUSED,

    /// Central ends rows of its history that late and repeated pushes still ask for.
    FORGETTING,

    /// One of the satellites goes back to a backup.
    SATELLITE_RESTORED,

    /// Central goes back to a backup.
    CENTRAL_RESTORED,

    /// Three clinics for some weeks in which as much goes wrong as elsewhere in years.
    REGION;

    private static final int SATELLITES = 3;

    private void tell(Script script) {
        switch (this) {
            case SHARED, RULES, REFUSED, FORGETTING -> disturbAndCheck(script);
            case SATELLITE_RESTORED, CENTRAL_RESTORED -> restoreAndCheck(script);
            case REGION -> throw new IllegalStateException("a region has no script");
        }
    }

    private void disturbAndCheck(Script script) {
        World.Sharing sharing =
                switch (this) {
                    case RULES -> World.Sharing.BY_RULES;
                    case FORGETTING -> sharing(script);
                    case SHARED, REFUSED, SATELLITE_RESTORED, CENTRAL_RESTORED, REGION ->
                            World.Sharing.ALL;
                };
        var world = new World(script, SATELLITES, sharing);
        if (this == FORGETTING) {
            world = world.forgettingHistory();
        }
        world.disturb(this == RULES ? 200 : 150, faults(script));
        world.settle();
        if (this == REFUSED) {
            world.mend();
            world.settle();
        }
        world.assertAllIsWell();
        world.assertVerified();
        if (this == REFUSED) {
            world.assertNothingIsRefused();
        }
    }

    private void restoreAndCheck(Script script) {
        var world = new World(script, SATELLITES, sharing(script));
        InstanceId victim =
                this == CENTRAL_RESTORED
                        ? InstanceId.CENTRAL
                        : new InstanceId(1 + (int) (script.seed() % SATELLITES));
        world.disturb(60, faults(script));
        var backups = world.backups();
        world.disturb((int) (script.seed() % 5) * 20, faults(script));
        world.restore(victim, Objects.requireNonNull(backups.get(victim)));
        if (this == CENTRAL_RESTORED) {
            world.recover(20, faults(script));
        }
        world.disturb(60, faults(script));
        world.settle();
        world.assertAllIsWell();
    }

    private static int faults(Script script) {
        return (int) (script.seed() % 8) * 10;
    }

    private static World.Sharing sharing(Script script) {
        return script.seed() % 2 == 0 ? World.Sharing.ALL : World.Sharing.BY_RULES;
    }

    /// Returns the kind's name for commands.
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Finds a kind by its name.
    public static Optional<SmallWorld> of(String title) {
        return List.of(values()).stream().filter(kind -> kind.title().equals(title)).findFirst();
    }

    /// Runs one world.
    ///
    /// @param seed not negative
    /// @throws InvariantBroken if something that must hold does not
    public void run(long seed) {
        if (this == REGION) {
            var _ = region(seed).run();
        } else {
            tell(new Script(seed));
        }
    }

    private static Flight region(long seed) {
        Profile profile = Profile.of(List.of("rural", "district", "urban").get((int) (seed % 3)));
        for (Map.Entry<String, String> value : OFTEN.entrySet()) {
            profile = profile.with(value.getKey(), value.getValue());
        }
        return new Flight(3, 40, seed, profile, _ -> {});
    }

    private static final Map<String, String> OFTEN =
            Map.ofEntries(
                    Map.entry("patients", "5"),
                    Map.entry("new_patients_a_day", "1"),
                    Map.entry("evaluations_a_day", "3"),
                    Map.entry("edits_a_day", "4"),
                    Map.entry("deletions_a_week", "2"),
                    Map.entry("imports_a_week", "3"),
                    Map.entry("moves_a_week", "3"),
                    Map.entry("refusals_a_month", "8"),
                    Map.entry("plan_changes_a_year", "20"),
                    Map.entry("cycle_minutes", "30"),
                    Map.entry("crashes_a_year", "500"),
                    Map.entry("broken_cycles_per_mille", "50"),
                    Map.entry("doubled_per_mille", "10"),
                    Map.entry("late_per_mille", "20"),
                    Map.entry("damaged_per_mille", "10"),
                    Map.entry("paused_workers_a_year", "300"),
                    Map.entry("outages_a_year", "40"),
                    Map.entry("full_disks_a_year", "20"),
                    Map.entry("restores_a_year", "10"),
                    Map.entry("copies_a_year", "5"),
                    Map.entry("central_downs_a_year", "30"),
                    Map.entry("central_restores_a_year", "5"));

    /// Repeats a world and makes its failure as small as time allows.
    ///
    /// @param isEnough says when there is no more time
    /// @return empty if everything held
    public Optional<Failure> explain(long seed, BooleanSupplier isEnough) {
        return this == REGION ? explainRegion(seed, isEnough) : explainScript(seed, isEnough);
    }

    private Optional<Failure> explainScript(long seed, BooleanSupplier isEnough) {
        var script = new Script(seed);
        return failure(() -> tell(script))
                .map(broken ->
                        new Minimiser(
                                        kept -> failure(() -> tell(script.with(kept::contains))),
                                        isEnough)
                                .explain(script.happened(), broken));
    }

    private static Optional<Failure> explainRegion(long seed, BooleanSupplier isEnough) {
        Flight flight = region(seed);
        return failure(
                        () -> {
                            var _ = flight.run();
                        })
                .map(broken -> flight.explain(broken, isEnough));
    }

    static Optional<InvariantBroken> failure(Runnable world) {
        try {
            world.run();
            return Optional.empty();
        } catch (InvariantBroken e) {
            return Optional.of(e);
        }
    }
}
