package org.doctorbird.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.LocalCopy;
import org.doctorbird.comparison.LocalWhole;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.comparison.Standing;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.conflict.LocalRecord;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.Lease;
import org.doctorbird.exchange.OwnConflict;
import org.doctorbird.exchange.Pending;
import org.doctorbird.exchange.Place;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.ReceiptPage;
import org.doctorbird.exchange.SatelliteTransaction;
import org.doctorbird.exchange.Settlement;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.exchange.Write;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.doctorbird.record.Uids;

/// One transaction of a satellite in memory. Held changes are pushed again in the next cycle: time
/// does not pass here.
final class MemorySatellite extends MemoryContinuityTransaction implements SatelliteTransaction {

    private final Map<String, ModelShape> shapes;
    private final Function<String, ConflictRules> conflicts;
    private final LongSupplier nowMicros;
    private boolean needsNotLast;
    private boolean isToldLater;

    MemorySatellite(
            MemoryState state,
            Map<String, ModelShape> shapes,
            Predicate<Fields> accepts,
            Supplier<UUID> random,
            Function<String, ConflictRules> conflicts,
            LongSupplier nowMicros) {
        super(state, accepts, random, nowMicros);
        this.shapes = shapes;
        this.conflicts = conflicts;
        this.nowMicros = nowMicros;
    }

    @Override
    public void fence(Lease lease) {
        if (state.leases.getOrDefault(lease.work(), 0L) != lease.number()) {
            throw new SyncException(ErrorCode.FENCED, "the lease has passed to another worker");
        }
    }

    @Override
    public Pending pending(
            ModelShape shape, UidRange range, Optional<String> from, BatchLimit limit) {
        Optional<UUID> after = from.map(UUID::fromString);
        var pending = new ArrayList<PushedRecord>();
        for (RecordKey key : state.rows.pending(shape.model(), after.orElse(range.first()))) {
            UUID uid = key.uid();
            MemoryRow row = Objects.requireNonNull(state.rows.get(key));
            boolean isChosen =
                    Uids.ORDER.compare(uid, range.first()) >= 0
                            && Uids.ORDER.compare(uid, range.last()) <= 0
                            && !uid.equals(after.orElse(null));
            if (isChosen && pending.size() < limit.records()) {
                pending.add(
                        new PushedRecord(
                                uid,
                                row.baseIfAny(),
                                row.revision(),
                                changed(row, conflicts.apply(shape.model())),
                                row.isGone(),
                                Optional.empty(),
                                age(key)));
            }
        }
        return new Pending(
                pending,
                pending.isEmpty()
                        ? Optional.empty()
                        : Optional.of(pending.getLast().uid().toString()));
    }

    private Optional<Duration> age(RecordKey key) {
        return conflicts.apply(key.model()).needAge()
                ? Optional.ofNullable(state.modified.get(key))
                        .map(at -> Math.max(0, nowMicros.getAsLong() - at.micros()))
                        .map(micros -> Duration.ofNanos(micros * 1_000))
                : Optional.empty();
    }

    private static Fields changed(MemoryRow row, ConflictRules conflicts) {
        Set<String> changed = row.changedFields();
        return row.base() == null || changed == null
                ? row.orNone()
                : row.orNone().only(conflicts.widened(changed));
    }

    @Override
    public Map<String, Long> waiting(Collection<String> models) {
        Map<String, Long> waiting = new HashMap<>();
        for (RecordKey key : state.rows.pending()) {
            if (models.contains(key.model())) {
                waiting.merge(key.model(), 1L, Long::sum);
            }
        }
        return waiting;
    }

    @Override
    public void needNotLast() {
        needsNotLast = true;
        checkWhatLasts();
    }

    /// Central believes receipts, and gives nothing before a place again: what they stand for must
    /// not get lost.
    private void tellLater() {
        isToldLater = true;
        checkWhatLasts();
    }

