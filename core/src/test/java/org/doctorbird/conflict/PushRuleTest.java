package org.doctorbird.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.Deletes;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.junit.jupiter.api.Test;

class PushRuleTest {

    private static final UUID UID = new UUID(1, 2);
    private static final InstanceId MAY_PEN = new InstanceId(3);
    private static final InstanceId LIONEL_TOWN = new InstanceId(4);
    private static final ETag FIRST = new ETag(100);
    private static final ETag SECOND = new ETag(200);
    private static final ETag NOW = new ETag(1_000);
    private static final Set<String> ALL = Set.of("name", "phone");

    private static PushedRecord push(
            long revision, Optional<ETag> base, Map<String, String> fields) {
        return new PushedRecord(UID, base, revision, Fields.of(fields), false);
    }

    private static PushedRecord deletion(long revision) {
        return new PushedRecord(UID, Optional.of(FIRST), revision, Fields.NONE, true);
    }

    private static CentralRecord held(ETag etag, Map<String, String> values, VersionMade... made) {
        return new CentralRecord(
                UID,
                etag,
                Fields.of(values),
                false,
                false,
                List.of(made),
                0,
                Optional.empty(),
                true,
                true);
    }

    private static PushContext context(Policy policy, Deletes deletes) {
        return new PushContext(MAY_PEN, deletes, ConflictRules.of(policy), NOW);
    }

    private static Verdict decide(CentralRecord held, PushedRecord pushed) {
        return PushRule.decide(held, pushed, context(Policy.MANUAL, Deletes.KEEP));
    }

    @Test
    void insertsWhatIsUnknown() {
        var pushed = push(1, Optional.empty(), Map.of("name", "a"));

        assertThat(PushRule.decideUnknown(pushed, 0)).isEqualTo(new Verdict.Insert());
    }

    @Test
    void asksForTheWholeOfARecordThatItHasLost() {
        var pushed = push(5, Optional.of(FIRST), Map.of("name", "a"));

        assertThat(PushRule.decideUnknown(pushed, 0)).isEqualTo(new Verdict.AskForWhole());
    }

    /// A later revision was settled, such as the record's end: this one may be the past.
    @Test
    void asksForTheWholeOfAnUnknownRecordIfALaterRevisionWasSettled() {
        var pushed = push(3, Optional.empty(), Map.of("name", "a"));

        assertThat(PushRule.decideUnknown(pushed, 4)).isEqualTo(new Verdict.AskForWhole());
        assertThat(PushRule.decideUnknown(pushed, 3)).isEqualTo(new Verdict.Insert());
    }

    @Test
    void forgetsTheDeletionOfAnUnknownRecord() {
        assertThat(PushRule.decideUnknown(deletion(2), 0)).isEqualTo(new Verdict.AlreadyHeld(true));
    }

    @Test
    void storesTheFieldsThatDiffer() {
        var held = held(FIRST, Map.of("name", "a", "phone", "1"));
        var pushed = push(2, Optional.of(FIRST), Map.of("name", "b", "phone", "1"));

        assertThat(decide(held, pushed)).isEqualTo(new Verdict.Update(Set.of("name"), true));
    }

    @Test
    void mergesChangesOfDifferentFields() {
        var held =
                held(
                        SECOND,
                        Map.of("name", "a", "phone", "2"),
                        new VersionMade(SECOND, LIONEL_TOWN, 7, Set.of("phone")));
        var pushed = push(2, Optional.of(FIRST), Map.of("name", "b"));

        assertThat(decide(held, pushed)).isEqualTo(new Verdict.Update(Set.of("name"), false));
    }

    @Test
    void letsCentralStandWhereBothChangedOneFieldAndStoresTheRest() {
        var held =
                held(
                        SECOND,
                        Map.of("name", "c", "phone", "1"),
                        new VersionMade(SECOND, InstanceId.CENTRAL, 0, Set.of("name")));
        var pushed = push(2, Optional.of(FIRST), Map.of("name", "b", "phone", "2"));

        assertThat(decide(held, pushed))
                .isEqualTo(
                        new Verdict.Conflict(
                                Set.of("name"), Map.of(), Fields.of(Map.of("phone", "2"))));
    }

