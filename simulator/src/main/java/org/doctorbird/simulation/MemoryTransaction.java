package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.doctorbird.ErrorCode;
import org.doctorbird.exchange.BackOff;
import org.doctorbird.exchange.DroppedVersion;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.QuarantineChoice;
import org.doctorbird.exchange.RecordTransaction;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.doctorbird.simulation.MemoryState.Quarantined;
import org.jspecify.annotations.Nullable;

/// What both sides do in a transaction. A missing nullable reference is simply kept as the target's
/// uid.
abstract class MemoryTransaction implements RecordTransaction {

    final MemoryState state;
    private final Predicate<Fields> accepts;
    private final LongSupplier nowMicros;

    MemoryTransaction(MemoryState state, Predicate<Fields> accepts, LongSupplier nowMicros) {
        this.state = state;
        this.accepts = accepts;
        this.nowMicros = nowMicros;
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
        var values = new ArrayList<@Nullable String>();
        Fields after = before.overlaid(set);
        for (String name : shape.names().list()) {
            values.add(after.get(name));
        }
        return Fields.of(shape.names(), values);
    }

    @Override
    public void park(List<KeptRecord> records) {
        for (KeptRecord kept : records) {
            Quarantined there = state.quarantined.get(sent(kept));
            if (isLater(there == null ? null : there.kept(), kept)
                    || isLater(state.parked.get(sent(kept)), kept)) {
                continue;
            }
            state.quarantined.remove(sent(kept));
            state.parked.put(sent(kept), kept);
        }
    }

    private static boolean isLater(@Nullable KeptRecord one, KeptRecord other) {
        return one != null
                && (one.revision() > other.revision()
                        || (one.etag().isPresent()
                                && other.etag().isPresent()
                                && one.etag().get().isAfter(other.etag().get())));
    }

    private static boolean isSame(KeptRecord one, KeptRecord other) {
        return one.revision() == other.revision() && one.etag().equals(other.etag());
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
        return take(
                kept ->
                        present(kept.waitsFor()).containsAll(kept.waitsFor())
                                || state.settled.getOrDefault(sent(kept), 0L) > kept.revision(),
                limit);
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
        for (int i = 0; i < records.size(); i++) {
            quarantine(records.get(i), refusals.get(i));
        }
    }

    private void quarantine(KeptRecord kept, Refused refusal) {
        MemoryState.Sent place = sent(kept);
        Quarantined there = state.quarantined.get(place);
        if (isLater(there == null ? null : there.kept(), kept)
                || isLater(state.parked.get(place), kept)) {
            return;
        }
        int attempts = 1;
        boolean isDropped = false;
        if (there != null && isSame(there.kept(), kept)) {
            attempts += there.attempts();
            isDropped = there.isDropped();
        }
        state.parked.remove(place);
        state.quarantined.put(
                place, new Quarantined(kept, refusal, attempts, dueAfter(attempts), isDropped));
    }

    private long dueAfter(int attempts) {
        return nowMicros.getAsLong() + BackOff.after(attempts).toNanos() / 1_000;
    }

    @Override
    public int makeDue(Collection<RecordKey> changed) {
        int made = 0;
        for (var entry : state.quarantined.entrySet()) {
            Quarantined there = entry.getValue();
            if (!there.isDropped()
                    && there.kept().waitsFor().stream().anyMatch(changed::contains)) {
                entry.setValue(there.dueAt(nowMicros.getAsLong()));
                made++;
            }
        }
        return made;
    }

    @Override
    public Set<String> modelsDue() {
        var models = new HashSet<String>();
        state.quarantined.forEach((place, there) -> {
            if (there.isDue(nowMicros.getAsLong())) {
                models.add(place.key().model());
            }
        });
        return models;
    }

    @Override
    public List<KeptRecord> takeDue(String model, int limit) {
        return takeQuarantined(
                (place, there) ->
                        place.key().model().equals(model) && there.isDue(nowMicros.getAsLong()),
                limit);
    }

    @Override
    public List<KeptRecord> takeChosen(
            QuarantineChoice choice, Optional<KeptRecord> after, int limit) {
        return takeQuarantined(
                (place, there) ->
                        place.key().model().equals(choice.model())
                                && after.filter(last -> place.compareTo(sent(last)) <= 0).isEmpty()
                                && isChosen(choice, place, there),
                limit);
    }

    private static boolean isChosen(
            QuarantineChoice choice, MemoryState.Sent place, Quarantined there) {
        if (choice.uid().isPresent()) {
            return choice.uid().get().equals(place.key().uid());
        }
        return !there.isDropped()
                && choice.cause()
                        .filter(cause ->
                                !cause.code().equals(there.refusal().code().code())
                                        || !cause.reason().equals(there.refusal().reason()))
                        .isEmpty();
    }

    private List<KeptRecord> takeQuarantined(
            BiPredicate<MemoryState.Sent, Quarantined> chosen, int limit) {
        var taken = new ArrayList<KeptRecord>();
        for (var entry : state.quarantined.entrySet()) {
            Quarantined there = entry.getValue();
            if (taken.size() < limit && chosen.test(entry.getKey(), there)) {
                taken.add(there.kept());
                entry.setValue(there.dropped(false).dueAt(dueAfter(there.attempts())));
            }
        }
        return taken;
    }

    @Override
    public Map<UUID, DroppedVersion> dropped(String model, InstanceId from, Collection<UUID> uids) {
        var dropped = new HashMap<UUID, DroppedVersion>();
        for (UUID uid : uids) {
            Quarantined there =
                    state.quarantined.get(new MemoryState.Sent(new RecordKey(model, uid), from));
            if (there != null && there.isDropped()) {
                dropped.put(uid, new DroppedVersion(there.kept().revision(), there.kept().etag()));
            }
        }
        return dropped;
    }

    @Override
    public void release(Collection<KeptRecord> records) {
        records.forEach(kept -> {
            Quarantined there = state.quarantined.get(sent(kept));
            if (there != null && !isLater(there.kept(), kept)) {
                state.quarantined.remove(sent(kept));
            }
            if (!isLater(state.parked.get(sent(kept)), kept)) {
                state.parked.remove(sent(kept));
            }
        });
    }
}
