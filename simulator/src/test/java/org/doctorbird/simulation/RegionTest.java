package org.doctorbird.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A region of clinics, day after day.
final class RegionTest {

    private static final int SATELLITES = 4;
    private static final int DAYS = 12;

    private static Profile small(String name) {
        return Profile.of(name)
                .with("patients", "10")
                .with("new_patients_a_day", "1")
                .with("evaluations_a_day", "4")
                .with("imports_a_week", "3")
                .with("moves_a_week", "2")
                .with("cycle_minutes", "20");
    }

    private static Region.Settings settings(Profile profile, boolean countsIdleCycles) {
        return new Region.Settings(SATELLITES, DAYS, 5, profile, countsIdleCycles, _ -> true);
    }

    static LongStream seeds() {
        return Seeds.of(SmallWorld.REGION, 6);
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void everythingHoldsWhileAsMuchGoesWrongAsElsewhereInYears(long seed) {
        SmallWorld.REGION.run(seed);
    }

    /// Goal: a cycle that is only counted is one that would have done nothing. Its bytes differ
    /// where they tell the number of a contact or a transaction, which only a cycle that runs
    /// takes.
    @ParameterizedTest
    @ValueSource(strings = {"rural", "district", "urban"})
    void countedIdleCyclesAreLikeThoseThatRun(String name) {
        Profile profile = small(name);
        try (var run = new Region(settings(profile, false));
                var counted = new Region(settings(profile, true))) {
            Figures whole = new Flight(run.settings(), _ -> {}).run(run);
            Figures shorter = new Flight(counted.settings(), _ -> {}).run(counted);

            assertThat(whole.cycles().idle()).isZero();
            assertThat(shorter.cycles().idle()).isPositive();
            assertThat(shorter.cycles().run() + shorter.cycles().idle())
                    .isEqualTo(whole.cycles().run());
            whole.lags().forEach((kind, spread) -> assertAlike(kind, shorter.lags(), spread));
            assertThat(shorter.faults()).isEqualTo(whole.faults());
            assertThat(shorter.cycles().requests()).isEqualTo(whole.cycles().requests());
            whole.bytes()
                    .forEach((kind, spread) -> {
                        Spread other = Objects.requireNonNull(shorter.bytes().get(kind));
                        assertThat(other.p50())
                                .as(kind)
                                .isCloseTo(spread.p50(), Percentage.withPercentage(4));
                    });
            for (InstanceId id : run.ids()) {
                assertThat(values(counted, id)).as("at " + id).isEqualTo(values(run, id));
            }
            assertThat(values(counted, InstanceId.CENTRAL))
                    .isEqualTo(values(run, InstanceId.CENTRAL));
        }
    }

    /// A token more or less in a message is some bytes, and these are microseconds.
    private static void assertAlike(String kind, Map<String, Spread> others, Spread spread) {
        Spread other = Objects.requireNonNull(others.get(kind));
        assertThat(other.count()).as(kind).isEqualTo(spread.count());
        assertThat(other.p50()).as(kind).isCloseTo(spread.p50(), Offset.offset(10L));
        assertThat(other.p95()).as(kind).isCloseTo(spread.p95(), Offset.offset(10L));
        assertThat(other.max()).as(kind).isCloseTo(spread.max(), Offset.offset(10L));
    }

    private static Map<String, Fields> values(Region region, InstanceId id) {
        var values = new TreeMap<String, Fields>();
        region.committed(id).rows.forEach((key, row) -> values.put(key.toString(), row.orNone()));
        return values;
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        Figures one = new Flight(settings(small("rural"), true), _ -> {}).run();
        Figures other = new Flight(settings(small("rural"), true), _ -> {}).run();

        assertThat(other).isEqualTo(one);
        assertThat(one.faults()).isNotEmpty();
        assertThat(one.checks().whole()).isGreaterThan(DAYS);
    }

    @Test
    void aSlowerLineTakesLonger() {
        Figures fast = new Flight(settings(small("urban"), true), _ -> {}).run();
        Figures slow = new Flight(settings(small("urban").withLine("2g"), true), _ -> {}).run();

        assertThat(median(slow)).isGreaterThan(median(fast));
    }

    private static long median(Figures figures) {
        return Objects.requireNonNull(figures.firstLoad().get("ms")).p50();
    }

    @Test
    void aWrongProfileIsRefusedWithWhatThereIs() {
        assertThatThrownBy(() -> Profile.of("lunar"))
                .hasMessage("There is no profile 'lunar'. Choose from: rural, district, urban.");
        assertThatThrownBy(() -> Profile.of("rural").withLine("string"))
                .hasMessage("There is no line 'string'. Choose from: vsat, 2g, adsl.");
        assertThatThrownBy(() -> Profile.of("rural").with("up", "0"))
                .hasMessageContaining("--set up must be a number above zero");
        assertThatThrownBy(() -> Profile.of("rural").with("moons", "2"))
                .hasMessageContaining("--set has no value 'moons'. Choose from: patients,");
    }

    @Test
    void whatAFailureDoesNotNeedIsLeftOut() {
        List<String> happened = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            happened.add("event " + i);
        }
        Minimiser.Run run =
                kept ->
                        kept.containsAll(List.of("event 3", "event 31"))
                                ? java.util.Optional.of(new InvariantBroken("both", ""))
                                : java.util.Optional.empty();

        Minimiser.Smallest smallest =
                new Minimiser(run, () -> false).of(happened, new InvariantBroken("first", ""));

        assertThat(smallest.kept()).containsExactly("event 3", "event 31");
        assertThat(smallest.failure()).hasMessageStartingWith("both");
    }
}
