package org.doctorbird.simulation;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// To repeat one failure: `mvn -pl simulator -am test -Dtest=ConvergenceSimulationTest -Dseed=42`.
class ConvergenceSimulationTest {

    /// Goal: once faults stop, all instances agree and nothing that was ever written is lost.
    /// Method: random writes on central and three satellites, one of them with a clock ten years
    /// behind, while requests and answers are lost, doubled and delayed and both sides break before
    /// and after commits.
    ///
    /// Faults come at 0 to 70 per mille of all calls and transactions, by the seed.
    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("shared")
    void instancesAgreeOnceTheFaultsStop(long seed) {
        SmallWorld.SHARED.run(seed);
    }

    /// Goal: each instance holds exactly what it should, and never is sent anything else. Method:
    /// as above; patients move from home to home, clinics import and release them, rules decide
    /// over several levels, and each answer of central is checked against what the rules say by
    /// definition.
    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("rules")
    void instancesHoldExactlyWhatTheyShould(long seed) {
        SmallWorld.RULES.run(seed);
    }

    /// Goal: what databases refused is not forgotten, and one fix lets all of it through. Method:
    /// as above; afterwards every database takes what it had refused, and time passes.
    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("refused")
    void whatWasRefusedComesThroughOnceTheReasonIsGone(long seed) {
        SmallWorld.REFUSED.run(seed);
    }

    /// Goal: what the history does not tell any more makes disputes, and loses nothing. Method: as
    /// above, while central ends rows of its history that late and repeated pushes still ask for.
    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("forgetting")
    void instancesAgreeAlthoughCentralForgetsItsHistory(long seed) {
        SmallWorld.FORGETTING.run(seed);
    }

    static LongStream shared() {
        return Seeds.of(SmallWorld.SHARED, 60);
    }

    static LongStream rules() {
        return Seeds.of(SmallWorld.RULES, 50);
    }

    static LongStream refused() {
        return Seeds.of(SmallWorld.REFUSED, 20);
    }

    static LongStream forgetting() {
        return Seeds.of(SmallWorld.FORGETTING, 20);
    }
}