    private void checkWhatLasts() {
        if (needsNotLast && isToldLater) {
            throw new IllegalStateException("central will be told of what may get lost");
        }
    }

    @Override
    public void settle(ModelShape shape, List<? extends Settlement> settlements) {
        for (Settlement settlement : settlements) {
            var key = new RecordKey(shape.model(), settlement.uid());
            MemoryRow row = Objects.requireNonNull(state.rows.get(key));
            if (row.revision() == settlement.revision()) {
                settle(key, row, settlement);
            }
        }
    }

    private void settle(RecordKey key, MemoryRow row, Settlement settlement) {
        switch (settlement) {
            case Settlement.InStep(UUID _, long revision, ETag etag) -> {
                state.rows.put(key, row.withSatelliteSide(etag, etag, revision, null));
                state.taken.remove(key);
                state.held.remove(key);
            }
            case Settlement.Taken(UUID _, long revision) -> {
                state.rows.put(key, row.withSatelliteSide(new ETag(0), row.base(), revision, null));
                state.taken.put(key, true);
                state.held.remove(key);
            }
            case Settlement.Joined(UUID _, long revision, UUID survivor) ->
                    throw new IllegalArgumentException(
                            revision + ": nothing is joined in memory with " + survivor);
            case Settlement.Held(UUID _, long revision, ErrorCode code, String _) ->
                    state.held.put(key, new MemoryState.Held(revision, code.code()));
            case Settlement.Whole(UUID _, long revision) ->
                    state.rows.put(key, row.withSatelliteSide(null, null, revision + 1, null));
        }
    }

    @Override
    public Map<UUID, LocalRecord> lock(ModelShape shape, Collection<UUID> uids) {
        var held = new HashMap<UUID, LocalRecord>();
        for (UUID uid : uids) {
            state.row(new RecordKey(shape.model(), uid))
                    .ifPresent(row ->
                            held.put(
                                    uid,
                                    new LocalRecord(
                                            uid,
                                            Optional.ofNullable(row.lastSynchronisation()),
                                            row.baseIfAny(),
                                            row.revision(),
                                            row.isGone(),
                                            row.orNone())));
        }
        return held;
    }

    @Override
    void write(RecordKey key, Write write, ModelShape shape) {
        Optional<MemoryRow> before = state.row(key);
        long revision = before.map(MemoryRow::revision).orElse(0L);
        switch (write) {
            case Write.AtSatellite version -> {
                Fields values =
                        overlaid(
                                shape,
                                before.map(MemoryRow::orNone).orElse(Fields.NONE),
                                version.fields());
                state.rows.put(key, row(values, version.etag(), revision));
            }
            case Write.DeleteAtSatellite(UUID _, ETag etag) ->
                    state.rows.put(key, row(null, etag, revision));
            case Write.RemoveAtSatellite _ ->
                    before.ifPresent(row ->
                            state.rows.put(
                                    key,
                                    row.withValues(null)
                                            .withSatelliteSide(new ETag(0), null, revision, null)));
            case Write.AtCentral _, Write.DeleteAtCentral _ ->
                    throw new IllegalArgumentException("a satellite takes no pushes");
        }
        state.taken.remove(key);
        state.held.remove(key);
    }

    private static MemoryRow row(
            @org.jspecify.annotations.Nullable Fields values, ETag etag, long revision) {
        return new MemoryRow(
                values,
                etag,
                etag,
                revision,
                null,
                etag,
                0,
                InstanceId.CENTRAL,
                0,
                InstanceSet.EMPTY,
                false,
                MemoryRow.MemoryInterest.NONE);
    }

    @Override
    public void keepRefused(ModelShape shape, Map<LocalRecord, SentRecord> overwrittenBy) {
        overwrittenBy
                .keySet()
                .forEach(local ->
                        state.refused =
                                state.refused.plus(
                                        new KeptRecord(
                                                new RecordKey(shape.model(), local.uid()),
                                                InstanceId.CENTRAL,
                                                Optional.empty(),
                                                local.base(),
                                                local.revision(),
                                                local.values(),
                                                local.isDeleted(),
                                                List.of(),
                                                Optional.empty())));
    }

