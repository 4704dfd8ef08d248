package org.doctorbird.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.doctorbird.exchange.Site;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// An application of a contract test on a database in memory.
final class MemorySite implements Site {

    private static final AtomicLong UIDS = new AtomicLong();

    private final MemoryDatabase database;
    private final Map<String, ModelShape> shapes;

    MemorySite(MemoryDatabase database, Map<String, ModelShape> shapes) {
        this.database = database;
        this.shapes = shapes;
    }

    @Override
    public UUID insert(String model, Map<String, @Nullable String> values) {
        var uid = new UUID(1, UIDS.incrementAndGet());
        database.write(
                application -> application.insert(new RecordKey(model, uid), whole(model, values)));
        return uid;
    }

    private Fields whole(String model, Map<String, @Nullable String> values) {
        ModelShape shape = java.util.Objects.requireNonNull(shapes.get(model));
        var all = new ArrayList<@Nullable String>();
        shape.names().list().forEach(name -> all.add(values.get(name)));
        return Fields.of(shape.names(), all);
    }

    @Override
    public Runnable insertLate(String model, Map<String, @Nullable String> values) {
        var uid = new UUID(1, UIDS.incrementAndGet());
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
        database.write(
                application -> application.update(new RecordKey(model, uid), Fields.of(values)));
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
    public void acceptAll() {
        database.acceptAll();
    }

    @Override
    public void passTime(Duration time) {
        database.moveClock(time.toNanos() / 1_000);
    }

    @Override
    public void drop(String model, UUID uid) {
        database.administer(state ->
                state.quarantined.replaceAll((place, there) ->
                        there.dropped(
                                there.isDropped()
                                        || place.key().equals(new RecordKey(model, uid)))));
    }

    @Override
    public long parked() {
        return database.committed().parked.size();
    }

    @Override
    public long quarantined() {
        return database.committed().quarantined.size();
    }

    @Override
    public long waiting() {
        return database.committed().rows.values().stream()
                .filter(row -> row.lastSynchronisation() == null)
                .count();
    }
}
