package org.doctorbird.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Rules;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Who gets which record, over any store. A store's test extends this and says how to make the
/// instances.
///
/// The models, all of mode full: `party.party` (`name` required, `home`, `replaced_by` to a party)
/// goes to the instance whose attribute `home` is the party's, which is its number. `visit`
/// (`party` required, `note`) follows its party. `party.tag` (`party` and `other` to parties, both
/// required) follows `party`; its deletions go on, because it only links.
public abstract class InterestContract {

    public static final String PARTY = "party.party";
    public static final String VISIT = "visit";
    public static final String TAG = "party.tag";

    /// The plan's part on the models.
    public static final List<ModelPlan> PLAN =
            List.of(
                    model(PARTY, Interest.where("home = :home")),
                    model(VISIT, Interest.follows("party")),
                    model(TAG, Interest.follows("party")));

    /// The models' names, each after those it refers to.
    public static final List<String> ORDER = List.of(PARTY, VISIT, TAG);

    static final InstanceId MAY_PEN = new InstanceId(1);
    static final InstanceId LIONEL_TOWN = new InstanceId(2);

    private static ModelPlan model(String name, Interest interest) {
        return new ModelPlan(
                name,
                name.replace('.', '_'),
                Mode.FULL,
                Optional.empty(),
                Set.of(),
                4,
                Rules.of(interest));
    }

    /// Returns central's calls.
    protected abstract CentralCalls central();

    /// Returns the application of an instance; 0 to 2.
    protected abstract Site site(InstanceId instance);

    /// Returns a satellite's cycle over a link.
    protected abstract Cycle cycle(InstanceId instance, Link link);

    /// Pins a record for an instance: what an import does, whatever the plan lets be searched.
    protected abstract void pin(InstanceId instance, String model, UUID uid);

    private Link link(InstanceId instance) {
        return new DirectLink(instance, central());
    }

    private void synchronise(InstanceId... instances) {
        for (InstanceId instance : instances) {
            run(cycle(instance, link(instance)));
        }
    }

    private static void run(Cycle cycle) {
        cycle.run(cycle.begin(0), EnumSet.allOf(Cycle.Work.class));
    }

    private Site atCentral() {
        return site(InstanceId.CENTRAL);
    }

    private UUID insertParty(InstanceId at, @Nullable String home) {
        var values = new HashMap<String, @Nullable String>();
        values.put("name", "Ida");
        values.put("home", home);
        return site(at).insert(PARTY, values);
    }

    private UUID insertVisit(InstanceId at, UUID party, String note) {
        return site(at).insert(VISIT, Map.of("party", party.toString(), "note", note));
    }

    private boolean holds(InstanceId instance, String model, UUID uid) {
        return site(instance).read(model, uid).isPresent();
    }

    @Test
    void aRecordGoesWhereItsRuleSaysAndTakesAlongWhatFollowsIt() {
        UUID party = insertParty(InstanceId.CENTRAL, "1");
        UUID visit = insertVisit(InstanceId.CENTRAL, party, "first");

        synchronise(MAY_PEN, LIONEL_TOWN);

        assertThat(holds(MAY_PEN, PARTY, party)).isTrue();
        assertThat(holds(MAY_PEN, VISIT, visit)).isTrue();
        assertThat(holds(LIONEL_TOWN, PARTY, party)).isFalse();
        assertThat(holds(LIONEL_TOWN, VISIT, visit)).isFalse();
    }

    @Test
    void aComparisonSpeaksOfNothingThatTheInstanceDoesNotHoldOrShouldNotSee() {
        UUID held = insertParty(InstanceId.CENTRAL, "1");
        UUID leaving = insertParty(InstanceId.CENTRAL, "1");
        insertParty(InstanceId.CENTRAL, "2");
        synchronise(MAY_PEN, LIONEL_TOWN);
        atCentral().update(PARTY, held, Map.of("name", "Ida Brown"));
        atCentral().update(PARTY, leaving, Map.of("home", "2", "name", "secret"));
        var deep =
                new ComparisonQuery(
                        PARTY, Optional.of(List.of("home", "name")), List.of(UidPrefix.ALL));

        List<HeldVersion> versions = central().versions(MAY_PEN, deep);

        assertThat(versions)
                .extracting(HeldVersion::uid, HeldVersion::etag, HeldVersion::digest)
                .as("neither version is published yet")
                .containsExactlyInAnyOrder(
                        Tuple.tuple(held, HeldVersion.UNTOLD, 0L),
                        Tuple.tuple(leaving, HeldVersion.UNTOLD, 0L));
        run(cycle(LIONEL_TOWN, link(LIONEL_TOWN)));
        assertThat(central().versions(MAY_PEN, deep))
                .filteredOn(version -> version.etag().equals(HeldVersion.UNTOLD))
                .extracting(HeldVersion::uid)
                .containsExactly(leaving);
        assertThat(central().fingerprints(MAY_PEN, List.of(deep.of(List.of()))).getFirst())
                .singleElement()
                .matches(whole -> whole.count() == 2);
        assertThat(central().giveAgain(LIONEL_TOWN, PARTY, List.of(held, new UUID(3, 3)))).isZero();
        run(cycle(LIONEL_TOWN, link(LIONEL_TOWN)));
        assertThat(holds(LIONEL_TOWN, PARTY, held)).isFalse();
    }

