package org.doctorbird.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.plan.Mode;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.SentRecord;
import org.junit.jupiter.api.Test;

class ArrivalRuleTest {

    private static final UUID UID = new UUID(1, 2);
    private static final ETag OLD = new ETag(100);
    private static final ETag NEW = new ETag(200);

    private static SentRecord sent(String name) {
        return new SentRecord(UID, NEW, Fields.of(Map.of("name", name)), false);
    }

    private static SentRecord end() {
        return new SentRecord(UID, NEW, Fields.NONE, true);
    }

    private static LocalRecord unmodified(ETag at) {
        return new LocalRecord(
                UID, Optional.of(at), Optional.of(at), 1, false, Fields.of(Map.of("name", "a")));
    }

    private static LocalRecord modified() {
        return new LocalRecord(
                UID,
                Optional.empty(),
                Optional.of(OLD),
                2,
                false,
                Fields.of(Map.of("name", "mine")));
    }

    private static Arrival decide(LocalRecord held, SentRecord sent, Mode mode) {
        return ArrivalRule.decide(Optional.of(held), sent, mode);
    }

    @Test
    void storesANewRecord() {
        assertThat(ArrivalRule.decide(Optional.empty(), sent("a"), Mode.FULL))
                .isEqualTo(new Arrival.Insert());
    }

    @Test
    void overwritesAnOlderUnmodifiedCopy() {
        assertThat(decide(unmodified(OLD), sent("b"), Mode.FULL))
                .isEqualTo(new Arrival.Overwrite());
    }

    @Test
    void passesOverAVersionThatItHas() {
        assertThat(decide(unmodified(NEW), sent("a"), Mode.FULL))
                .isEqualTo(new Arrival.AlreadyHeld());
    }

    @Test
    void passesOverAVersionThatIsOlderThanItsOwn() {
        var later = new ETag(NEW.micros() + 1);

        assertThat(decide(unmodified(later), sent("old"), Mode.FULL))
                .isEqualTo(new Arrival.AlreadyHeld());
    }

    @Test
    void leavesAModifiedCopyForThePush() {
        assertThat(decide(modified(), sent("b"), Mode.FULL)).isEqualTo(new Arrival.LeaveForPush());
    }

    @Test
    void refusesALocalChangeThatTheModeDoesNotLetOut() {
        assertThat(decide(modified(), sent("b"), Mode.UPDATE)).isEqualTo(new Arrival.RefuseLocal());
    }

    @Test
    void adoptsACopyThatSaysTheSame() {
        assertThat(decide(modified(), sent("mine"), Mode.UPDATE)).isEqualTo(new Arrival.Adopt());
    }

    @Test
    void comparesOnlyTheFieldsThatTheSatelliteHas() {
        var richer =
                new SentRecord(
                        UID, NEW, Fields.of(Map.of("name", "mine", "unknown here", "x")), false);

        assertThat(decide(modified(), richer, Mode.FULL)).isEqualTo(new Arrival.Adopt());
    }

    @Test
    void deletesAnUnmodifiedCopyOfADeletedRecord() {
        assertThat(decide(unmodified(OLD), end(), Mode.FULL)).isEqualTo(new Arrival.Delete());
    }

    @Test
    void leavesAModifiedCopyOfADeletedRecordForThePush() {
        assertThat(decide(modified(), end(), Mode.FULL)).isEqualTo(new Arrival.LeaveForPush());
    }

    @Test
    void agreesWhenBothSidesHaveDeletedTheRecord() {
        var deleted =
                new LocalRecord(UID, Optional.of(OLD), Optional.of(OLD), 2, true, Fields.NONE);

        assertThat(decide(deleted, end(), Mode.FULL)).isEqualTo(new Arrival.Adopt());
    }
}