    @Override
    public Cursor cursor(String model, Feed feed) {
        return state.cursors.getOrDefault(MemoryState.place(model, feed), Cursor.START);
    }

    @Override
    public void moveCursor(String model, Feed feed, Cursor next) {
        tellLater();
        state.cursors.put(MemoryState.place(model, feed), next);
    }

    @Override
    public List<Place> places() {
        var places = new ArrayList<Place>();
        for (String model : new TreeMap<>(shapes).keySet()) {
            for (Feed feed : Feed.values()) {
                places.add(new Place(model, feed, cursor(model, feed)));
            }
        }
        return places;
    }

    @Override
    public void moveForward(List<Place> places) {
        for (Place place : places) {
            if (place.cursor().compareTo(cursor(place.model(), place.feed())) > 0) {
                moveCursor(place.model(), place.feed(), place.cursor());
            }
        }
    }

    @Override
    public void keepOwnConflicts(List<OwnConflict> conflicts) {
        state.ownConflicts.clear();
        state.ownConflicts.addAll(conflicts);
    }

    @Override
    public void keepWithdrawals(String model, List<Withdrawal> withdrawn) {
        withdrawn.forEach(
                some -> state.withdrawals.put(new RecordKey(model, some.uid()), some.stamp()));
    }

    @Override
    public void dropWithdrawals(String model, Collection<UUID> uids) {
        uids.forEach(uid -> state.withdrawals.remove(new RecordKey(model, uid)));
    }

    @Override
    public List<Withdrawal> dueWithdrawals(ModelShape shape, Optional<UUID> after, int limit) {
        var due = new ArrayList<Withdrawal>();
        state.withdrawals.forEach((key, stamp) -> {
            MemoryRow row = state.rows.get(key);
            boolean isUnpushed = row != null && row.lastSynchronisation() == null;
            if (key.model().equals(shape.model())
                    && !isUnpushed
                    && due.size() < limit
                    && (after.isEmpty() || Uids.ORDER.compare(key.uid(), after.get()) > 0)) {
                due.add(new Withdrawal(key.uid(), stamp));
            }
        });
        return due;
    }

    @Override
    public Set<String> modelsWithWithdrawals() {
        var models = new HashSet<String>();
        state.withdrawals.keySet().forEach(key -> models.add(key.model()));
        return models;
    }

    @Override
    public boolean hasKept() {
        return !state.parked.isEmpty() || !state.quarantined.isEmpty();
    }

    @Override
    public void keepWithdrawnReceipts(String model, List<Withdrawal> withdrawn) {
        addPage(model, List.of(), withdrawn);
    }

    @Override
    public void keepReceipts(String model, List<Receipt> receipts) {
        addPage(model, receipts, List.of());
    }

    private void addPage(String model, List<Receipt> receipts, List<Withdrawal> withdrawn) {
        tellLater();
        var pages = new ArrayList<>(state.receipts.getOrDefault(model, List.of()));
        pages.add(new ReceiptPage(++state.pages, List.copyOf(receipts), List.copyOf(withdrawn)));
        state.receipts.put(model, List.copyOf(pages));
    }

    @Override
    public Optional<ReceiptPage> oldestReceipts(String model) {
        return state.receipts.getOrDefault(model, List.of()).stream().findFirst();
    }

    @Override
    public void dropReceipts(String model, long page) {
        state.receipts.put(
                model,
                state.receipts.getOrDefault(model, List.of()).stream()
                        .filter(kept -> kept.number() != page)
                        .toList());
    }

    @Override
    public Set<String> modelsWithReceipts() {
        var models = new HashSet<String>();
        state.receipts.forEach((model, pages) -> {
            if (!pages.isEmpty()) {
                models.add(model);
            }
        });
        return models;
    }

