package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.conflict.Decided;
import org.doctorbird.conflict.MadeSince;
import org.doctorbird.conflict.VersionMade;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Withdrawal;
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
import org.doctorbird.simulation.MemoryRow.MemoryInterest;
import org.doctorbird.simulation.MemoryState.Snapshot;

/// One transaction of central in memory.
final class MemoryCentral extends MemoryHoldings {

    private final Supplier<ETag> clock;

    /// @param transaction this one's number
    /// @param snapshot what has ended when this one began
    MemoryCentral(
            MemoryState state,
            long transaction,
            Snapshot snapshot,
            Predicate<Fields> accepts,
            Supplier<ETag> clock,
            MemoryRules rules) {
        super(state, transaction, snapshot, accepts, () -> clock.get().micros(), rules);
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
                                    held(
                                            key,
                                            row,
                                            from,
                                            madeSince(shape, key, row, record.base()),
                                            decided(key, from, record))));
        }
        return held;
    }

    private CentralRecord held(
            RecordKey key,
            MemoryRow row,
            InstanceId from,
            MadeSince made,
            Optional<Decided> decided) {
        return new CentralRecord(
                key.uid(),
                row.etag(),
                row.orNone(),
                row.isGone(),
                row.isMarkedDeleted(),
                made.versions(),
                state.settled.getOrDefault(new MemoryState.Sent(key, from), 0L),
                decided,
                row.synchronised().contains(from),
                isOpen(key, row, from),
                made.isComplete());
    }

    private MadeSince madeSince(
            ModelShape shape, RecordKey key, MemoryRow row, Optional<ETag> base) {
        Set<String> all = Set.copyOf(shape.names().list());
        return MadeSince.of(
                base,
                new VersionMade(row.etag(), row.origin(), row.originRevision(), all),
                state.history.getOrDefault(key, List.of()).stream()
                        .map(MemoryState.Past::version)
                        .filter(past -> base.isEmpty() || past.made().etag().isAfter(base.get()))
                        .toList(),
                state.forgotten,
                all);
    }

    @Override
    void write(RecordKey key, Write write, ModelShape shape) {
        switch (write) {
            case Write.AtCentral version -> writeVersion(key, version, shape);
            case Write.DeleteAtCentral end -> writeEnd(key, end, shape);
            case Write.AtSatellite _, Write.DeleteAtSatellite _, Write.RemoveAtSatellite _ ->
                    throw new IllegalArgumentException("central stores no such thing");
        }
    }

    private void writeEnd(RecordKey key, Write.DeleteAtCentral end, ModelShape shape) {
        MemoryRow row = Objects.requireNonNull(state.rows.get(key));
        Set<String> all = Set.copyOf(shape.names().list());
        keepPast(
                key,
                row,
                new VersionMade(
                        end.etag(), end.origin(), end.revision(), all, end.etag(), row.orNone()));
        state.rows.put(
                key,
                row.withValues(null)
                        .withVersion(end.etag(), transaction, end.origin(), end.revision(), false)
                        .withSynchronised(row.synchronised().without(end.origin())));
    }

    private void keepPast(RecordKey key, MemoryRow row, VersionMade made) {
        state.addPast(
                key,
                new MemoryState.Past(
                        made,
                        row.etag(),
                        row.origin(),
                        row.originRevision(),
                        row.orNone().only(made.fields()),
                        transaction));
    }

    private void writeVersion(RecordKey key, Write.AtCentral version, ModelShape shape) {
        Optional<MemoryRow> before = state.row(key);
        before.ifPresent(row ->
                keepPast(
                        key,
                        row,
                        new VersionMade(
                                version.etag(),
                                version.origin(),
                                version.revision(),
                                version.changed(),
                                version.edited().orElse(version.etag()),
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
                        version.marksDeleted(),
                        before.map(MemoryRow::interest)
                                .orElse(
                                        new MemoryInterest(
                                                InstanceSet.EMPTY, null, version.origin(), 0))
                                .withStamped(0)));
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
    public Map<UUID, SentRecord> openTo(
            ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        var open = new HashMap<UUID, SentRecord>();
        for (UUID uid : uids) {
            var key = new RecordKey(shape.model(), uid);
            state.row(key)
                    .filter(row -> row.synchronised().contains(instance))
                    .filter(row -> row.isGone() || isOpen(key, row, instance))
                    .ifPresent(row -> open.put(uid, sent(uid, row)));
        }
        return open;
    }

    @Override
    public List<Withdrawal> withdrawnFrom(
            ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        var withdrawn = new ArrayList<Withdrawal>();
        for (UUID uid : uids) {
            var key = new RecordKey(shape.model(), uid);
            state.row(key)
                    .filter(row -> row.changed() < limit(shape.model()))
                    .filter(row -> isWithdrawn(key, row, instance))
                    .ifPresent(row -> withdrawn.add(new Withdrawal(uid, row.changed())));
        }
        return withdrawn;
    }

    private boolean isWithdrawn(RecordKey key, MemoryRow row, InstanceId instance) {
        return row.synchronised().contains(instance)
                && !row.isGone()
                && !isInteresting(key, row, instance);
    }

    @Override
    public void resend(ModelShape shape, Collection<UUID> uids) {
        uids.forEach(uid ->
                state.rows.computeIfPresent(
                        new RecordKey(shape.model(), uid),
                        (_, row) -> row.withChanged(transaction, 2)));
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

    /// Transactions come one after the other.
    @Override
    public void keepAbsent(ModelShape shape, Collection<UUID> uids) {
        for (UUID uid : uids) {
            if (state.row(new RecordKey(shape.model(), uid)).isPresent()) {
                throw new IllegalStateException("the record is here");
            }
        }
    }

    @Override
    public Page read(
            ModelShape shape,
            InstanceId instance,
            Feed feed,
            Cursor after,
            BatchLimit limit,
            Optional<String> newestFirst) {
        long end = limit(shape.model());
        Collection<RecordKey> ahead =
                state.rows.feed(shape.model(), after.transaction(), after.uid(), end);
        if (feed == Feed.NEW && newestFirst.isPresent()) {
            return readNewestFirst(ahead, instance, after, limit, newestFirst.get());
        }
        var page = new ArrayList<SentRecord>();
        var withdrawn = new ArrayList<Withdrawal>();
        Cursor next = after;
        for (RecordKey key : ahead) {
            if (page.size() + withdrawn.size() == limit.records()) {
                return new Page(page, withdrawn, next, true);
            }
            MemoryRow row = Objects.requireNonNull(state.rows.get(key));
            next = new Cursor(row.changed(), key.uid());
            if (feed == Feed.PULL && isWithdrawn(key, row, instance)) {
                withdrawn.add(new Withdrawal(key.uid(), row.changed()));
            } else if (isWanted(key, row, instance, feed)) {
                page.add(sent(key.uid(), row));
            }
        }
        return new Page(page, withdrawn, last(end, next), false);
    }

    private static Cursor last(long end, Cursor next) {
        var last = new Cursor(end - 1, UidRange.ALL.last());
        return last.compareTo(next) > 0 ? last : next;
    }

    private Page readNewestFirst(
            Collection<RecordKey> ahead,
            InstanceId instance,
            Cursor after,
            BatchLimit limit,
            String field) {
        List<SentRecord> wanted =
                ahead.stream()
                        .map(key -> Map.entry(key, Objects.requireNonNull(state.rows.get(key))))
                        .filter(entry ->
                                isWanted(entry.getKey(), entry.getValue(), instance, Feed.NEW))
                        .sorted(
                                Comparator.comparing(
                                        entry ->
                                                Objects.requireNonNullElse(
                                                        entry.getValue().orNone().get(field), ""),
                                        Comparator.reverseOrder()))
                        .map(entry -> sent(entry.getKey().uid(), entry.getValue()))
                        .toList();
        return wanted.size() > limit.records()
                ? new Page(wanted.subList(0, limit.records()), after, true)
                : new Page(
                        wanted,
                        ahead.stream()
                                .reduce((_, later) -> later)
                                .map(key -> Objects.requireNonNull(state.rows.get(key)))
                                .map(row -> last(row.changed() + 1, after))
                                .orElse(after),
                        false);
    }

    private boolean isWanted(RecordKey key, MemoryRow row, InstanceId instance, Feed feed) {
        boolean isHeld = row.synchronised().contains(instance);
        boolean isInteresting = isInteresting(key, row, instance);
        return switch (feed) {
            case PULL ->
                    isHeld
                            && (row.isGone()
                                    || !row.origin().equals(instance)
                                    || row.interest().stamped() == 2);
            case NEW ->
                    !isHeld
                            && ((!row.isGone() && !row.isMarkedDeleted() && isInteresting)
                                    || (state.late.containsKey(new MemoryState.Sent(key, instance))
                                            && (row.isGone() || isInteresting)));
        };
    }

    @Override
    public int acknowledge(ModelShape shape, InstanceId instance, List<Receipt> receipts) {
        int current = 0;
        for (Receipt receipt : receipts) {
            var key = new RecordKey(shape.model(), receipt.uid());
            MemoryRow row = state.rows.get(key);
            if (row != null && row.etag().equals(receipt.etag())) {
                InstanceSet holders = row.synchronised();
                MemoryRow noted =
                        row.withSynchronised(
                                row.isGone() ? holders.without(instance) : holders.with(instance));
                state.rows.put(key, heardOf(key, noted, instance));
                state.late.remove(new MemoryState.Sent(key, instance));
                current++;
            } else if (row != null && !row.synchronised().contains(instance)) {
                noteLate(key, row, instance);
            }
        }
        return current;
    }

    private void noteLate(RecordKey key, MemoryRow row, InstanceId instance) {
        if (row.isGone() || isInteresting(key, row, instance)) {
            state.late.put(new MemoryState.Sent(key, instance), true);
            if (row.isGone() || row.isMarkedDeleted()) {
                state.rows.put(key, row.withChanged(transaction, 2));
            }
        } else {
            MemoryRow held = row.withSynchronised(row.synchronised().with(instance));
            state.rows.put(key, heardOf(key, held, instance));
        }
    }

    /// Moves a record in the feed that an instance turns out to hold and should not; also for the
    /// instance that made it, which may have removed it before and get it again.
    private MemoryRow heardOf(RecordKey key, MemoryRow row, InstanceId instance) {
        return isWithdrawn(key, row, instance) && row.changed() < state.interestHorizon
                ? row.withChanged(transaction, 2)
                : row;
    }

    @Override
    public int acknowledgeWithdrawn(
            ModelShape shape, InstanceId instance, List<Withdrawal> withdrawn) {
        int current = 0;
        for (Withdrawal some : withdrawn) {
            var key = new RecordKey(shape.model(), some.uid());
            MemoryRow row = state.rows.get(key);
            if (row == null || !row.synchronised().contains(instance)) {
                continue;
            }
            if (row.changed() == some.stamp() && isWithdrawn(key, row, instance)) {
                state.rows.put(key, row.withSynchronised(row.synchronised().without(instance)));
                current++;
            } else {
                state.rows.put(key, row.withChanged(transaction, 2));
            }
        }
        return current;
    }

    @Override
    public List<Found> search(ModelShape shape, InstanceId instance, SearchQuery query) {
        throw new UnsupportedOperationException("nobody searches in memory");
    }

    @Override
    public List<String> why(ModelShape shape, InstanceId instance, UUID uid) {
        throw new UnsupportedOperationException("nobody asks in memory");
    }

    @Override
    public String epoch() {
        return state.epoch;
    }

    @Override
    public long horizon() {
        return graph().restricted().isEmpty()
                ? snapshot.horizon()
                : Math.min(snapshot.horizon(), state.interestHorizon);
    }

    @Override
    public Set<String> changedModels(InstanceId instance, Collection<String> models, long seen) {
        var changed = new HashSet<String>();
        for (String model : models) {
            boolean isGiven =
                    state.rows.feed(model, seen, limit(model)).stream()
                            .anyMatch(key ->
                                    isGiven(
                                            key,
                                            Objects.requireNonNull(state.rows.get(key)),
                                            instance));
            if (isGiven) {
                changed.add(model);
            }
        }
        return changed;
    }

    private boolean isGiven(RecordKey key, MemoryRow row, InstanceId instance) {
        return isWithdrawn(key, row, instance)
                || isWanted(key, row, instance, Feed.PULL)
                || isWanted(key, row, instance, Feed.NEW);
    }
}
