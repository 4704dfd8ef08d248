package org.doctorbird.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What central and satellites keep over any store. A store's test extends this and says how to
/// make the instances.
///
/// The models: `party.party` (table `party_party`: `name` required, `note`, `replaced_by` to a
/// party) and `visit` (table `visit`: `party` required, `note`), both of mode full, in batches of
/// [#BATCH]. Every store refuses a note that says `bad`.
public abstract class ExchangeContract extends KeptRecordsContract {

    /// The plan's part on both models.
    public static final List<ModelPlan> PLAN =
            List.of(
                    new ModelPlan(
                            PARTY, "party_party", Mode.FULL, Optional.empty(), Set.of(), BATCH),
                    new ModelPlan(VISIT, "visit", Mode.FULL, Optional.empty(), Set.of(), BATCH));

    @Test
    void whatASatelliteWritesReachesCentralAndTheOthers() {
        UUID uid = site(MAY_PEN).insert(PARTY, party("Ida"));

        synchronise(MAY_PEN, LIONEL_TOWN);

        assertThat(atCentral().read(PARTY, uid))
                .hasValueSatisfying(v -> assertThat(v).containsEntry("name", "Ida"));
        assertThat(site(LIONEL_TOWN).read(PARTY, uid)).isEqualTo(atCentral().read(PARTY, uid));
        assertThat(site(MAY_PEN).waiting()).isZero();
    }

    @Test
    void changesOnAllSidesTravelAndDifferentFieldsMerge() {
        UUID uid = site(MAY_PEN).insert(PARTY, party("Ida"));
        synchronise(MAY_PEN, LIONEL_TOWN);

        site(MAY_PEN).update(PARTY, uid, Map.of("name", "Ida Brown"));
        site(LIONEL_TOWN).update(PARTY, uid, Map.of("note", "moved"));
        synchronise(MAY_PEN, LIONEL_TOWN, MAY_PEN);

        assertThat(site(MAY_PEN).read(PARTY, uid).orElseThrow())
                .containsEntry("name", "Ida Brown")
                .containsEntry("note", "moved");
        assertThat(site(LIONEL_TOWN).read(PARTY, uid)).isEqualTo(site(MAY_PEN).read(PARTY, uid));
        assertThat(atCentral().read(PARTY, uid)).isEqualTo(site(MAY_PEN).read(PARTY, uid));
    }

    @Test
    void aReceiptForAnOldVersionDoesNotHideTheNewOne() {
        UUID uid = atCentral().insert(PARTY, party("Ida"));
        Page page =
                central().read(MAY_PEN, PARTY, Feed.NEW, Cursor.START, BatchLimit.ofRecords(BATCH));
        SentRecord first = page.records().getFirst();
        atCentral().update(PARTY, uid, Map.of("name", "Ida Brown"));

        int current =
                central().acknowledge(MAY_PEN, PARTY, List.of(new Receipt(uid, first.etag())));

        assertThat(current).isZero();
        Page next =
                central().read(MAY_PEN, PARTY, Feed.NEW, page.next(), BatchLimit.ofRecords(BATCH));
        assertThat(next.records()).extracting(SentRecord::uid).containsExactly(uid);
        assertThat(next.records().getFirst().fields().get("name")).isEqualTo("Ida Brown");
    }

    @Test
    void theSameRequestTwiceChangesNothing() {
        UUID uid = site(MAY_PEN).insert(PARTY, party("Ida"));
        var twice =
                new DirectLink(MAY_PEN, central()) {
                    @Override
                    public List<PushAnswer> push(String model, List<PushedRecord> records) {
                        List<PushAnswer> first = super.push(model, records);
                        assertThat(super.push(model, records)).isEqualTo(first);
                        return first;
                    }
                };

        run(cycle(MAY_PEN, twice));
        synchronise(MAY_PEN);

        assertThat(atCentral().read(PARTY, uid)).isPresent();
        assertThat(site(MAY_PEN).waiting()).isZero();
    }

    @Test
    void answersToOtherRecordsThanWereSentAreNotBelieved() {
        site(MAY_PEN).insert(PARTY, party("Ida"));
        site(MAY_PEN).insert(PARTY, party("Una"));
        var confused =
                new DirectLink(MAY_PEN, central()) {
                    @Override
                    public List<PushAnswer> push(String model, List<PushedRecord> records) {
                        return super.push(model, records).reversed();
                    }
                };

        assertThatThrownBy(() -> run(cycle(MAY_PEN, confused)))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining(ErrorCode.CENTRAL_FAILED.code());

        assertThat(site(MAY_PEN).waiting()).isEqualTo(2);
    }

