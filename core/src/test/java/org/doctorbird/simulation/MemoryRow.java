package org.doctorbird.simulation;

import java.util.Optional;
import java.util.Set;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.jspecify.annotations.Nullable;

/// A row and its companion, as one immutable value.
record MemoryRow(
        @Nullable Fields values,
        @Nullable ETag lastSynchronisation,
        @Nullable ETag base,
        long revision,
        @Nullable Set<String> changedFields,
        ETag etag,
        long changed,
        InstanceId origin,
        long originRevision,
        InstanceSet synchronised,
        boolean isMarkedDeleted) {

    boolean isGone() {
        return values == null;
    }

    Fields orNone() {
        return values == null ? Fields.NONE : values;
    }

    Optional<ETag> baseIfAny() {
        return Optional.ofNullable(base);
    }

    MemoryRow withValues(@Nullable Fields next) {
        return new MemoryRow(
                next,
                lastSynchronisation,
                base,
                revision,
                changedFields,
                etag,
                changed,
                origin,
                originRevision,
                synchronised,
                isMarkedDeleted);
    }

    MemoryRow withSatelliteSide(
            @Nullable ETag nextLast,
            @Nullable ETag nextBase,
            long nextRevision,
            @Nullable Set<String> nextChanged) {
        return new MemoryRow(
                values,
                nextLast,
                nextBase,
                nextRevision,
                nextChanged,
                etag,
                changed,
                origin,
                originRevision,
                synchronised,
                isMarkedDeleted);
    }

    MemoryRow withVersion(
            ETag next, long transaction, InstanceId by, long byRevision, boolean marked) {
        return new MemoryRow(
                values,
                lastSynchronisation,
                base,
                revision,
                changedFields,
                next,
                transaction,
                by,
                byRevision,
                synchronised,
                marked);
    }

    MemoryRow withSynchronised(InstanceSet next) {
        return new MemoryRow(
                values,
                lastSynchronisation,
                base,
                revision,
                changedFields,
                etag,
                changed,
                origin,
                originRevision,
                next,
                isMarkedDeleted);
    }
}
