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
        boolean isMarkedDeleted,
        MemoryInterest interest) {

    /// Who should hold a record, as central has computed it.
    ///
    /// @param whole null if it was never computed
    /// @param creator null once another reason has taken over
    /// @param stamped 0: the place in the feed is the version's; 1: it was moved because the sets
    ///   have changed; 2: the version goes also to the instance that made it
    record MemoryInterest(
            InstanceSet direct,
            @Nullable InstanceSet whole,
            @Nullable InstanceId creator,
            int stamped) {

        /// Nothing is computed.
        static final MemoryInterest NONE = new MemoryInterest(InstanceSet.EMPTY, null, null, 0);

        MemoryInterest withStamped(int next) {
            return new MemoryInterest(direct, whole, creator, next);
        }

        MemoryInterest withCreator(InstanceId next) {
            return new MemoryInterest(direct, whole, next, stamped);
        }

        InstanceSet wholeOrNone() {
            return whole == null ? InstanceSet.EMPTY : whole;
        }
    }

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
                isMarkedDeleted,
                interest);
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
                isMarkedDeleted,
                interest);
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
                marked,
                interest.withStamped(0));
    }

    MemoryRow withOrigin(InstanceId other) {
        return new MemoryRow(
                values,
                lastSynchronisation,
                base,
                revision,
                changedFields,
                etag,
                changed,
                other,
                originRevision,
                synchronised,
                isMarkedDeleted,
                interest);
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
                isMarkedDeleted,
                interest);
    }

    MemoryRow withInterest(MemoryInterest next) {
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
                synchronised,
                isMarkedDeleted,
                next);
    }

    /// Moves the row in the feed because its sets have changed; what has to be sent again still
    /// has.
    MemoryRow withSetsChanged(long transaction) {
        return withChanged(transaction, interest.stamped() == 2 ? 2 : 1);
    }

    /// Moves the row in the feed without a new version.
    MemoryRow withChanged(long transaction, int stamped) {
        return new MemoryRow(
                values,
                lastSynchronisation,
                base,
                revision,
                changedFields,
                etag,
                transaction,
                origin,
                originRevision,
                synchronised,
                isMarkedDeleted,
                interest.withStamped(stamped));
    }
}
