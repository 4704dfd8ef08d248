package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.conflict.VersionMade;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;

/// One transaction of central in memory.
final class MemoryCentral extends MemoryTransaction implements CentralTransaction {

    private final long transaction;
    private final long horizon;
    private final Supplier<ETag> clock;

    MemoryCentral(
            MemoryState state,
            long transaction,
            long horizon,
            Predicate<Fields> accepts,
            Supplier<ETag> clock) {
        super(state, accepts);
        this.transaction = transaction;
        this.horizon = horizon;
        this.clock = clock;
    }

    @Override
    public ETag now() {
        return clock.get();
    }

    @Override
    public Map<UUID, CentralRecord> lock(
            ModelShape shape, InstanceId from, Collection<PushedRecord> pushed) {
        var held = new HashMap<UUID, CentralRecord>();
        for (PushedRecord record : pushed) {
            var key = new RecordKey(shape.model(), record.uid());
            state.row(key)
                    .ifPresent(row ->
                            held.put(
                                    record.uid(),
                                    new CentralRecord(
                                            record.uid(),
                                            row.etag(),
                                            row.orNone(),
                                            row.isGone(),
                                            row.isMarkedDeleted(),
                                            madeAfter(shape, key, row, record.base()),
                                            state.settled.getOrDefault(
                                                    new MemoryState.Sent(key, from), 0L))));
        }
        return held;
    }

    private List<VersionMade> madeAfter(
            ModelShape shape, RecordKey key, MemoryRow row, Optional<ETag> base) {
        List<MemoryState.Past> pasts = state.history.getOrDefault(key, List.of());
        var made = new ArrayList<VersionMade>();
        Set<String> all = Set.copyOf(shape.names().list());
        made.add(
                pasts.isEmpty()
                        ? new VersionMade(row.etag(), row.origin(), row.originRevision(), all)
                        : new VersionMade(
                                pasts.getFirst().replaced(),
                                pasts.getFirst().replacedOrigin(),
                                pasts.getFirst().replacedRevision(),
                                all));
        pasts.forEach(past -> made.add(past.made()));
        return made.stream()
                .filter(version -> base.isEmpty() || version.etag().isAfter(base.get()))
                .toList();
    }

    @Override
    void write(RecordKey key, Write write, ModelShape shape) {
        var version = (Write.AtCentral) write;
        Optional<MemoryRow> before = state.row(key);
        before.ifPresent(row ->
                state.addPast(
                        key,
                        new MemoryState.Past(
                                new VersionMade(
                                        version.etag(),
                                        version.origin(),
                                        version.revision(),
                                        version.changed()),
                                row.etag(),
                                row.origin(),
                                row.originRevision(),
                                row.orNone().only(version.changed()))));
        Fields values =
                overlaid(
                        shape, before.map(MemoryRow::orNone).orElse(Fields.NONE), version.fields());
        InstanceSet known = before.map(MemoryRow::synchronised).orElse(InstanceSet.EMPTY);
        state.rows.put(
                key,
                new MemoryRow(
                        values,
                        null,
                        null,
                        before.map(MemoryRow::revision).orElse(1L),
                        null,
                        version.etag(),
                        transaction,
                        version.origin(),
                        version.revision(),
                        version.marksDeleted()
                                ? known.without(version.origin())
                                : known.with(version.origin()),
                        version.marksDeleted()));
    }

    @Override
    public Map<UUID, SentRecord> current(ModelShape shape, Collection<UUID> uids) {
        var current = new HashMap<UUID, SentRecord>();
        for (UUID uid : uids) {
            state.row(new RecordKey(shape.model(), uid))
                    .ifPresent(row -> current.put(uid, sent(uid, row)));
        }
        return current;
    }

    private static SentRecord sent(UUID uid, MemoryRow row) {
        return new SentRecord(uid, row.etag(), row.orNone(), row.isGone());
    }

    @Override
    public Set<UUID> heldBy(ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        var held = new HashSet<UUID>();
        for (UUID uid : uids) {
            state.row(new RecordKey(shape.model(), uid))
                    .filter(row -> row.synchronised().contains(instance))
                    .ifPresent(_ -> held.add(uid));
        }
        return held;
    }

