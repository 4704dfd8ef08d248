package org.doctorbird.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.Difference;
import org.doctorbird.comparison.Difference.Kind;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.Comparison;
import org.doctorbird.exchange.DirectLink;
import org.doctorbird.exchange.Verification;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.RecordKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Damage that is planted after a simulation has come to rest.
class VerificationTest {

    private static final InstanceId CLINIC = new InstanceId(1);

    static LongStream seeds() {
        Long seed = Long.getLong("seed");
        return seed == null ? LongStream.range(0, 60) : LongStream.of(seed);
    }

    private World world = new World(0, 1, World.Sharing.ALL);

    private void settleWorld(long seed) {
        world = new World(seed, 2, seed % 2 == 0 ? World.Sharing.ALL : World.Sharing.BY_RULES);
        world.disturb(120, 20);
        world.settle();
        assertThat(damage()).as(world.tail()).isEmpty();
    }

    /// Settles a world.
    ///
    /// @return one of the records that are in step; none if there is none
    private List<RecordKey> settledOne(long seed) {
        settleWorld(seed);
        return inStep().stream().limit(1).toList();
    }

    /// Returns records of parties that are in step.
    private List<RecordKey> inStep() {
        MemoryState local = world.database(CLINIC).committed();
        MemoryState central = world.database(InstanceId.CENTRAL).committed();
        return world.living(CLINIC, World.PARTY).stream()
                .filter(key -> {
                    MemoryRow here = Objects.requireNonNull(local.rows.get(key));
                    MemoryRow there = central.rows.get(key);
                    return there != null
                            && there.etag().equals(here.lastSynchronisation())
                            && !there.isMarkedDeleted()
                            && there.synchronised().contains(CLINIC)
                            && local.parked.keySet().stream().noneMatch(isOf(key))
                            && local.quarantined.keySet().stream().noneMatch(isOf(key));
                })
                .toList();
    }

    /// What differs because a version of it is kept here is no damage.
    private static Predicate<MemoryState.Sent> isOf(RecordKey key) {
        return sent -> sent.key().equals(key);
    }

    private void change(InstanceId where, RecordKey key, UnaryOperator<MemoryRow> change) {
        world.database(where)
                .administer(
                        state -> state.rows.computeIfPresent(key, (_, row) -> change.apply(row)));
    }

    private List<Difference> damage() {
        return world.compare(CLINIC).stream()
                .flatMap(comparison -> comparison.damage().stream())
                .toList();
    }

    private void assertFoundAndRepaired(Kind kind, RecordKey key) {
        List<Comparison> found = world.compare(CLINIC);
        assertThat(found.stream().flatMap(some -> some.damage().stream()))
                .as(world.tail())
                .extracting(Difference::uid, Difference::kind)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(key.uid(), kind));

        List<Comparison> left = world.verification(CLINIC).repair(found, true);

        assertThat(left.stream().mapToLong(Comparison::damaged).sum()).as(world.tail()).isZero();
        world.settle();
        assertThat(damage()).as(world.tail()).isEmpty();
        world.assertAllIsWell();
    }

    private static MemoryRow withNote(MemoryRow row, String note) {
        return row.withValues(row.orNone().overlaid(Fields.of(Map.of("note", note))));
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void aValueChangedBehindTheEnginesBackIsFoundAndNeitherValueDisappears(long seed) {
        for (RecordKey key : settledOne(seed)) {
            change(CLINIC, key, row -> withNote(row, "unseen"));

            assertFoundAndRepaired(Kind.CONTENT, key);

            assertThat(world.database(CLINIC).committed().refused)
                    .anyMatch(kept ->
                            kept.key().equals(key) && "unseen".equals(kept.fields().get("note")));
        }
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void aMissingRowComesBack(long seed) {
        for (RecordKey key : settledOne(seed)) {
            change(
                    CLINIC,
                    key,
                    row ->
                            row.withValues(null)
                                    .withSatelliteSide(
                                            new ETag(5), new ETag(5), row.revision(), null));

            assertFoundAndRepaired(Kind.MISSING, key);
        }
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void aBitThatIsSetForWhatNeverCameIsMadeTrue(long seed) {
        for (RecordKey key : settledOne(seed)) {
            world.database(CLINIC).administer(state -> state.rows.remove(key));

            assertFoundAndRepaired(Kind.MISSING, key);
        }
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void aBitThatIsNotSetForWhatIsHeldIsMadeTrue(long seed) {
        for (RecordKey key : settledOne(seed)) {
            change(
                    InstanceId.CENTRAL,
                    key,
                    row -> row.withSynchronised(row.synchronised().without(CLINIC)));

            assertFoundAndRepaired(Kind.EXTRA, key);
        }
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void aVersionThatThePullHasPassedByComesAfterAll(long seed) {
        for (RecordKey key : settledOne(seed)) {
            change(
                    CLINIC,
                    key,
                    row ->
                            withNote(row, "old")
                                    .withSatelliteSide(
                                            new ETag(5), new ETag(5), row.revision(), null));

            assertFoundAndRepaired(Kind.OUTDATED, key);
        }
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void whatCentralHasLostIsPushedAgain(long seed) {
        for (RecordKey key : settledOne(seed)) {
            var lost = new RecordKey(key.model(), new UUID(99, seed));
            MemoryRow copy =
                    Objects.requireNonNull(world.database(CLINIC).committed().rows.get(key));
            world.database(CLINIC).administer(state -> state.rows.put(lost, copy));

            assertFoundAndRepaired(Kind.EXTRA, lost);

            assertThat(world.database(InstanceId.CENTRAL).committed().rows).containsKey(lost);
        }
    }

    @Test
    void aCentralThatIsTooOldIsNamed() {
        settleWorld(0);
        var old =
                new DirectLink(CLINIC, new MemoryExchangeTest().central()) {
                    @Override
                    public List<List<RangeFingerprint>> fingerprints(
                            List<ComparisonQuery> queries) {
                        throw new SyncException(
                                ErrorCode.METHOD_UNKNOWN, "there is no such method");
                    }
                };
        var verification =
                new Verification(
                        world.database(CLINIC).asSatellite(),
                        old,
                        world.models(),
                        Aside.AT_ONCE,
                        () -> {});

        assertThatThrownBy(() -> verification.compare(world.order(), false))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_MISMATCH));
    }
}