    @Override
    public LocalWhole whole(ModelShape shape, boolean isDeep) {
        return new LocalWhole(
                MemoryComparison.whole(
                        copies(shape, isDeep, List.of(UidPrefix.ALL)),
                        LocalCopy::uid,
                        MemorySatellite::hash),
                0);
    }

    @Override
    public List<RangeFingerprint> parts(
            ModelShape shape, boolean isDeep, List<UidPrefix> prefixes) {
        return MemoryComparison.parts(
                copies(shape, isDeep, prefixes), LocalCopy::uid, MemorySatellite::hash, prefixes);
    }

    private static long hash(LocalCopy copy) {
        return MemoryComparison.hash(copy.uid(), copy.version(), copy.digest());
    }

    @Override
    public List<LocalCopy> copies(ModelShape shape, boolean isDeep, List<UidPrefix> prefixes) {
        var copies = new ArrayList<LocalCopy>();
        state.rows
                .of(shape.model())
                .forEach((key, row) -> {
                    ETag version =
                            row.lastSynchronisation() == null
                                    ? row.base()
                                    : row.lastSynchronisation();
                    if (version != null
                            && version.micros() > 0
                            && (!row.isGone() || row.lastSynchronisation() == null)
                            && MemoryComparison.isAmong(key.uid(), prefixes)) {
                        long digest =
                                isDeep
                                        ? MemoryComparison.digest(
                                                shape, key.uid(), version, row.orNone())
                                        : 0;
                        copies.add(new LocalCopy(key.uid(), version, digest));
                    }
                });
        return copies;
    }

    @Override
    public Map<UUID, Standing> standing(ModelShape shape, Collection<UUID> uids) {
        var standing = new HashMap<UUID, Standing>();
        for (UUID uid : uids) {
            var key = new RecordKey(shape.model(), uid);
            var sent = new MemoryState.Sent(key, InstanceId.CENTRAL);
            Optional<MemoryRow> row = state.row(key);
            boolean isOnItsWay =
                    state.receipts.getOrDefault(shape.model(), List.of()).stream()
                            .anyMatch(page ->
                                    page.receipts().stream()
                                                    .anyMatch(some -> some.uid().equals(uid))
                                            || page.withdrawn().stream()
                                                    .anyMatch(some -> some.uid().equals(uid)));
            standing.put(
                    uid,
                    new Standing(
                            row.filter(some -> !some.isGone()).isPresent(),
                            row.filter(some -> some.lastSynchronisation() == null).isPresent(),
                            state.parked.containsKey(sent) || state.quarantined.containsKey(sent),
                            state.withdrawals.containsKey(key) || isOnItsWay,
                            row.filter(MemoryRow::isGone)
                                    .flatMap(some ->
                                            Optional.ofNullable(some.lastSynchronisation()))));
        }
        return standing;
    }

    @Override
    public void putAtNoVersion(ModelShape shape, Collection<UUID> uids) {
        changeInStep(
                shape,
                uids,
                row -> row.withSatelliteSide(new ETag(0), row.base(), row.revision() + 1, null));
    }

    @Override
    public void countAsChanged(ModelShape shape, Collection<UUID> uids) {
        changeInStep(
                shape,
                uids,
                row -> row.withSatelliteSide(null, row.base(), row.revision() + 1, null));
    }

    private void changeInStep(
            ModelShape shape, Collection<UUID> uids, UnaryOperator<MemoryRow> change) {
        for (UUID uid : uids) {
            state.rows.computeIfPresent(
                    new RecordKey(shape.model(), uid),
                    (_, row) -> row.lastSynchronisation() == null ? row : change.apply(row));
        }
    }

    @Override
    public void capture(ModelShape shape) {
        throw new UnsupportedOperationException("no row in memory is without a companion");
    }
}
