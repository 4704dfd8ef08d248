package org.doctorbird.simulation;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Databases are restored from backups in the middle of everything, and the operators do what the
/// messages say.
///
/// To repeat one failure: `mvn -pl simulator -am test -Dtest=MisfortuneSimulationTest -Dseed=42`.
final class MisfortuneSimulationTest {

    /// Goal: a satellite that is restored from a backup loses nothing that central had or that was
    /// written into it since, and agrees with all others. Method: everybody writes; one of the
    /// satellites goes back to where it was.
    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("satellites")
    void aRestoredSatelliteAgreesWithAllAgain(long seed) {
        SmallWorld.SATELLITE_RESTORED.run(seed);
    }

    /// Goal: what was pushed after central's backup comes back from the satellites. Method: as
    /// above; central goes back.
    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("centrals")
    void aRestoredCentralGetsBackWhatTheSatellitesHave(long seed) {
        SmallWorld.CENTRAL_RESTORED.run(seed);
    }

    static LongStream satellites() {
        return Seeds.of(SmallWorld.SATELLITE_RESTORED, 25);
    }

    static LongStream centrals() {
        return Seeds.of(SmallWorld.CENTRAL_RESTORED, 25);
    }
}
