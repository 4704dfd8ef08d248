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
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.doctorbird.conflict.Decided;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.KeptConflict;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.OwnConflict;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.simulation.MemoryState.Past;
import org.doctorbird.simulation.MemoryState.Snapshot;

/// Central's conflict list in memory.
abstract class MemoryConflicts extends MemoryInterests implements CentralTransaction {

    private static final Optional<String> OVERTAKEN = Optional.of("overtaken");

    MemoryConflicts(
            MemoryState state,
            long transaction,
            Snapshot snapshot,
            Predicate<Fields> accepts,
            LongSupplier nowMicros,
            MemoryRules rules) {
        super(state, transaction, snapshot, accepts, nowMicros, rules);
    }

    @Override
    public void keepConflicts(List<Dispute> disputes) {
        for (Dispute dispute : disputes) {
            endEarlier(dispute.record(), dispute.record().revision() - 1);
            Optional<String> resolution =
                    dispute.isOpen() ? Optional.empty() : Optional.of("policy");
            Optional<KeptConflict> before = find(dispute.record().asPushed(), dispute.record());
            if (before.isEmpty()) {
                state.conflicts.add(dispute, resolution);
            } else if (before.get().resolution().equals(OVERTAKEN)) {
                replace(before.get().number(), resolution, Optional.empty());
            }
        }
    }

    @Override
    public void release(Collection<KeptRecord> records) {
        super.release(records);
        records.forEach(kept -> endEarlier(kept, kept.revision()));
    }

    /// Notes that pushes up to a revision which could not be stored were overtaken by a later one.
    private void endEarlier(KeptRecord by, long revision) {
        state.conflicts.of(sent(by)).stream()
                .filter(other -> other.resolution().isEmpty())
                .filter(other -> other.dispute().kind().isUnstored())
                .filter(other -> other.dispute().record().revision() <= revision)
                .toList()
                .forEach(other -> replace(other.number(), OVERTAKEN, Optional.empty()));
    }

    private Optional<KeptConflict> find(PushedRecord pushed, KeptRecord kept) {
        return state.conflicts.of(sent(kept)).stream()
                .filter(other -> other.dispute().record().revision() == pushed.revision())
                .findFirst();
    }

    /// Returns what was decided on the same revision before.
    final Optional<Decided> decided(RecordKey key, InstanceId from, PushedRecord pushed) {
        return state.conflicts.of(new MemoryState.Sent(key, from)).stream()
                .filter(other -> other.dispute().record().revision() == pushed.revision())
                .findFirst()
                .map(conflict ->
                        new Decided(
                                conflict.dispute().record().asPushed(),
                                conflict.resolution().isEmpty()));
    }

    @Override
    public List<OwnConflict> openConflicts(InstanceId from, int limit) {
        return state.conflicts.open().stream()
                .map(KeptConflict::dispute)
                .filter(dispute -> dispute.record().from().equals(from))
                .map(dispute -> new OwnConflict(dispute.record().key(), dispute.kind()))
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<KeptConflict> conflict(long number) {
        return state.conflicts.find(number);
    }

    @Override
    public void endConflict(long number, String resolution, Optional<ETag> resolvedBy) {
        replace(number, Optional.of(resolution), resolvedBy);
    }

    @Override
    public void reopenConflict(long number) {
        replace(number, Optional.empty(), Optional.empty());
    }

    private void replace(long number, Optional<String> resolution, Optional<ETag> resolvedBy) {
        state.conflicts.resolve(number, resolution, resolvedBy);
    }

    private List<Past> history(RecordKey key) {
        return state.history.getOrDefault(key, List.of());
    }

    @Override
    public Fields replacedBy(RecordKey key, ETag version) {
        return history(key).stream()
                .filter(past -> past.made().etag().equals(version))
                .map(Past::before)
                .findFirst()
                .orElse(Fields.NONE);
    }

    @Override
    public Set<String> changedSince(RecordKey key, ETag version) {
        var changed = new HashSet<String>();
        history(key).stream()
                .filter(past -> past.made().etag().isAfter(version))
                .forEach(past -> changed.addAll(past.made().fields()));
        return changed;
    }

    @Override
    public Optional<UUID> keyHolder(ModelShape shape, KeptRecord refused, String reason) {
        throw new UnsupportedOperationException("there are no unique keys in memory");
    }

    @Override
    public void join(RecordKey key, UUID survivor) {
        state.joined.put(key, survivor);
    }

    @Override
    public Map<RecordKey, UUID> survivors(Collection<RecordKey> keys) {
        Map<RecordKey, UUID> survivors = new HashMap<>();
        keys.forEach(key -> {
            UUID survivor = state.joined.get(key);
            if (survivor != null) {
                survivors.put(key, survivor);
            }
        });
        return survivors;
    }

    @Override
    public Map<UUID, Long> settled(ModelShape shape, InstanceId from, Collection<UUID> uids) {
        Map<UUID, Long> settled = new HashMap<>();
        for (UUID uid : new ArrayList<>(uids)) {
            Long revision =
                    state.settled.get(
                            new MemoryState.Sent(new RecordKey(shape.model(), uid), from));
            if (revision != null) {
                settled.put(uid, revision);
            }
        }
        return settled;
    }
}