    @Test
    void anAnswerThatIsLostCostsOnlyTime() {
        UUID uid = site(MAY_PEN).insert(PARTY, party("Ida"));
        central().push(MAY_PEN, PARTY, asPushed(uid));
        atCentral().update(PARTY, uid, Map.of("note", "seen at central"));

        synchronise(MAY_PEN, MAY_PEN);

        assertThat(site(MAY_PEN).read(PARTY, uid).orElseThrow())
                .containsEntry("note", "seen at central");
        assertThat(site(MAY_PEN).waiting()).isZero();
    }

    private static List<PushedRecord> asPushed(UUID uid) {
        var fields = new HashMap<String, @Nullable String>(Map.of("name", "Ida"));
        fields.put("note", null);
        fields.put("replaced_by", null);
        return List.of(
                new PushedRecord(
                        uid, Optional.empty(), 1, org.doctorbird.record.Fields.of(fields), false));
    }

    @Test
    void aChangeMadeDuringItsPushIsPushedNext() {
        UUID uid = site(MAY_PEN).insert(PARTY, party("Ida"));
        var slow =
                new DirectLink(MAY_PEN, central()) {
                    @Override
                    public List<PushAnswer> push(String model, List<PushedRecord> records) {
                        List<PushAnswer> answers = super.push(model, records);
                        if (records.getFirst().revision() == 1) {
                            site(MAY_PEN).update(PARTY, uid, Map.of("note", "during the push"));
                        }
                        return answers;
                    }
                };

        run(cycle(MAY_PEN, slow));
        synchronise(MAY_PEN);

        assertThat(atCentral().read(PARTY, uid).orElseThrow())
                .containsEntry("note", "during the push");
        assertThat(site(MAY_PEN).waiting()).isZero();
    }

    @Test
    void aRequiredReferenceWaitsForItsTarget() {
        UUID missing = new UUID(77, 77);
        UUID visit = new UUID(88, 88);
        var waiting =
                new PushedRecord(
                        visit,
                        Optional.empty(),
                        1,
                        org.doctorbird.record.Fields.of(
                                Map.of("party", missing.toString(), "note", "first")),
                        false);

        List<PushAnswer> parked = central().push(MAY_PEN, VISIT, List.of(waiting));
        central().push(LIONEL_TOWN, PARTY, asPushed(missing));

        assertThat(parked).singleElement().isInstanceOf(PushAnswer.Parked.class);
        assertThat(atCentral().read(VISIT, visit).orElseThrow())
                .containsEntry("party", missing.toString());
        assertThat(central().push(MAY_PEN, VISIT, List.of(waiting)))
                .singleElement()
                .isInstanceOf(PushAnswer.Accepted.class);
    }

    @Test
    void aNullableReferenceIsCompletedWhenItsTargetComes() {
        UUID successor = new UUID(66, 66);
        UUID uid = new UUID(55, 55);
        var fields =
                new HashMap<String, @Nullable String>(
                        Map.of("name", "old", "replaced_by", successor.toString()));
        fields.put("note", null);
        central()
                .push(
                        MAY_PEN,
                        PARTY,
                        List.of(
                                new PushedRecord(
                                        uid,
                                        Optional.empty(),
                                        1,
                                        org.doctorbird.record.Fields.of(fields),
                                        false)));
        Page before =
                central()
                        .read(
                                LIONEL_TOWN,
                                PARTY,
                                Feed.NEW,
                                Cursor.START,
                                BatchLimit.ofRecords(BATCH));

        central().push(MAY_PEN, PARTY, asPushed(successor));

        assertThat(before.records().getFirst().fields().get("replaced_by"))
                .isEqualTo(successor.toString());
        assertThat(atCentral().read(PARTY, uid).orElseThrow())
                .containsEntry("replaced_by", successor.toString());
    }

