package org.doctorbird.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import org.doctorbird.comparison.Difference.Kind;
import org.doctorbird.plan.Mode;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.junit.jupiter.api.Test;

class DifferenceRuleTest {

    private static final UUID UID = new UUID(1, 1);
    private static final Cursor PULLED = new Cursor(100, UID);
    private static final Standing HERE = standing(true, false, false, false);

    private static Standing standing(
            boolean isHere, boolean isWaiting, boolean isKept, boolean isMoving) {
        return new Standing(isHere, isWaiting, isKept, isMoving, Optional.empty());
    }

    private static Optional<LocalCopy> copy(long version, long digest) {
        return Optional.of(new LocalCopy(UID, new ETag(version), digest));
    }

    private static Optional<HeldVersion> held(long version, long stamp, long digest) {
        return Optional.of(new HeldVersion(UID, new ETag(version), stamp, digest));
    }

    private static Optional<Kind> decide(Optional<LocalCopy> copy, Optional<HeldVersion> held) {
        return DifferenceRule.decide(copy, held, HERE, PULLED, Mode.FULL);
    }

    @Test
    void equalVersionsWithEqualValuesAreAlike() {
        assertThat(decide(copy(5, 7), held(5, 90, 7))).isEmpty();
        assertThat(decide(Optional.empty(), Optional.empty())).isEmpty();
    }

    @Test
    void whatTheNextPullBringsIsBehindAndNoDamage() {
        assertThat(decide(copy(5, 0), held(6, 101, 0))).contains(Kind.BEHIND);
        assertThat(decide(Optional.empty(), held(6, 101, 0))).contains(Kind.BEHIND);
        assertThat(DifferenceRule.decide(copy(5, 0), held(6, 90, 0), HERE, PULLED, Mode.PUSH))
                .as("the mode keeps central's versions away")
                .contains(Kind.BEHIND);
        assertThat(Kind.BEHIND.isDamage()).isFalse();
    }

    @Test
    void whatNoPullBringsAnyMoreIsDamage() {
        assertThat(decide(copy(5, 0), held(6, 90, 0))).contains(Kind.OUTDATED);
        assertThat(decide(copy(5, 0), held(6, 100, 0)))
                .as("the cursor's own place was read")
                .contains(Kind.OUTDATED);
        assertThat(decide(Optional.empty(), held(6, 90, 0))).contains(Kind.OUTDATED);
        assertThat(
                        DifferenceRule.decide(
                                Optional.empty(), held(6, 90, 0), Standing.NONE, PULLED, Mode.FULL))
                .contains(Kind.MISSING);
        assertThat(decide(copy(5, 0), Optional.empty())).contains(Kind.EXTRA);
        assertThat(decide(copy(7, 0), held(6, 101, 0))).contains(Kind.AHEAD);
        assertThat(decide(copy(6, 1), held(6, 101, 2))).contains(Kind.CONTENT);
    }

    @Test
    void whatIsUnderWayIsNoDamageWhateverDiffers() {
        var waiting = standing(true, true, true, true);
        var kept = standing(false, false, true, true);
        var moving = standing(true, false, false, true);
        var differing = held(6, 90, 2);

        assertThat(DifferenceRule.decide(copy(6, 1), differing, waiting, PULLED, Mode.FULL))
                .contains(Kind.WAITING);
        assertThat(DifferenceRule.decide(copy(5, 1), differing, kept, PULLED, Mode.FULL))
                .contains(Kind.KEPT);
        assertThat(DifferenceRule.decide(copy(5, 1), Optional.empty(), moving, PULLED, Mode.FULL))
                .contains(Kind.MOVING);
        assertThat(decide(copy(5, 1), held(0, 90, 0)))
                .as("central does not say which version it has")
                .contains(Kind.MOVING);
    }

    @Test
    void whatWasDeletedHereAndIsKeptAtCentralIsNotMissing() {
        var ended = new Standing(false, false, false, false, Optional.of(new ETag(6)));

        assertThat(
                        DifferenceRule.decide(
                                Optional.empty(), held(6, 90, 0), ended, PULLED, Mode.FULL))
                .contains(Kind.ENDED);
        assertThat(
                        DifferenceRule.decide(
                                Optional.empty(), held(7, 90, 0), ended, PULLED, Mode.FULL))
                .contains(Kind.MISSING);
    }

    @Test
    void eachKindHasARemedyThatTheModeAllows() {
        assertThat(Remedy.of(Kind.CONTENT, Mode.FULL, false)).isEqualTo(Remedy.TAKE);
        assertThat(Remedy.of(Kind.CONTENT, Mode.PUSH, false)).isEqualTo(Remedy.PUSH);
        assertThat(Remedy.of(Kind.MISSING, Mode.UPDATE, false)).isEqualTo(Remedy.TAKE);
        assertThat(Remedy.of(Kind.MISSING, Mode.PUSH, false)).isEqualTo(Remedy.NONE);
        assertThat(Remedy.of(Kind.AHEAD, Mode.FULL, false)).isEqualTo(Remedy.PUSH);
        assertThat(Remedy.of(Kind.AHEAD, Mode.UPDATE, false)).isEqualTo(Remedy.TAKE);
        assertThat(Remedy.of(Kind.EXTRA, Mode.FULL, false)).isEqualTo(Remedy.ACKNOWLEDGE);
        assertThat(Remedy.of(Kind.EXTRA, Mode.FULL, true)).isEqualTo(Remedy.PUSH);
        assertThat(Remedy.of(Kind.WAITING, Mode.FULL, false)).isEqualTo(Remedy.NONE);
    }
}
