package org.doctorbird.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What becomes of records that cannot be stored at once, over any store: those that the database
/// refuses, and those that wait for others. [ExchangeContract] says what the models are.
abstract class KeptRecordsContract {

    public static final String PARTY = "party.party";
    public static final String VISIT = "visit";

    /// Records in a batch.
    public static final int BATCH = 4;

    static final InstanceId MAY_PEN = new InstanceId(1);
    static final InstanceId LIONEL_TOWN = new InstanceId(2);

    private static final Duration SHORT = Duration.ofSeconds(59);
    private static final Duration MINUTE = Duration.ofSeconds(61);
    private static final UUID ONE = new UUID(41, 41);
    private static final UUID TWO = new UUID(42, 42);
    private static final UUID THREE = new UUID(43, 43);

    /// Returns central's calls.
    protected abstract CentralCalls central();

    /// Returns the application of an instance; 0 to 2.
    protected abstract Site site(InstanceId instance);

    /// Returns a satellite's cycle over a link.
    protected abstract Cycle cycle(InstanceId instance, Link link);

    /// Returns what tries an instance's quarantine again.
    protected abstract QuarantineRetry<?> retry(InstanceId instance);

    /// Returns a satellite's way to central; without a wire unless a test says otherwise.
    protected Link link(InstanceId instance) {
        return new DirectLink(instance, central());
    }

    final void synchronise(InstanceId... instances) {
        for (InstanceId instance : instances) {
            run(cycle(instance, link(instance)));
        }
    }

    static void run(Cycle cycle) {
        cycle.run(cycle.begin(0), EnumSet.allOf(Cycle.Work.class));
    }

    static Map<String, @Nullable String> party(String name) {
        var values = new HashMap<String, @Nullable String>();
        values.put("name", name);
        return values;
    }

    final Site atCentral() {
        return site(InstanceId.CENTRAL);
    }

    private static PushedRecord push(
            UUID uid, long revision, Map<String, @Nullable String> values) {
        var whole = new HashMap<String, @Nullable String>(values);
        if (values.containsKey("name")) {
            whole.putIfAbsent("note", null);
            whole.putIfAbsent("replaced_by", null);
        }
        return new PushedRecord(uid, Optional.empty(), revision, Fields.of(whole), false);
    }

    private static PushedRecord badParty(UUID uid, long revision) {
        return push(uid, revision, Map.of("name", "Ida", "note", "bad"));
    }

    private static PushedRecord badVisit(UUID uid, UUID party) {
        return push(uid, 1, Map.of("party", party.toString(), "note", "bad"));
    }

    private PushAnswer pushed(String model, PushedRecord record) {
        return central().push(MAY_PEN, model, List.of(record)).getFirst();
    }

    private static ErrorCode code(PushAnswer answer) {
        return ((PushAnswer.Rejected) answer).code();
    }

    /// A record that the satellite refuses, from central.
    private UUID refuseAtMayPen() {
        atCentral().acceptAll();
        var values = party("Ida");
        values.put("note", "bad");
        UUID uid = atCentral().insert(PARTY, values);
        synchronise(MAY_PEN);
        assertThat(site(MAY_PEN).quarantined()).isOne();
        return uid;
    }

    private Map<String, String> read(InstanceId instance, String model, UUID uid) {
        return site(instance).read(model, uid).orElseThrow();
    }

    @Test
    void aRefusedPushIsTriedAgainWhenItsPauseIsOver() {
        pushed(PARTY, badParty(ONE, 1));
        atCentral().acceptAll();

        atCentral().passTime(SHORT);
        Retried early = retry(InstanceId.CENTRAL).due();
        atCentral().passTime(MINUTE);
        Retried due = retry(InstanceId.CENTRAL).due();

        assertThat(early).isEqualTo(new Retried(0, 0, 0));
        assertThat(due).isEqualTo(new Retried(1, 0, 0));
        assertThat(read(InstanceId.CENTRAL, PARTY, ONE)).containsEntry("note", "bad");
        assertThat(atCentral().quarantined()).isZero();
    }

    @Test
    void thePausesGrow() {
        pushed(PARTY, badParty(ONE, 1));
        atCentral().passTime(MINUTE);
        Retried second = retry(InstanceId.CENTRAL).due();

        atCentral().passTime(MINUTE);
        Retried early = retry(InstanceId.CENTRAL).due();
        atCentral().passTime(MINUTE);
        Retried third = retry(InstanceId.CENTRAL).due();

        assertThat(second).isEqualTo(new Retried(0, 1, 0));
        assertThat(early).isEqualTo(new Retried(0, 0, 0));
        assertThat(third).isEqualTo(new Retried(0, 1, 0));
    }