    @Test
    void seesNoConflictInEqualChanges() {
        var held =
                held(
                        SECOND,
                        Map.of("name", "b", "phone", "1"),
                        new VersionMade(SECOND, LIONEL_TOWN, 7, Set.of("name")));
        var pushed = push(2, Optional.of(FIRST), Map.of("name", "b"));

        assertThat(decide(held, pushed)).isEqualTo(new Verdict.AlreadyHeld(true));
    }

    @Test
    void matchesReferenceDataThatEveryInstanceLoadedByItself() {
        var held =
                held(
                        FIRST,
                        Map.of("name", "a", "phone", "1"),
                        new VersionMade(FIRST, LIONEL_TOWN, 1, ALL));
        var pushed = push(1, Optional.empty(), Map.of("name", "a", "phone", "1"));

        assertThat(decide(held, pushed)).isEqualTo(new Verdict.AlreadyHeld(true));
    }

    @Test
    void answersARepeatedPushAsTheFirst() {
        var held =
                held(
                        SECOND,
                        Map.of("name", "b", "phone", "1"),
                        new VersionMade(SECOND, MAY_PEN, 2, Set.of("name")));
        var pushed = push(2, Optional.of(FIRST), Map.of("name", "b"));

        assertThat(decide(held, pushed)).isEqualTo(new Verdict.AlreadyHeld(true));
    }

    @Test
    void doesNotDisputeWithTheSatellitesOwnEarlierPushWhoseAnswerWasLost() {
        var held =
                held(
                        SECOND,
                        Map.of("name", "b", "phone", "1"),
                        new VersionMade(SECOND, MAY_PEN, 2, Set.of("name")));
        var pushed = push(3, Optional.of(FIRST), Map.of("name", "c"));

        assertThat(decide(held, pushed)).isEqualTo(new Verdict.Update(Set.of("name"), true));
    }

    @Test
    void passesOverAnEarlierRevisionThatComesLate() {
        var third = new VersionMade(new ETag(300), MAY_PEN, 3, Set.of("name"));
        var held =
                held(
                        third.etag(),
                        Map.of("name", "c", "phone", "1"),
                        new VersionMade(SECOND, MAY_PEN, 2, Set.of("name")),
                        third);
        var pushed = push(2, Optional.of(FIRST), Map.of("name", "b"));

        assertThat(decide(held, pushed)).isEqualTo(new Verdict.AlreadyHeld(true));
    }

    @Test
    void passesOverAnEarlierRevisionAfterALaterOneThatMadeNoVersion() {
        var held =
                new CentralRecord(
                        UID,
                        FIRST,
                        Fields.of(Map.of("name", "a")),
                        false,
                        false,
                        List.of(),
                        3,
                        Optional.empty(),
                        true,
                        true);
        var pushed = push(2, Optional.of(FIRST), Map.of("name", "b"));

        assertThat(decide(held, pushed)).isEqualTo(new Verdict.AlreadyHeld(true));
    }

    @Test
    void takesARevisionThatIsUsedAgainWithOtherContentForNews() {
        var held =
                held(
                        SECOND,
                        Map.of("name", "b", "phone", "1"),
                        new VersionMade(SECOND, MAY_PEN, 2, Set.of("name")));
        var pushed = push(2, Optional.of(FIRST), Map.of("name", "restored and edited"));

        assertThat(decide(held, pushed)).isEqualTo(new Verdict.Update(Set.of("name"), true));
    }

    private static CentralRecord forgotten(Map<String, String> values, VersionMade... made) {
        return new CentralRecord(
                UID,
                SECOND,
                Fields.of(values),
                false,
                false,
                List.of(made),
                0,
                Optional.empty(),
                true,
                true,
                false);
    }