    @Test
    void aRecordThatMovesLeavesItsOldPlaceAndIsDeletedNowhere() {
        UUID party = insertParty(MAY_PEN, "1");
        UUID visit = insertVisit(MAY_PEN, party, "first");
        synchronise(MAY_PEN, LIONEL_TOWN);

        atCentral().update(PARTY, party, Map.of("home", "2"));
        synchronise(MAY_PEN, LIONEL_TOWN, MAY_PEN);

        assertThat(holds(MAY_PEN, PARTY, party)).isFalse();
        assertThat(holds(MAY_PEN, VISIT, visit)).isFalse();
        assertThat(holds(LIONEL_TOWN, VISIT, visit)).isTrue();
        assertThat(holds(InstanceId.CENTRAL, VISIT, visit)).isTrue();
        assertThat(site(MAY_PEN).waiting()).isZero();
    }

    @Test
    void aRecordThatWasWithdrawnComesBackWhenItIsInterestingAgain() {
        UUID party = insertParty(MAY_PEN, "1");
        UUID visit = insertVisit(MAY_PEN, party, "first");
        synchronise(MAY_PEN);
        atCentral().update(PARTY, party, Map.of("home", "2"));
        synchronise(MAY_PEN, LIONEL_TOWN);

        site(LIONEL_TOWN).update(PARTY, party, Map.of("home", "1"));
        synchronise(LIONEL_TOWN, MAY_PEN, LIONEL_TOWN);

        assertThat(site(MAY_PEN).read(PARTY, party)).isEqualTo(atCentral().read(PARTY, party));
        assertThat(holds(MAY_PEN, VISIT, visit)).isTrue();
        assertThat(holds(LIONEL_TOWN, PARTY, party)).isFalse();
        site(MAY_PEN).update(VISIT, visit, Map.of("note", "after the return"));
        synchronise(MAY_PEN);
        assertThat(atCentral().read(VISIT, visit).orElseThrow())
                .containsEntry("note", "after the return");
    }

    @Test
    void changesThatCentralDoesNotHaveYetArePushedBeforeTheCopyIsRemoved() {
        UUID party = insertParty(MAY_PEN, "1");
        UUID visit = insertVisit(MAY_PEN, party, "first");
        synchronise(MAY_PEN);
        atCentral().update(PARTY, party, Map.of("home", "2"));
        run(cycle(LIONEL_TOWN, link(LIONEL_TOWN)));
        var writing =
                new DirectLink(MAY_PEN, central()) {
                    @Override
                    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
                        if (model.equals(VISIT) && feed == Feed.PULL) {
                            site(MAY_PEN)
                                    .update(VISIT, visit, Map.of("note", "in the last minute"));
                        }
                        return super.read(model, feed, after, limit);
                    }
                };

        run(cycle(MAY_PEN, writing));
        assertThat(site(MAY_PEN).read(VISIT, visit)).as("kept until it is pushed").isPresent();
        synchronise(MAY_PEN, MAY_PEN);