    @Test
    void circlesAndSelfReferencesArrive() {
        UUID first = site(MAY_PEN).insert(PARTY, party("first"));
        var values = party("second");
        values.put("replaced_by", first.toString());
        UUID second = site(MAY_PEN).insert(PARTY, values);
        site(MAY_PEN).update(PARTY, first, Map.of("replaced_by", second.toString()));

        synchronise(MAY_PEN, LIONEL_TOWN);

        assertThat(site(LIONEL_TOWN).read(PARTY, first).orElseThrow())
                .containsEntry("replaced_by", second.toString());
        assertThat(site(LIONEL_TOWN).read(PARTY, second).orElseThrow())
                .containsEntry("replaced_by", first.toString());
    }

    @Test
    void oneBadRecordStopsOnlyItself() {
        var good = new ArrayList<UUID>();
        for (int i = 0; i < 9; i++) {
            good.add(site(MAY_PEN).insert(PARTY, party("good " + i)));
        }
        var values = party("worse");
        values.put("note", "bad");
        UUID bad = new UUID(44, 44);
        var refused =
                new PushedRecord(
                        bad, Optional.empty(), 1, org.doctorbird.record.Fields.of(values), false);
        var acceptable =
                new PushedRecord(
                        new UUID(45, 45),
                        Optional.empty(),
                        1,
                        org.doctorbird.record.Fields.of(party("fine")),
                        false);

        List<PushAnswer> answers = central().push(LIONEL_TOWN, PARTY, List.of(refused, acceptable));
        synchronise(MAY_PEN);

        assertThat(answers.get(0)).isInstanceOf(PushAnswer.Rejected.class);
        assertThat(answers.get(1)).isInstanceOf(PushAnswer.Accepted.class);
        assertThat(good).allSatisfy(uid -> assertThat(atCentral().read(PARTY, uid)).isPresent());
    }

    /// A whole batch overtakes it: behind that, the place in the feed is the last record's own.
    @Test
    void aTransactionThatCommitsLateIsNotSkipped() {
        Runnable commit = atCentral().insertLate(PARTY, party("late"));
        for (int i = 0; i < BATCH; i++) {
            atCentral().insert(PARTY, party("early " + i));
        }
        synchronise(MAY_PEN);

        commit.run();
        synchronise(MAY_PEN);

        Page nothing =
                central().read(MAY_PEN, PARTY, Feed.NEW, Cursor.START, BatchLimit.ofRecords(BATCH));
        assertThat(nothing.records()).as("everything was received").isEmpty();
    }

    @Test
    void anIdleCycleIsOneRequest() {
        for (int i = 0; i < 3 * BATCH; i++) {
            atCentral().insert(PARTY, party("party " + i));
        }
        synchronise(MAY_PEN, MAY_PEN, MAY_PEN);
        var counting = new CountingLink(link(MAY_PEN));

        run(cycle(MAY_PEN, counting));

        assertThat(counting.calls()).isEqualTo(1);
    }

    @Test
    void whatIsTooMuchForOneTransactionIsStillFetchedOnce() {
        UUID ida = atCentral().insert(PARTY, party("Ida"));
        atCentral().insert(VISIT, Map.of("party", ida.toString(), "note", "first"));
        for (int i = 0; i < 2 * BATCH; i++) {
            atCentral().insert(PARTY, party("party " + i));
        }
        var fetched = new ArrayList<UUID>();
        var noting =
                new DirectLink(MAY_PEN, central()) {
                    @Override
                    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
                        Page page = super.read(model, feed, after, limit);
                        page.records().forEach(sent -> fetched.add(sent.uid()));
                        return page;
                    }
                };

        run(cycle(MAY_PEN, noting));