    @Test
    void aVersionThatASatelliteRefusesIsTriedAgainWhenItsPauseIsOver() {
        UUID uid = refuseAtMayPen();
        site(MAY_PEN).acceptAll();

        synchronise(MAY_PEN);
        assertThat(site(MAY_PEN).read(PARTY, uid)).isEmpty();
        site(MAY_PEN).passTime(MINUTE);
        synchronise(MAY_PEN);

        assertThat(read(MAY_PEN, PARTY, uid)).containsEntry("note", "bad");
        assertThat(site(MAY_PEN).quarantined()).isZero();
    }

    @Test
    void aRefusedPushIsTriedAtOnceWhenARecordItRefersToChanges() {
        pushed(PARTY, push(ONE, 1, party("Ida")));
        pushed(VISIT, badVisit(TWO, ONE));
        atCentral().acceptAll();

        pushed(PARTY, push(ONE, 2, party("Ida Brown")));

        assertThat(read(InstanceId.CENTRAL, VISIT, TWO)).containsEntry("party", ONE.toString());
        assertThat(atCentral().quarantined()).isZero();
    }

    @Test
    void aRefusedVersionIsTriedAtOnceWhenARecordItRefersToChanges() {
        atCentral().acceptAll();
        UUID party = atCentral().insert(PARTY, party("Ida"));
        UUID visit = atCentral().insert(VISIT, Map.of("party", party.toString(), "note", "bad"));
        synchronise(MAY_PEN);
        site(MAY_PEN).acceptAll();

        atCentral().update(PARTY, party, Map.of("name", "Ida Brown"));
        synchronise(MAY_PEN);

        assertThat(read(MAY_PEN, VISIT, visit)).containsEntry("note", "bad");
        assertThat(site(MAY_PEN).quarantined()).isZero();
    }

    @Test
    void anOldPushInQuarantineDoesNotOverwriteWhatCameLater() {
        pushed(PARTY, push(ONE, 1, party("Ida")));
        pushed(PARTY, badParty(ONE, 2));
        assertThat(atCentral().quarantined()).isOne();
        atCentral().acceptAll();
        atCentral().update(PARTY, ONE, Map.of("note", "seen at central"));

        atCentral().passTime(MINUTE);
        Retried retried = retry(InstanceId.CENTRAL).due();

        assertThat(retried.refused()).isZero();
        assertThat(read(InstanceId.CENTRAL, PARTY, ONE)).containsEntry("note", "seen at central");
    }

    @Test
    void anOldVersionInQuarantineDoesNotOverwriteALaterOne() {
        UUID uid = refuseAtMayPen();
        atCentral().update(PARTY, uid, Map.of("note", "better"));
        synchronise(MAY_PEN);
        site(MAY_PEN).acceptAll();

        site(MAY_PEN).passTime(MINUTE);
        synchronise(MAY_PEN);

        assertThat(read(MAY_PEN, PARTY, uid)).containsEntry("note", "better");
        assertThat(site(MAY_PEN).quarantined()).isZero();
    }

    @Test
    void anEarlierRevisionDoesNotTakeThePlaceOfALaterOneInQuarantine() {
        pushed(PARTY, push(ONE, 3, Map.of("name", "third", "note", "bad")));
        pushed(PARTY, push(ONE, 2, Map.of("name", "second", "note", "bad")));
        atCentral().acceptAll();

        atCentral().passTime(MINUTE);
        var _ = retry(InstanceId.CENTRAL).due();

        assertThat(read(InstanceId.CENTRAL, PARTY, ONE)).containsEntry("name", "third");
    }

    @Test
    void aRecordIsParkedOrInQuarantineNotBoth() {
        pushed(PARTY, push(ONE, 1, party("Ida")));
        pushed(VISIT, badVisit(TWO, ONE));
        assertThat(atCentral().quarantined()).isOne();

        pushed(VISIT, push(TWO, 2, Map.of("party", THREE.toString(), "note", "bad")));
        assertThat(atCentral().parked()).isOne();
        assertThat(atCentral().quarantined()).isZero();
        pushed(PARTY, push(THREE, 1, party("Eda")));

        assertThat(atCentral().parked()).isZero();
        assertThat(atCentral().quarantined()).isOne();
    }

