package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;

/// Parts a batch into records that can be stored and records that must wait for one they refer to.
///
/// Only required references make a record wait. Records of the same batch may refer to each other;
/// a record that refers to a waiting one waits too.
final class Waiting {

    private Waiting() {}

    /// @param complete in the order of the batch
    /// @param waiting in the order of the batch
    record Split<R>(List<R> complete, List<Wait<R>> waiting) {}

    /// @param missing what the record refers to and is not here, at least one
    record Wait<R>(R record, List<RecordKey> missing) {}

    static <R> Split<R> split(
            ModelShape shape,
            List<R> records,
            Function<R, UUID> uid,
            Function<R, Fields> fields,
            Function<Collection<RecordKey>, Set<RecordKey>> present) {
        List<FieldShape> required =
                shape.references().stream().filter(FieldShape::isRequired).toList();
        if (required.isEmpty()) {
            return new Split<>(records, List.of());
        }
        List<List<RecordKey>> needs =
                records.stream().map(record -> targets(required, fields.apply(record))).toList();
        var asked = new LinkedHashSet<RecordKey>();
        needs.forEach(asked::addAll);
        Set<RecordKey> here = new HashSet<>(present.apply(asked));
        records.forEach(record -> here.add(new RecordKey(shape.model(), uid.apply(record))));
        var missing =
                new ArrayList<List<RecordKey>>(Collections.nCopies(records.size(), List.of()));
        boolean hasChanged = true;
        while (hasChanged) {
            hasChanged = false;
            for (int i = 0; i < records.size(); i++) {
                if (missing.get(i).isEmpty() && !here.containsAll(needs.get(i))) {
                    missing.set(
                            i, needs.get(i).stream().filter(key -> !here.contains(key)).toList());
                    here.remove(new RecordKey(shape.model(), uid.apply(records.get(i))));
                    hasChanged = true;
                }
            }
        }
        return parted(records, missing);
    }

    private static <R> Split<R> parted(List<R> records, List<List<RecordKey>> missing) {
        var complete = new ArrayList<R>(records.size());
        var waiting = new ArrayList<Wait<R>>();
        for (int i = 0; i < records.size(); i++) {
            if (missing.get(i).isEmpty()) {
                complete.add(records.get(i));
            } else {
                waiting.add(new Wait<>(records.get(i), missing.get(i)));
            }
        }
        return new Split<>(complete, waiting);
    }

    /// Returns the required references that are missing of each record, whatever batch it came in.
    ///
    /// @return in the order of the records
    static List<List<RecordKey>> missing(
            ModelShape shape,
            List<Fields> records,
            Function<Collection<RecordKey>, Set<RecordKey>> present) {
        List<FieldShape> required =
                shape.references().stream().filter(FieldShape::isRequired).toList();
        List<List<RecordKey>> targets =
                records.stream().map(fields -> targets(required, fields)).toList();
        var asked = new LinkedHashSet<RecordKey>();
        targets.forEach(asked::addAll);
        Set<RecordKey> here = asked.isEmpty() ? Set.of() : present.apply(asked);
        return targets.stream()
                .map(keys -> keys.stream().filter(key -> !here.contains(key)).toList())
                .toList();
    }

    /// Returns the records whose change may let a refused one through: all that it refers to, and
    /// what is held of the record itself.
    static List<RecordKey> worthwhile(ModelShape shape, UUID uid, Fields fields) {
        var keys = new LinkedHashSet<RecordKey>();
        keys.add(new RecordKey(shape.model(), uid));
        keys.addAll(targets(shape.references(), fields));
        return List.copyOf(keys);
    }

    /// Returns what the fields point to.
    static List<RecordKey> targets(List<FieldShape> references, Fields fields) {
        var targets = new ArrayList<RecordKey>();
        for (FieldShape field : references) {
            String value = fields.get(field.name());
            if (value != null) {
                asUid(value)
                        .ifPresent(uid ->
                                targets.add(new RecordKey(field.references().orElseThrow(), uid)));
            }
        }
        return targets;
    }

    /// A value that is no uid is left to the store, which refuses the record.
    private static Optional<UUID> asUid(String value) {
        try {
            return Optional.of(UUID.fromString(value));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
