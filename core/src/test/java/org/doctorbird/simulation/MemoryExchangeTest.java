package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeContract;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Lease;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.SatelliteExchange;
import org.doctorbird.exchange.Site;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

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
    private long uids;

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
        var store = database(instance).asSatellite();
        return new Cycle(
                store,
                link,
                new SatelliteExchange(store, link, ExchangeListener.NONE),
                models,
                List.of(PARTY, VISIT),
                work -> new Lease(work, database(instance).takeLease(work)));
    }

    @Override
    protected Site site(InstanceId instance) {
        return new MemorySite(database(instance));
    }

    private final class MemorySite implements Site {

        private final MemoryDatabase database;

        MemorySite(MemoryDatabase database) {
            this.database = database;
        }

        @Override
        public UUID insert(String model, Map<String, @Nullable String> values) {
            var uid = new UUID(1, ++uids);
            database.write(application ->
                    application.insert(new RecordKey(model, uid), whole(model, values)));
            return uid;
        }

        private static Fields whole(String model, Map<String, @Nullable String> values) {
            ModelShape shape = java.util.Objects.requireNonNull(SHAPES.get(model));
            var all = new ArrayList<@Nullable String>();
            shape.names().list().forEach(name -> all.add(values.get(name)));
            return Fields.of(shape.names(), all);
        }

        @Override
        public Runnable insertLate(String model, Map<String, @Nullable String> values) {
            var uid = new UUID(1, ++uids);
            long number = database.beginLate();
            return () ->
                    database.commitLate(
                            number,
                            application ->
                                    application.insert(
                                            new RecordKey(model, uid), whole(model, values)));
        }

        @Override
        public void update(String model, UUID uid, Map<String, @Nullable String> values) {
            database.write(application ->
                    application.update(new RecordKey(model, uid), Fields.of(values)));
        }

        @Override
        public void delete(String model, UUID uid) {
            database.write(application -> application.delete(new RecordKey(model, uid)));
        }

        @Override
        public Optional<Map<String, String>> read(String model, UUID uid) {
            return database.committed()
                    .row(new RecordKey(model, uid))
                    .filter(row -> !row.isGone())
                    .map(row -> {
                        var values = new HashMap<String, String>();
                        Fields fields = row.orNone();
                        fields.names()
                                .list()
                                .forEach(name -> {
                                    String value = fields.get(name);
                                    if (value != null) {
                                        values.put(name, value);
                                    }
                                });
                        return values;
                    });
        }

        @Override
        public long waiting() {
            return database.committed().rows.values().stream()
                    .filter(row -> row.lastSynchronisation() == null)
                    .count();
        }
    }
}