    @Test
    void aDroppedPushIsRejectedAndALaterRevisionIsTried() {
        pushed(PARTY, badParty(ONE, 2));
        atCentral().drop(PARTY, ONE);
        atCentral().acceptAll();
        atCentral().passTime(Duration.ofDays(2));

        assertThat(retry(InstanceId.CENTRAL).due()).isEqualTo(new Retried(0, 0, 0));
        assertThat(code(pushed(PARTY, badParty(ONE, 2)))).isEqualTo(ErrorCode.DROPPED);
        assertThat(code(pushed(PARTY, badParty(ONE, 1)))).isEqualTo(ErrorCode.DROPPED);
        assertThat(atCentral().read(PARTY, ONE)).isEmpty();
        assertThat(atCentral().quarantined()).isOne();

        assertThat(pushed(PARTY, badParty(ONE, 3))).isInstanceOf(PushAnswer.Accepted.class);
        assertThat(atCentral().quarantined()).isZero();
    }

    @Test
    void aDroppedVersionIsNotTriedAndALaterOneIs() {
        UUID uid = refuseAtMayPen();
        site(MAY_PEN).drop(PARTY, uid);
        site(MAY_PEN).acceptAll();
        site(MAY_PEN).passTime(Duration.ofDays(2));

        synchronise(MAY_PEN);
        assertThat(site(MAY_PEN).read(PARTY, uid)).isEmpty();

        atCentral().update(PARTY, uid, Map.of("note", "better"));
        synchronise(MAY_PEN);

        assertThat(read(MAY_PEN, PARTY, uid)).containsEntry("note", "better");
        assertThat(site(MAY_PEN).quarantined()).isZero();
    }

    @Test
    void whoChoosesADroppedRecordBringsItBack() {
        pushed(PARTY, badParty(ONE, 1));
        atCentral().drop(PARTY, ONE);

        Retried ofModel = retry(InstanceId.CENTRAL).chosen(QuarantineChoice.of(PARTY));
        Retried refused = retry(InstanceId.CENTRAL).chosen(QuarantineChoice.of(PARTY, ONE));
        atCentral().acceptAll();
        Retried stored = retry(InstanceId.CENTRAL).chosen(QuarantineChoice.of(PARTY, ONE));

        assertThat(ofModel).isEqualTo(new Retried(0, 0, 0));
        assertThat(refused).isEqualTo(new Retried(0, 1, 0));
        assertThat(stored).isEqualTo(new Retried(1, 0, 0));
    }

    @Test
    void oneFixReleasesAllOfAModel() {
        for (int i = 0; i < 2 * BATCH; i++) {
            pushed(PARTY, badParty(new UUID(50, i + 1), 1));
        }
        atCentral().acceptAll();

        Retried retried = retry(InstanceId.CENTRAL).chosen(QuarantineChoice.of(PARTY));

        assertThat(retried).isEqualTo(new Retried(2 * BATCH, 0, 0));
        assertThat(atCentral().quarantined()).isZero();
    }

    /// A visit waits for a party that the database refuses.
    @Test
    void whatWaitsForARefusedRecordComesWithIt() {
        pushed(PARTY, badParty(ONE, 1));
        pushed(VISIT, push(TWO, 1, Map.of("party", ONE.toString(), "note", "first")));
        assertThat(atCentral().parked()).isOne();
        atCentral().acceptAll();

        Retried retried = retry(InstanceId.CENTRAL).chosen(QuarantineChoice.of(PARTY, ONE));

        assertThat(retried).isEqualTo(new Retried(1, 0, 0));
        assertThat(read(InstanceId.CENTRAL, VISIT, TWO))
                .containsEntry("party", Objects.toString(ONE));
        assertThat(atCentral().parked()).isZero();
    }

    @Test
    void whatWaitsForARefusedVersionComesWithIt() {
        UUID party = refuseAtMayPen();
        UUID visit = atCentral().insert(VISIT, Map.of("party", party.toString(), "note", "first"));
        synchronise(MAY_PEN);
        assertThat(site(MAY_PEN).parked()).isOne();
        site(MAY_PEN).acceptAll();

        var _ = retry(MAY_PEN).chosen(QuarantineChoice.of(PARTY));
        synchronise(MAY_PEN);

        assertThat(read(MAY_PEN, VISIT, visit)).containsEntry("party", party.toString());
        assertThat(site(MAY_PEN).parked()).isZero();
    }

    @Test
    void whatComesAfterItsOwnEndDoesNotWait() {
        var end = new PushedRecord(TWO, Optional.empty(), 2, Fields.NONE, true);
        var visit = push(TWO, 1, Map.of("party", ONE.toString(), "note", "first"));

        PushAnswer ended = pushed(VISIT, end);
        PushAnswer late = pushed(VISIT, visit);

        assertThat(ended).isInstanceOf(PushAnswer.Accepted.class);
        assertThat(late).isInstanceOf(PushAnswer.AskedForWhole.class);
        assertThat(atCentral().parked()).isZero();
    }
}
