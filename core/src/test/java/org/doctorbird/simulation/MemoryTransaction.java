package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.doctorbird.ErrorCode;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.RecordTransaction;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;

/// What both sides do in a transaction. A missing nullable reference is simply kept as the target's
/// uid.
abstract class MemoryTransaction implements RecordTransaction {

    final MemoryState state;
    private final Predicate<Fields> accepts;

    MemoryTransaction(MemoryState state, Predicate<Fields> accepts) {
        this.state = state;
        this.accepts = accepts;
    }

    /// Stores one record that the database accepts.
    abstract void write(RecordKey key, Write write, ModelShape shape);

    @Override
    public Set<RecordKey> present(Collection<RecordKey> keys) {
        var here = new HashSet<RecordKey>();
        for (RecordKey key : keys) {
            if (state.row(key).filter(row -> !row.isGone()).isPresent()) {
                here.add(key);
            }
        }
        return here;
    }

    @Override
    public List<Refused> apply(ModelShape shape, List<? extends Write> writes) {
        var refused = new ArrayList<Refused>();
        Map<RecordKey, Write> accepted = new HashMap<>();
        for (Write write : writes) {
            if (accepts.test(write.fields())) {
                accepted.put(new RecordKey(shape.model(), write.uid()), write);
            } else {
                refused.add(refusal(write, ErrorCode.RECORD_REFUSED));
            }
        }
        boolean hasChanged = true;
        while (hasChanged) {
            hasChanged = false;
            for (Write write : writes) {
                var key = new RecordKey(shape.model(), write.uid());
                if (accepted.containsKey(key)
                        && !isResolved(shape, write.fields(), accepted.keySet())) {
                    accepted.remove(key);
                    refused.add(refusal(write, ErrorCode.REFERENCE_MISSING));
                    hasChanged = true;
                }
            }
        }
        for (Write write : writes) {
            var key = new RecordKey(shape.model(), write.uid());
            if (accepted.containsKey(key)) {
                write(key, write, shape);
            }
        }
        return refused;
    }

    private static Refused refusal(Write write, ErrorCode code) {
        return new Refused(write.uid(), code, "refused in memory", "");
    }

    private boolean isResolved(ModelShape shape, Fields fields, Set<RecordKey> batch) {
        for (FieldShape field : shape.references()) {
            String value = fields.get(field.name());
            if (field.isRequired() && value != null) {
                var target =
                        new RecordKey(field.references().orElseThrow(), UUID.fromString(value));
                if (!batch.contains(target) && present(List.of(target)).isEmpty()) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Returns the values after the write: all fields of the shape, absent ones null.
    static Fields overlaid(ModelShape shape, Fields before, Fields set) {
        var values = new ArrayList<@org.jspecify.annotations.Nullable String>();
        Fields after = before.overlaid(set);
        for (String name : shape.names().list()) {
            values.add(after.get(name));
        }
        return Fields.of(shape.names(), values);
    }

    @Override
    public void park(List<KeptRecord> records) {
        records.forEach(kept -> state.parked.put(sent(kept), kept));
    }

    static MemoryState.Sent sent(KeptRecord kept) {
        return new MemoryState.Sent(kept.key(), kept.from());
    }

    @Override
    public List<KeptRecord> takeParked(Collection<RecordKey> arrived, int limit) {
        var keys = Set.copyOf(arrived);
        return take(kept -> kept.waitsFor().stream().anyMatch(keys::contains), limit);
    }

    @Override
    public List<KeptRecord> takeReady(int limit) {
        return take(kept -> present(kept.waitsFor()).containsAll(kept.waitsFor()), limit);
    }

    private List<KeptRecord> take(Predicate<KeptRecord> chosen, int limit) {
        List<KeptRecord> taken =
                state.parked.values().stream().filter(chosen).limit(limit).toList();
        taken.forEach(kept -> state.parked.remove(sent(kept)));
        return taken;
    }

    @Override
    public void quarantine(List<KeptRecord> records, List<Refused> refusals) {
        if (records.size() != refusals.size()) {
            throw new IllegalArgumentException("records and refusals differ in number");
        }
        records.forEach(kept -> state.quarantined.put(sent(kept), kept));
    }

    @Override
    public void release(Collection<KeptRecord> records) {
        records.forEach(kept -> {
            state.quarantined.remove(sent(kept));
            state.parked.remove(sent(kept));
        });
    }
}
