package org.doctorbird.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.InterestContract;
import org.doctorbird.exchange.Lease;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.SatelliteExchange;
import org.doctorbird.exchange.Site;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;

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
        var store = database(instance).asSatellite();
        return new Cycle(
                store,
                link,
                new SatelliteExchange(store, link, ExchangeListener.NONE),
                models,
                ORDER,
                work -> new Lease(work, database(instance).takeLease(work)),
                Aside.AT_ONCE);
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
}
