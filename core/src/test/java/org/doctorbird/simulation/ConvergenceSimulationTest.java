package org.doctorbird.simulation;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvergenceSimulationTest {

    private static final long SEEDS = 300;

    /// Seeds that found a fault once. They stay for ever.
    private static final long[] FOUND = {
        1301, 1815, 2781, 3138, 3294, 6122, 6365, 11_660, 23_021, 24_935
    };

    /// Goal: once faults stop, all instances agree and nothing that was ever written is lost.
    /// Method: random writes on central and three satellites, one of them with a clock ten years
    /// behind, while requests and answers are lost, doubled and delayed and both sides break before
    /// and after commits.
    ///
    /// Faults come at 0 to 70 per mille of all calls and transactions, by the seed.
    ///
    /// To repeat one failure: `mvn -pl core test -Dtest=ConvergenceSimulationTest -Dseed=42`.
    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void instancesAgreeOnceTheFaultsStop(long seed) {
        var world = new World(seed, 3);

        world.disturb(150, (int) (seed % 8) * 10);
        world.settle();

        world.assertAllIsWell();
    }

    static LongStream seeds() {
        Long seed = Long.getLong("seed");
        return seed == null
                ? LongStream.concat(LongStream.range(0, SEEDS), LongStream.of(FOUND))
                : LongStream.of(seed);
    }
}
