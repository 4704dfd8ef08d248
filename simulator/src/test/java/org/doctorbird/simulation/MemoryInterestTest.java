package org.doctorbird.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Hello;
import org.doctorbird.exchange.InterestContract;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.Site;
import org.doctorbird.interest.InterestPass;
import org.doctorbird.interest.InterestTransaction;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.junit.jupiter.api.Test;

class MemoryInterestTest extends InterestContract {

    private static final Map<String, ModelShape> SHAPES =
            Map.of(
                    PARTY,
                    new ModelShape(
                            PARTY,
                            List.of(
                                    FieldShape.plain("name", FieldKind.TEXT, true),
                                    FieldShape.plain("home", FieldKind.TEXT, false),
                                    FieldShape.reference("replaced_by", PARTY, false))),
                    VISIT,
                    new ModelShape(
                            VISIT,
                            List.of(
                                    FieldShape.reference("party", PARTY, true),
                                    FieldShape.plain("note", FieldKind.TEXT, false))),
                    TAG,
                    new ModelShape(
                            TAG,
                            List.of(
                                    FieldShape.reference("party", PARTY, true),
                                    FieldShape.reference("other", PARTY, true))));

    private final CentralModels models =
            new CentralModels(
                    "1", "", new Plan(Application.PLAIN, PLAN), List.copyOf(SHAPES.values()));
    private final Map<InstanceId, MemoryDatabase> databases = new TreeMap<>();

    private MemoryDatabase database(InstanceId instance) {
        return databases.computeIfAbsent(
                instance,
                id -> {
                    var made = new MemoryDatabase(id, SHAPES, new UUID(9, id.number()), _ -> true);
                    made.ruleBy(
                            new MemoryRules(
                                    models.graph(),
                                    List.of(new InstanceId(1), new InstanceId(2)),
                                    (model, fields, some) ->
                                            model.equals(PARTY)
                                                    && some.toString().equals(fields.get("home"))));
                    return made;
                });
    }

    @Override
    protected CentralCalls central() {
        return new CentralExchange(
                database(InstanceId.CENTRAL).asCentral(), models, ExchangeListener.NONE);
    }

    @Override
    protected Cycle cycle(InstanceId instance, Link link) {
        return database(instance).cycle(link, models, ORDER, Aside.AT_ONCE);
    }

    @Override
    protected void pin(InstanceId instance, String model, UUID uid) {
        var request = new PinRequest(List.of(uid), "comes today", Optional.empty());
        database(InstanceId.CENTRAL)
                .asCentral()
                .inTransaction(
                        transaction -> transaction.pin(models.shape(model), instance, request));
    }

    @Override
    protected Site site(InstanceId instance) {
        return new MemorySite(database(instance), SHAPES);
    }

    /// Goal: what others have brought to central does not keep a satellite waiting. Method:
    /// central's clock goes on by a second whenever somebody looks at it.
    @Test
    void aRequestComputesForOthersOnlyForAMoment() {
        MemoryDatabase central = database(InstanceId.CENTRAL);
        var micros = new AtomicLong();
        central.timeBy(() -> micros.addAndGet(1_000_000));
        for (int i = 0; i < 3 * InterestPass.BATCH; i++) {
            site(InstanceId.CENTRAL).insert(PARTY, Map.of("name", "Ida", "home", "1"));
        }

        greet();
        assertThat(isInterestDue(central)).isTrue();

        for (int requests = 0; requests < 10 && isInterestDue(central); requests++) {
            greet();
        }
        assertThat(isInterestDue(central)).isFalse();
    }

    private void greet() {
        var hello = new Hello(Hello.PROTOCOL, new UUID(9, 2), "1", "epoch", 0, 0);
        var _ = central().begin(new InstanceId(2), hello);
    }

    private static boolean isInterestDue(MemoryDatabase central) {
        return central.asCentral().inTransaction(InterestTransaction::isInterestDue);
    }
}