        assertThat(fetched).hasSize(2 * BATCH + 2).doesNotHaveDuplicates();
        assertThat(site(MAY_PEN).read(PARTY, ida)).isPresent();
    }

    @Test
    void whatItPushedItselfIsNoNewsToASatellite() {
        synchronise(MAY_PEN, LIONEL_TOWN);
        site(MAY_PEN).insert(PARTY, party("Ida"));
        synchronise(MAY_PEN);
        var counting = new CountingLink(link(MAY_PEN));

        run(cycle(MAY_PEN, counting));

        assertThat(counting.calls()).isEqualTo(1);
        synchronise(LIONEL_TOWN);
        assertThat(site(LIONEL_TOWN).waiting()).isZero();
    }

    @Test
    void aDeletionAtCentralReachesWhoHoldsTheRecord() {
        UUID uid = atCentral().insert(PARTY, party("Ida"));
        synchronise(MAY_PEN);

        atCentral().delete(PARTY, uid);
        synchronise(MAY_PEN);

        assertThat(site(MAY_PEN).read(PARTY, uid)).isEmpty();
        assertThat(site(MAY_PEN).waiting()).isZero();
    }

    @Test
    void aDeletionAtASatelliteKeepsTheRecordAtCentral() {
        UUID uid = site(MAY_PEN).insert(PARTY, party("Ida"));
        synchronise(MAY_PEN);

        site(MAY_PEN).delete(PARTY, uid);
        synchronise(MAY_PEN, MAY_PEN);

        assertThat(atCentral().read(PARTY, uid)).isPresent();
        assertThat(site(MAY_PEN).read(PARTY, uid)).isEmpty();
        assertThat(site(MAY_PEN).waiting()).isZero();
    }

    @Test
    void deletionsArriveAlthoughRecordsReferToEachOther() {
        UUID uid = atCentral().insert(PARTY, party("Ida"));
        UUID visit = atCentral().insert(VISIT, Map.of("party", uid.toString(), "note", "first"));
        synchronise(MAY_PEN);

        atCentral().delete(VISIT, visit);
        atCentral().delete(PARTY, uid);
        synchronise(MAY_PEN, MAY_PEN);

        assertThat(site(MAY_PEN).read(VISIT, visit)).isEmpty();
        assertThat(site(MAY_PEN).read(PARTY, uid)).isEmpty();
        assertThat(site(MAY_PEN).waiting()).isZero();
    }

    /// @return a record of central's that came, and whose receipt got lost
    private UUID takenWithoutReceipt() {
        UUID uid = atCentral().insert(PARTY, party("Ida"));
        var losing =
                new DirectLink(MAY_PEN, central()) {
                    @Override
                    public int acknowledge(String model, List<Receipt> receipts) {
                        throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "lost");
                    }
                };
        assertThatThrownBy(() -> run(cycle(MAY_PEN, losing))).isInstanceOf(SyncException.class);
        assertThat(site(MAY_PEN).read(PARTY, uid)).isPresent();
        return uid;
    }

    @Test
    void aReceiptThatAnotherWorkerHandsInDuringTheGreetingDoesNotHideTheEnd() {
        UUID uid = takenWithoutReceipt();
        atCentral().delete(PARTY, uid);
        Cycle greeting = cycle(MAY_PEN, link(MAY_PEN));
        var breaking =
                new DirectLink(MAY_PEN, central()) {
                    @Override
                    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
                        throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "lost");
                    }
                };
        Cycle other = cycle(MAY_PEN, breaking);

        greeting.passBy(() -> {
            Greeting heard = greeting.begin(0);
            assertThatThrownBy(() -> other.run(Cycle.Work.NEW, PARTY))
                    .isInstanceOf(SyncException.class);
            return heard;
        });
        synchronise(MAY_PEN, MAY_PEN);

        assertThat(site(MAY_PEN).read(PARTY, uid)).isEmpty();
    }

    @Test
    void aRecordThatAnotherWorkerTakesDuringTheGreetingAndThatHasEndedMeanwhileEnds() {
        UUID uid = atCentral().insert(PARTY, party("Ida"));
        Cycle greeting = cycle(MAY_PEN, link(MAY_PEN));
        var heard = new ArrayList<Greeting>();
        var slow =
                new DirectLink(MAY_PEN, central()) {
                    @Override
                    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
                        Page page = super.read(model, feed, after, limit);
                        if (heard.isEmpty()) {
                            atCentral().delete(PARTY, uid);
                            heard.add(greeting.begin(0));
                        }
                        return page;
                    }
                };
        Cycle other = cycle(MAY_PEN, slow);

        greeting.passBy(() -> {
            assertThat(other.run(Cycle.Work.NEW, PARTY)).isEqualTo(1);
            return heard.getFirst();
        });
        synchronise(MAY_PEN, MAY_PEN);

        assertThat(site(MAY_PEN).read(PARTY, uid)).isEmpty();
    }

    @Test
    void aRecordThatIsDeletedBeforeItsReceiptComesEndsEverywhere() {
        UUID uid = takenWithoutReceipt();

        atCentral().delete(PARTY, uid);
        synchronise(MAY_PEN, MAY_PEN);

        assertThat(site(MAY_PEN).read(PARTY, uid)).isEmpty();
    }
}
