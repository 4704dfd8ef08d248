package org.doctorbird.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// Writes something by chance as one instance's application would.
final class WorldWriter {

    private final World world;
    private final InstanceId id;
    private final MemoryApplication application;
    private final RandomGenerator random;

    WorldWriter(World world, InstanceId id, MemoryApplication application, RandomGenerator random) {
        this.world = world;
        this.id = id;
        this.application = application;
        this.random = random;
    }

    /// Returns what was done, for the trace.
    String writeSomething() {
        List<String> models =
                world.order().stream()
                        .filter(model ->
                                id.equals(InstanceId.CENTRAL) || !model.equals(World.COUNTRY))
                        .toList();
        String model = models.get(random.nextInt(models.size()));
        List<RecordKey> living = world.living(id, model);
        if (living.size() < 2 || random.nextInt(3) == 0) {
            return insert(model);
        }
        RecordKey key = living.get(random.nextInt(living.size()));
        return random.nextInt(25) == 0
                        && (model.equals(World.EVALUATION) || model.equals(World.ADDRESS))
                ? delete(key)
                : update(key);
    }

    private String insert(String model) {
        var key = new RecordKey(model, anyUid(model));
        var values = new LinkedHashMap<String, @Nullable String>();
        for (FieldShape field : application.shape(model).fields()) {
            String value = value(field);
            if (value == null && field.isRequired()) {
                return id + " had nothing to refer to";
            }
            values.put(field.name(), value);
        }
        Fields fields = Fields.of(values);
        if (isRefused(fields) || world.living(id, model).contains(key)) {
            return id + " inserted nothing";
        }
        application.insert(key, fields);
        world.noteWritten(id, key, fields);
        return id + " inserted " + key;
    }

    /// Now and then a uid from a small range, as natural keys meet.
    private UUID anyUid(String model) {
        return model.equals(World.PARTY) && random.nextInt(4) == 0
                ? MemoryApplication.naturalUid(model, "code " + random.nextInt(5))
                : new UUID(random.nextLong(), random.nextLong());
    }

    private @Nullable String value(FieldShape field) {
        if (field.kind() == FieldKind.REFERENCE) {
            return target(field);
        }
        return field.name().equals("home")
                ? Integer.toString(1 + random.nextInt(3))
                : world.newText();
    }

    private @Nullable String target(FieldShape field) {
        List<RecordKey> targets = world.living(id, field.references().orElseThrow());
        boolean isEmpty = targets.isEmpty() || (!field.isRequired() && random.nextInt(3) > 0);
        return isEmpty ? null : targets.get(random.nextInt(targets.size())).uid().toString();
    }

    /// Each database refuses `bad` of its own application too, but for satellites: so central has
    /// something to refuse.
    private boolean isRefused(Fields fields) {
        return id.equals(InstanceId.CENTRAL) && Objects.equals(fields.get("note"), World.REFUSED);
    }

    private String update(RecordKey key) {
        ModelShape shape = application.shape(key.model());
        FieldShape field = shape.fields().get(random.nextInt(shape.fields().size()));
        String value = continued(key, field, value(field));
        var change = new LinkedHashMap<String, @Nullable String>(Map.of());
        change.put(field.name(), value);
        Fields fields = Fields.of(change);
        if ((value == null && field.isRequired()) || isRefused(fields)) {
            return id + " changed nothing";
        }
        application.update(key, fields);
        world.noteWritten(id, key, fields);
        return id + " changed " + field.name() + " to " + value + " of " + key;
    }

    /// Texts are written on, too.
    private @Nullable String continued(RecordKey key, FieldShape field, @Nullable String value) {
        String before = application.values(key).get(field.name());
        boolean isContinued =
                field.name().equals("note")
                        && before != null
                        && value != null
                        && !value.equals(World.REFUSED)
                        && random.nextBoolean();
        return isContinued ? before + "\n" + value : value;
    }

    private String delete(RecordKey key) {
        application.delete(key);
        world.noteDeleted(id, key);
        return id + " deleted " + key;
    }
}
