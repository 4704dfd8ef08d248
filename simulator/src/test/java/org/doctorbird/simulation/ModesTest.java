package org.doctorbird.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.DirectLink;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.QuarantineRetry;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.ETag;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What each mode lets through, and what becomes of a change that it does not let out.
class ModesTest {

    private static final String MODEL = "clinic.note";
    private static final InstanceId CLINIC = new InstanceId(1);
    private static final ModelShape SHAPE =
            new ModelShape(MODEL, List.of(FieldShape.plain("text", FieldKind.TEXT, false)));
    private static final RecordKey KNOWN = new RecordKey(MODEL, new UUID(0, 1));
    private static final RecordKey MINE = new RecordKey(MODEL, new UUID(0, 2));
    private static final RecordKey THEIRS = new RecordKey(MODEL, new UUID(0, 3));

    private final MemoryDatabase central = database(InstanceId.CENTRAL);
    private final MemoryDatabase clinic = database(CLINIC);

    private static MemoryDatabase database(InstanceId instance) {
        return new MemoryDatabase(
                instance, Map.of(MODEL, SHAPE), new UUID(1, instance.number()), _ -> true);
    }

    private static CentralModels models(Mode mode) {
        var plan =
                new Plan(
                        Application.PLAIN,
                        List.of(
                                new ModelPlan(
                                        MODEL, "note", mode, Optional.empty(), Set.of(), 10)));
        return new CentralModels("1", "", plan, List.of(SHAPE));
    }

    private void synchronise(Mode mode) {
        CentralModels models = models(mode);
        var calls = new CentralExchange(central.asCentral(), models, ExchangeListener.NONE);
        var link = new DirectLink(CLINIC, calls);
        Cycle cycle = clinic.cycle(link, models, List.of(MODEL), Aside.AT_ONCE);
        for (int i = 0; i < 2; i++) {
            cycle.run(cycle.begin(0), EnumSet.allOf(Cycle.Work.class));
        }
    }

    private static Fields text(String text) {
        return Fields.of(Map.of("text", text));
    }

    private static Optional<String> read(MemoryDatabase database, RecordKey key) {
        return database.committed().row(key).map(row -> row.orNone().get("text"));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void newRecordsTravelAsTheModeSays(Mode mode) {
        clinic.write(application -> application.insert(MINE, text("mine")));
        central.write(application -> application.insert(THEIRS, text("theirs")));

        synchronise(mode);

        assertThat(read(central, MINE).isPresent()).isEqualTo(mode.pushes());
        assertThat(read(clinic, THEIRS).isPresent()).isEqualTo(mode.takesNew());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void changesOfKnownRecordsTravelAsTheModeSays(Mode mode) {
        clinic.write(application -> application.insert(KNOWN, text("first")));
        synchronise(Mode.FULL);

        central.write(application -> application.update(KNOWN, text("changed at central")));
        synchronise(mode);

        assertThat(read(clinic, KNOWN)).hasValue(mode.pulls() ? "changed at central" : "first");
    }

    /// What was refused under one plan does not get past a later one.
    @ParameterizedTest
    @EnumSource(Mode.class)
    void aRefusedPushIsTriedAgainAsTheModeSays(Mode mode) {
        central.administer(state -> {
            var transaction =
                    new MemorySatellite(
                            state,
                            Map.of(),
                            _ -> true,
                            KNOWN::uid,
                            _ -> ConflictRules.DEFAULT,
                            () -> 0);
            var pushed = new PushedRecord(MINE.uid(), Optional.empty(), 1, text("mine"), false);
            transaction.quarantine(
                    List.of(KeptRecord.of(MODEL, CLINIC, pushed, List.of())),
                    List.of(new Refused(MINE.uid(), ErrorCode.RECORD_REFUSED, "refused", "")));
        });

        var _ =
                QuarantineRetry.atCentral(central.asCentral(), models(mode), ExchangeListener.NONE)
                        .due();

        assertThat(read(central, MINE).isPresent()).isEqualTo(mode.pushes());
        assertThat(central.committed().quarantined.isEmpty()).isEqualTo(mode.pushes());
    }

    /// The withdrawal came after the version: the copy has to go, whenever it gets in.
    @Test
    void aVersionThatIsTriedAgainDoesNotEndItsWithdrawal() {
        clinic.administer(state -> {
            var transaction =
                    new MemorySatellite(
                            state,
                            Map.of(MODEL, SHAPE),
                            _ -> true,
                            KNOWN::uid,
                            _ -> ConflictRules.DEFAULT,
                            () -> 0);
            var sent = new SentRecord(KNOWN.uid(), new ETag(1), text("theirs"), false);
            transaction.quarantine(
                    List.of(KeptRecord.of(MODEL, sent, List.of())),
                    List.of(new Refused(KNOWN.uid(), ErrorCode.RECORD_REFUSED, "refused", "")));
            transaction.keepWithdrawals(MODEL, List.of(new Withdrawal(KNOWN.uid(), 5)));
        });

        var _ =
                QuarantineRetry.atSatellite(
                                clinic.asSatellite(), models(Mode.FULL), ExchangeListener.NONE)
                        .due();

        assertThat(read(clinic, KNOWN)).hasValue("theirs");
        assertThat(clinic.committed().withdrawals).containsKey(KNOWN);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aLocalChangeGoesOutOrIsKeptWholeWhenItIsOverwritten(Mode mode) {
        clinic.write(application -> application.insert(KNOWN, text("first")));
        synchronise(Mode.FULL);
        ETag before = central.committed().row(KNOWN).orElseThrow().etag();

        clinic.write(application -> application.update(KNOWN, text("changed at the clinic")));
        synchronise(mode);
        central.write(application -> application.update(KNOWN, text("changed at central")));
        synchronise(mode);

        boolean wasPushed =
                central.committed().history.getOrDefault(KNOWN, List.of()).stream()
                        .anyMatch(past -> past.made().origin().equals(CLINIC));
        assertThat(wasPushed).isEqualTo(mode.pushes());
        assertThat(central.committed().row(KNOWN).orElseThrow().etag().isAfter(before)).isTrue();
        boolean isRefused = mode.pulls() && !mode.pushes();
        assertThat(clinic.committed().refused)
                .extracting(kept -> kept.fields().get("text"))
                .isEqualTo(isRefused ? List.of("changed at the clinic") : List.of());
        String expected = mode.pulls() ? "changed at central" : "changed at the clinic";
        assertThat(read(clinic, KNOWN)).hasValue(expected);
    }
}
