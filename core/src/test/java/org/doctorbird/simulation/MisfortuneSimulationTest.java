package org.doctorbird.simulation;

import java.util.stream.LongStream;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Databases are restored from backups in the middle of everything, and the operators do what the
/// messages say.
///
/// To repeat one failure: `mvn -pl core test -Dtest=MisfortuneSimulationTest -Dseed=42`.
final class MisfortuneSimulationTest {

    private static final int SEEDS = 150;
    private static final int SATELLITES = 3;

    private static World world(long seed) {
        return new World(
                seed, SATELLITES, seed % 2 == 0 ? World.Sharing.ALL : World.Sharing.BY_RULES);
    }

    private static int faults(long seed) {
        return (int) (seed % 8) * 10;
    }

    /// Goal: a satellite that is restored from a backup loses nothing that central had or that was
    /// written into it since, and agrees with all others. Method: everybody writes; one of the
    /// satellites goes back to where it was.
    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void aRestoredSatelliteAgreesWithAllAgain(long seed) {
        var world = world(seed);
        var victim = new InstanceId(1 + (int) (seed % SATELLITES));
        world.disturb(60, faults(seed));
        var backups = world.backups();
        world.disturb((int) (seed % 5) * 20, faults(seed));

        world.restore(victim, java.util.Objects.requireNonNull(backups.get(victim)));

        world.disturb(60, faults(seed));
        world.settle();
        world.assertAllIsWell();
    }

    /// Goal: what was pushed after central's backup comes back from the satellites. Method: as
    /// above; central goes back.
    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void aRestoredCentralGetsBackWhatTheSatellitesHave(long seed) {
        var world = world(seed);
        world.disturb(60, faults(seed));
        var backups = world.backups();
        world.disturb((int) (seed % 5) * 20, faults(seed));

        world.restore(
                InstanceId.CENTRAL,
                java.util.Objects.requireNonNull(backups.get(InstanceId.CENTRAL)));

        world.recover(20, faults(seed));
        world.disturb(60, faults(seed));
        world.settle();
        world.assertAllIsWell();
    }

    static LongStream seeds() {
        Long seed = Long.getLong("seed");
        return seed == null ? LongStream.range(0, SEEDS) : LongStream.of(seed);
    }
}