    @Override
    public void markHeld(ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        for (UUID uid : uids) {
            state.rows.computeIfPresent(
                    new RecordKey(shape.model(), uid),
                    (_, row) -> row.withSynchronised(row.synchronised().with(instance)));
        }
    }

    @Override
    public void noteSettled(ModelShape shape, InstanceId from, Map<UUID, Long> revisions) {
        revisions.forEach((uid, revision) ->
                state.settled.merge(
                        new MemoryState.Sent(new RecordKey(shape.model(), uid), from),
                        revision,
                        Math::max));
    }

    @Override
    public void keepConflicts(List<KeptRecord> records, List<Set<String>> disputed) {
        if (records.size() != disputed.size()) {
            throw new IllegalArgumentException("records and disputes differ in number");
        }
        for (KeptRecord kept : records) {
            boolean isKnown =
                    state.conflicts.stream()
                            .anyMatch(other ->
                                    other.key().equals(kept.key())
                                            && other.from().equals(kept.from())
                                            && other.revision() == kept.revision());
            if (!isKnown) {
                state.conflicts.add(kept);
            }
        }
    }

    @Override
    public Page read(
            ModelShape shape, InstanceId instance, Feed feed, Cursor after, BatchLimit limit) {
        List<Map.Entry<RecordKey, MemoryRow>> ahead =
                state.rows.entrySet().stream()
                        .filter(entry -> entry.getKey().model().equals(shape.model()))
                        .filter(entry -> entry.getValue().changed() < horizon)
                        .filter(entry -> cursor(entry).compareTo(after) > 0)
                        .sorted(Comparator.comparing(MemoryCentral::cursor))
                        .toList();
        var records = new ArrayList<SentRecord>();
        Cursor next = after;
        for (var entry : ahead) {
            if (records.size() == limit.records()) {
                return new Page(records, next, true);
            }
            next = cursor(entry);
            if (isWanted(entry.getKey(), entry.getValue(), instance, feed)) {
                records.add(sent(entry.getKey().uid(), entry.getValue()));
            }
        }
        var end = new Cursor(horizon - 1, UidRange.ALL.last());
        return new Page(records, end.compareTo(next) > 0 ? end : next, false);
    }

    private static Cursor cursor(Map.Entry<RecordKey, MemoryRow> entry) {
        return new Cursor(entry.getValue().changed(), entry.getKey().uid());
    }

    private boolean isWanted(RecordKey key, MemoryRow row, InstanceId instance, Feed feed) {
        boolean isHeld = row.synchronised().contains(instance);
        return switch (feed) {
            case PULL -> isHeld && !row.origin().equals(instance);
            case NEW ->
                    !isHeld
                            && ((!row.isGone() && !row.isMarkedDeleted())
                                    || state.late.contains(new MemoryState.Sent(key, instance)));
        };
    }

    @Override
    public int acknowledge(ModelShape shape, InstanceId instance, List<Receipt> receipts) {
        int current = 0;
        for (Receipt receipt : receipts) {
            var key = new RecordKey(shape.model(), receipt.uid());
            MemoryRow row = state.rows.get(key);
            if (row != null && row.etag().equals(receipt.etag())) {
                state.rows.put(key, row.withSynchronised(row.synchronised().with(instance)));
                current++;
                state.late.remove(new MemoryState.Sent(key, instance));
            } else if (row != null && !row.synchronised().contains(instance)) {
                state.late.add(new MemoryState.Sent(key, instance));
            }
        }
        return current;
    }

    @Override
    public String epoch() {
        return state.epoch;
    }

    @Override
    public long horizon() {
        return horizon;
    }

    @Override
    public Set<String> changedModels(Collection<String> models, long seen) {
        var changed = new HashSet<String>();
        state.rows.forEach((key, row) -> {
            if (row.changed() >= seen && models.contains(key.model())) {
                changed.add(key.model());
            }
        });
        return changed;
    }

    @Override
    public Optional<UUID> incarnation(InstanceId instance) {
        return Optional.ofNullable(state.incarnations.get(instance));
    }

    @Override
    public void noteContact(InstanceId instance, UUID incarnation, long clockOffsetMicros) {
        state.incarnations.put(instance, incarnation);
    }
}
