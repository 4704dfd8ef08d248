package org.doctorbird.simulation;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.doctorbird.conflict.VersionMade;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.doctorbird.simulation.MemoryRow.MemoryInterest;

/// The application's writes in one transaction, captured as the triggers do it.
public final class MemoryApplication {

    private final MemoryState state;
    private final InstanceId own;
    private final Map<String, ModelShape> shapes;
    private final long transaction;
    private final Supplier<ETag> clock;

    MemoryApplication(
            MemoryState state,
            InstanceId own,
            Map<String, ModelShape> shapes,
            long transaction,
            Supplier<ETag> clock) {
        this.state = state;
        this.own = own;
        this.shapes = shapes;
        this.transaction = transaction;
        this.clock = clock;
    }

    private boolean isCentral() {
        return own.equals(InstanceId.CENTRAL);
    }

    /// Inserts a record with a uid of the caller's.
    public void insert(RecordKey key, Fields values) {
        Optional<MemoryRow> dead = state.row(key);
        long revision = dead.map(row -> row.revision() + 1).orElse(1L);
        ETag etag = ETag.next(dead.map(MemoryRow::etag), clock.get());
        state.rows.put(
                key,
                new MemoryRow(
                        values,
                        null,
                        dead.map(MemoryRow::base).orElse(null),
                        revision,
                        null,
                        etag,
                        transaction,
                        own,
                        0,
                        dead.map(MemoryRow::synchronised).orElse(InstanceSet.EMPTY),
                        false,
                        dead.map(MemoryRow::interest).orElse(MemoryInterest.NONE).withStamped(0)));
        dead.ifPresent(row -> keepPast(key, row, etag, new TreeSet<>(values.names().list())));
    }

    /// Changes fields of a record, if it is there.
    public void update(RecordKey key, Fields changes) {
        MemoryRow row = state.rows.get(key);
        if (row == null || row.isGone()) {
            return;
        }
        Set<String> changed = changes.differingFrom(row.orNone());
        if (changed.isEmpty()) {
            return;
        }
        MemoryRow next = row.withValues(row.orNone().overlaid(changes));
        if (isCentral()) {
            ETag etag = ETag.next(Optional.of(row.etag()), clock.get());
            keepPast(key, row, etag, changed);
            state.rows.put(key, next.withVersion(etag, transaction, own, 0, false));
        } else {
            state.modified.put(key, clock.get());
            state.rows.put(
                    key,
                    next.withSatelliteSide(
                            null, row.base(), row.revision() + 1, alsoChanged(row, changed)));
        }
    }

    private static @org.jspecify.annotations.Nullable Set<String> alsoChanged(
            MemoryRow row, Set<String> changed) {
        if (row.base() == null) {
            return null;
        }
        var all = new HashSet<>(changed);
        if (row.changedFields() != null) {
            all.addAll(row.changedFields());
        } else if (row.lastSynchronisation() == null) {
            return null;
        }
        return all;
    }

    /// Deletes a record, if it is there.
    public void delete(RecordKey key) {
        MemoryRow row = state.rows.get(key);
        if (row == null || row.isGone()) {
            return;
        }
        MemoryRow gone = row.withValues(null);
        if (isCentral()) {
            ETag etag = ETag.next(Optional.of(row.etag()), clock.get());
            keepPast(key, row, etag, Set.copyOf(row.orNone().names().list()));
            state.rows.put(key, gone.withVersion(etag, transaction, own, 0, false));
        } else {
            state.modified.put(key, clock.get());
            state.rows.put(key, gone.withSatelliteSide(null, row.base(), row.revision() + 1, null));
        }
    }

    private void keepPast(RecordKey key, MemoryRow row, ETag etag, Set<String> changed) {
        if (isCentral()) {
            state.addPast(
                    key,
                    new MemoryState.Past(
                            new VersionMade(
                                    etag, own, 0, changed, etag, row.orNone().only(changed)),
                            row.etag(),
                            row.origin(),
                            row.originRevision(),
                            row.orNone().only(changed),
                            transaction));
        }
    }

    /// Makes the uid that a record of a natural key has everywhere.
    public static UUID naturalUid(String model, String code) {
        return org.doctorbird.record.Uids.ofNaturalKey(model, code);
    }

    /// Returns a record's values.
    Fields values(RecordKey key) {
        return state.row(key).map(MemoryRow::orNone).orElse(Fields.NONE);
    }

    /// Returns the fields of a model.
    ModelShape shape(String model) {
        return java.util.Objects.requireNonNull(shapes.get(model));
    }
}