        assertThat(atCentral().read(VISIT, visit).orElseThrow())
                .containsEntry("note", "in the last minute");
        assertThat(holds(MAY_PEN, VISIT, visit)).isFalse();
        assertThat(holds(MAY_PEN, PARTY, party)).isFalse();
    }

    @Test
    void whatWasImportedComesWithAllThatFollowsNowAndLaterUntilItIsReleased() {
        UUID party = insertParty(InstanceId.CENTRAL, "2");
        UUID visit = insertVisit(InstanceId.CENTRAL, party, "before");
        synchronise(MAY_PEN, LIONEL_TOWN);

        pin(MAY_PEN, PARTY, party);
        synchronise(MAY_PEN);
        UUID later = insertVisit(LIONEL_TOWN, party, "after");
        synchronise(LIONEL_TOWN, MAY_PEN);
        assertThat(holds(MAY_PEN, PARTY, party)).isTrue();
        assertThat(holds(MAY_PEN, VISIT, visit)).isTrue();
        assertThat(holds(MAY_PEN, VISIT, later)).isTrue();

        assertThat(central().release(MAY_PEN, PARTY, List.of(party))).isOne();
        synchronise(MAY_PEN);
        assertThat(holds(MAY_PEN, PARTY, party)).isFalse();
        assertThat(holds(MAY_PEN, VISIT, later)).isFalse();
        assertThat(holds(LIONEL_TOWN, VISIT, later)).isTrue();
    }

    @Test
    void whatARecordPointsToComesAlongWithoutItsOwnHistory() {
        UUID mine = insertParty(InstanceId.CENTRAL, "1");
        UUID relative = insertParty(InstanceId.CENTRAL, "2");
        UUID visit = insertVisit(InstanceId.CENTRAL, relative, "not for May Pen");
        UUID tag =
                atCentral()
                        .insert(
                                TAG,
                                Map.of("party", mine.toString(), "other", relative.toString()));
        synchronise(MAY_PEN);
        assertThat(holds(MAY_PEN, TAG, tag)).isTrue();
        assertThat(holds(MAY_PEN, PARTY, relative)).isTrue();
        assertThat(holds(MAY_PEN, VISIT, visit)).isFalse();

        site(MAY_PEN).delete(TAG, tag);
        synchronise(MAY_PEN, MAY_PEN);

        assertThat(holds(InstanceId.CENTRAL, TAG, tag)).isFalse();
        assertThat(holds(MAY_PEN, PARTY, relative)).isFalse();
        assertThat(holds(MAY_PEN, PARTY, mine)).isTrue();
    }

    @Test
    void whoMadeARecordKeepsItUntilItIsReleased() {
        UUID party = insertParty(MAY_PEN, null);
        synchronise(MAY_PEN, LIONEL_TOWN);
        atCentral().update(PARTY, party, Map.of("home", "2"));
        synchronise(MAY_PEN, LIONEL_TOWN);
        assertThat(holds(MAY_PEN, PARTY, party)).isTrue();
        assertThat(holds(LIONEL_TOWN, PARTY, party)).isTrue();

        assertThat(central().release(MAY_PEN, PARTY, List.of(party))).isOne();
        synchronise(MAY_PEN, LIONEL_TOWN);

        assertThat(holds(MAY_PEN, PARTY, party)).isFalse();
        assertThat(holds(LIONEL_TOWN, PARTY, party)).isTrue();
    }

    @Test
    void theEndOfALinkGoesToAllWhoHoldItAndNobodyHearsOfItTwice() {
        UUID mine = insertParty(InstanceId.CENTRAL, "1");
        UUID other = insertParty(InstanceId.CENTRAL, "1");
        UUID tag =
                atCentral()
                        .insert(TAG, Map.of("party", mine.toString(), "other", other.toString()));
        pin(LIONEL_TOWN, PARTY, mine);
        synchronise(MAY_PEN, LIONEL_TOWN);
        assertThat(holds(LIONEL_TOWN, TAG, tag)).isTrue();

        site(MAY_PEN).delete(TAG, tag);
        synchronise(MAY_PEN, LIONEL_TOWN);

        assertThat(holds(LIONEL_TOWN, TAG, tag)).isFalse();
        for (InstanceId instance : List.of(MAY_PEN, LIONEL_TOWN)) {
            Page page =
                    central().read(instance, TAG, Feed.PULL, Cursor.START, BatchLimit.ofRecords(4));
            assertThat(page.records()).as("told again to %s", instance).isEmpty();
        }
    }

    @Test
    void aChangeOfARecordOutsideOfTheInterestIsKeptAndToldNothing() {
        UUID party = insertParty(InstanceId.CENTRAL, "1");
        synchronise(MAY_PEN, LIONEL_TOWN);
        var guessed =
                new PushedRecord(
                        party, Optional.empty(), 1, Fields.of(Map.of("name", "guessed")), false);

        List<PushAnswer> answers = central().push(LIONEL_TOWN, PARTY, List.of(guessed));

        assertThat(answers)
                .singleElement()
                .isInstanceOfSatisfying(
                        PushAnswer.Rejected.class,
                        refused ->
                                assertThat(refused.code()).isEqualTo(ErrorCode.OUTSIDE_INTEREST));
        assertThat(atCentral().read(PARTY, party).orElseThrow()).containsEntry("name", "Ida");
    }

    @Test
    void aReceiptThatComesAfterTheInterestIsGoneLeadsToTheWithdrawal() {
        UUID party = insertParty(InstanceId.CENTRAL, "1");
        var losing =
                new DirectLink(MAY_PEN, central()) {
                    @Override
                    public int acknowledge(String model, List<Receipt> receipts) {
                        throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "lost");
                    }
                };
        assertThatThrownBy(() -> run(cycle(MAY_PEN, losing))).isInstanceOf(SyncException.class);
        assertThat(holds(MAY_PEN, PARTY, party)).isTrue();

        atCentral().update(PARTY, party, Map.of("home", "2"));
        synchronise(LIONEL_TOWN, MAY_PEN, MAY_PEN);

        assertThat(holds(MAY_PEN, PARTY, party)).isFalse();
    }

    @Test
    void aReceiptForAWithdrawalThatComesLateDoesNotHideThatTheRecordCameBack() {
        UUID party = insertParty(MAY_PEN, "1");
        synchronise(MAY_PEN);
        atCentral().update(PARTY, party, Map.of("home", "2"));
        synchronise(LIONEL_TOWN);
        Page page =
                central().read(MAY_PEN, PARTY, Feed.PULL, Cursor.START, BatchLimit.ofRecords(4));
        assertThat(page.withdrawn()).hasSize(1);
        synchronise(MAY_PEN);
        atCentral().update(PARTY, party, Map.of("home", "1"));
        synchronise(MAY_PEN);
        assertThat(holds(MAY_PEN, PARTY, party)).isTrue();

        assertThat(central().acknowledgeWithdrawn(MAY_PEN, PARTY, page.withdrawn())).isZero();
        atCentral().update(PARTY, party, Map.of("home", "2"));
        synchronise(MAY_PEN, MAY_PEN);

        assertThat(holds(MAY_PEN, PARTY, party)).isFalse();
    }

    @Test
    void nothingIsGivenBeforeItIsComputedWhoShouldHoldIt() {
        UUID party = insertParty(InstanceId.CENTRAL, "1");
        synchronise(MAY_PEN);
        atCentral().update(PARTY, party, Map.of("home", "2", "name", "Ida Brown"));

        Page early =
                central().read(MAY_PEN, PARTY, Feed.PULL, Cursor.START, BatchLimit.ofRecords(4));

        assertThat(early.isEmpty()).isTrue();
        synchronise(LIONEL_TOWN);
        Page late =
                central().read(MAY_PEN, PARTY, Feed.PULL, Cursor.START, BatchLimit.ofRecords(4));
        assertThat(late.records()).isEmpty();
        assertThat(late.withdrawn()).extracting(Withdrawal::uid).containsExactly(party);
    }

    @Test
    void aHistoryAppearsWholeOrNotAtAll() {
        UUID party = insertParty(InstanceId.CENTRAL, "1");
        UUID visit = insertVisit(InstanceId.CENTRAL, party, "first");
        var breaking =
                new DirectLink(MAY_PEN, central()) {
                    @Override
                    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
                        if (model.equals(VISIT) && feed == Feed.NEW) {
                            throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "cut");
                        }
                        return super.read(model, feed, after, limit);
                    }
                };

        assertThatThrownBy(() -> run(cycle(MAY_PEN, breaking))).isInstanceOf(SyncException.class);
        assertThat(holds(MAY_PEN, PARTY, party)).isFalse();
        synchronise(MAY_PEN);

        assertThat(holds(MAY_PEN, PARTY, party)).isTrue();
        assertThat(holds(MAY_PEN, VISIT, visit)).isTrue();
    }

    @Test
    void anIdleCycleIsOneRequest() {
        UUID party = insertParty(InstanceId.CENTRAL, "1");
        insertVisit(InstanceId.CENTRAL, party, "first");
        synchronise(MAY_PEN, LIONEL_TOWN, MAY_PEN, MAY_PEN);
        var counting = new CountingLink(link(MAY_PEN));

        run(cycle(MAY_PEN, counting));

        assertThat(counting.calls()).isOne();
    }
}