    @Test
    void takesEveryFieldForMovedByOthersWhereTheHistorySinceTheBaseHasAGap() {
        var ownOnly =
                forgotten(
                        Map.of("name", "a", "phone", "1"),
                        new VersionMade(SECOND, MAY_PEN, 2, Set.of("phone")));
        var pushed = push(3, Optional.of(FIRST), Map.of("name", "b"));

        assertThat(decide(ownOnly, pushed))
                .isEqualTo(new Verdict.Conflict(Set.of("name"), Map.of(), Fields.NONE));
        assertThat(decide(ownOnly, deletion(3))).isEqualTo(new Verdict.DeletionConflict(false));
    }

    @Test
    void tellsTheWholeVersionToWhoPushesWhatStandsAlreadyWhereTheHistoryHasAGap() {
        var held = forgotten(Map.of("name", "b", "phone", "1"));

        assertThat(decide(held, push(2, Optional.of(FIRST), Map.of("name", "b"))))
                .isEqualTo(new Verdict.AlreadyHeld(false));
    }

    @Test
    void disputesTheDeletionOfARecordWithoutFieldsWhereTheHistoryHasAGap() {
        assertThat(decide(forgotten(Map.of()), deletion(3)))
                .isEqualTo(new Verdict.DeletionConflict(false));
    }

    @Test
    void stillRecognisesARepeatedPushWhereTheHistoryHasAGap() {
        var held =
                forgotten(
                        Map.of("name", "b", "phone", "1"),
                        new VersionMade(SECOND, MAY_PEN, 2, Set.of("name")));

        assertThat(decide(held, push(2, Optional.of(FIRST), Map.of("name", "b"))))
                .isEqualTo(new Verdict.AlreadyHeld(false));
    }

    @Test
    void marksARecordThatASatelliteDeleted() {
        assertThat(decide(held(FIRST, Map.of("name", "a")), deletion(2)))
                .isEqualTo(new Verdict.MarkDeleted());
    }

    @Test
    void disputesADeletionOfARecordThatSomebodyElseChanged() {
        var held =
                held(
                        SECOND,
                        Map.of("name", "b"),
                        new VersionMade(SECOND, LIONEL_TOWN, 7, Set.of("name")));

        assertThat(decide(held, deletion(2))).isEqualTo(new Verdict.DeletionConflict(false));
    }

    @Test
    void keepsAChangeOfARecordThatIsGoneAtCentral() {
        var gone =
                new CentralRecord(
                        UID,
                        SECOND,
                        Fields.NONE,
                        true,
                        false,
                        List.of(),
                        0,
                        Optional.empty(),
                        true,
                        true);

        assertThat(decide(gone, push(2, Optional.of(FIRST), Map.of("name", "b"))))
                .isEqualTo(new Verdict.AskForWhole());
        assertThat(decide(gone, push(3, Optional.empty(), Map.of("name", "b"))))
                .isEqualTo(new Verdict.RevivalConflict(false));
    }

    private static CentralRecord seenBy(boolean isHeld, boolean isOpen) {
        return new CentralRecord(
                UID,
                FIRST,
                Fields.of(Map.of("name", "a")),
                false,
                false,
                List.of(),
                0,
                Optional.empty(),
                isHeld,
                isOpen);
    }

    @Test
    void refusesAChangeOfARecordThatTheInstanceNeitherHoldsNorShould() {
        var pushed = push(1, Optional.empty(), Map.of("name", "guessed"));

        assertThat(decide(seenBy(false, false), pushed))
                .isEqualTo(new Verdict.Reject(ErrorCode.OUTSIDE_INTEREST));
        assertThat(decide(seenBy(true, false), push(2, Optional.of(FIRST), Map.of("name", "b"))))
                .isEqualTo(new Verdict.Update(Set.of("name"), true));
    }

    @Test
    void deletesARecordIfThePlanLetsDeletionsGoOn() {
        assertThat(
                        PushRule.decide(
                                held(FIRST, Map.of("name", "a")),
                                deletion(2),
                                context(Policy.MANUAL, Deletes.PROPAGATE)))
                .isEqualTo(new Verdict.Delete());
    }
}
