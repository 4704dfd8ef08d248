package org.doctorbird.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeContract;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.QuarantineRetry;
import org.doctorbird.exchange.Site;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;

class MemoryExchangeTest extends ExchangeContract {

    private static final FieldShape NOTE = FieldShape.plain("note", FieldKind.TEXT, false);
    private static final Map<String, ModelShape> SHAPES =
            Map.of(
                    PARTY,
                    new ModelShape(
                            PARTY,
                            List.of(
                                    FieldShape.plain("name", FieldKind.TEXT, true),
                                    NOTE,
                                    FieldShape.reference("replaced_by", PARTY, false))),
                    VISIT,
                    new ModelShape(
                            VISIT, List.of(FieldShape.reference("party", PARTY, true), NOTE)));

    private final Map<InstanceId, MemoryDatabase> databases = new TreeMap<>();
    private final CentralModels models =
            new CentralModels(
                    "1", "", new Plan(Application.PLAIN, PLAN), List.copyOf(SHAPES.values()));

    private MemoryDatabase database(InstanceId instance) {
        return databases.computeIfAbsent(
                instance,
                id ->
                        new MemoryDatabase(
                                id,
                                SHAPES,
                                new UUID(9, id.number()),
                                fields -> !"bad".equals(fields.get("note"))));
    }

    @Override
    protected CentralCalls central() {
        return new CentralExchange(
                database(InstanceId.CENTRAL).asCentral(), models, ExchangeListener.NONE);
    }

    @Override
    protected Cycle cycle(InstanceId instance, Link link) {
        return database(instance).cycle(link, models, List.of(PARTY, VISIT), Aside.AT_ONCE);
    }

    @Override
    protected QuarantineRetry<?> retry(InstanceId instance) {
        MemoryDatabase database = database(instance);
        return instance.equals(InstanceId.CENTRAL)
                ? QuarantineRetry.atCentral(database.asCentral(), models, ExchangeListener.NONE)
                : QuarantineRetry.atSatellite(
                        database.asSatellite(), models, ExchangeListener.NONE);
    }

    @Override
    protected Site site(InstanceId instance) {
        return new MemorySite(database(instance), SHAPES);
    }
}
