package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.exchange.VerifyOrder;
import org.doctorbird.exchange.VerifyReport;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.doctorbird.simulation.MemoryState.Snapshot;

/// Who holds which record, and may see it, in memory.
abstract class MemoryHoldings extends MemoryAcquaintances {

    /// @param transaction this one's number
    /// @param snapshot what has ended when this one began
    MemoryHoldings(
            MemoryState state,
            long transaction,
            Snapshot snapshot,
            Predicate<Fields> accepts,
            LongSupplier nowMicros,
            MemoryRules rules) {
        super(state, transaction, snapshot, accepts, nowMicros, rules);
    }

    /// Says whether an instance may see the current version.
    final boolean isOpen(RecordKey key, MemoryRow row, InstanceId instance) {
        return isInteresting(key, row, instance)
                && (!graph().isRestricted(key.model()) || row.changed() < limit(key.model()));
    }

    final boolean isInteresting(RecordKey key, MemoryRow row, InstanceId instance) {
        return !graph().isRestricted(key.model())
                || row.interest().wholeOrNone().contains(instance);
    }

    @Override
    public RangeFingerprint held(ModelShape shape, InstanceId instance, boolean isDeep) {
        return MemoryComparison.whole(
                heldVersions(shape, instance, isDeep, List.of(UidPrefix.ALL)),
                HeldVersion::uid,
                MemoryHoldings::hash);
    }

    @Override
    public List<RangeFingerprint> heldParts(
            ModelShape shape, InstanceId instance, boolean isDeep, List<UidPrefix> prefixes) {
        return MemoryComparison.parts(
                heldVersions(shape, instance, isDeep, prefixes),
                HeldVersion::uid,
                MemoryHoldings::hash,
                prefixes);
    }

    private static long hash(HeldVersion version) {
        return MemoryComparison.hash(version.uid(), version.etag(), version.digest());
    }

    @Override
    public List<HeldVersion> heldVersions(
            ModelShape shape, InstanceId instance, boolean isDeep, List<UidPrefix> prefixes) {
        var held = new ArrayList<HeldVersion>();
        state.rows
                .of(shape.model())
                .forEach((key, row) -> {
                    if (!row.isGone()
                            && row.synchronised().contains(instance)
                            && MemoryComparison.isAmong(key.uid(), prefixes)) {
                        boolean isOpen = isOpen(key, row, instance);
                        ETag etag = isOpen ? row.etag() : HeldVersion.UNTOLD;
                        long digest =
                                isDeep && isOpen
                                        ? MemoryComparison.digest(
                                                shape, key.uid(), etag, row.orNone())
                                        : 0;
                        held.add(new HeldVersion(key.uid(), etag, row.changed(), digest));
                    }
                });
        return held;
    }

    /// Nobody orders anything here.
    @Override
    public Optional<VerifyOrder> verifyOrder(InstanceId instance) {
        return Optional.empty();
    }

    @Override
    public void noteVerified(InstanceId instance, VerifyReport report) {}

    @Override
    public int giveAgain(ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        int held = 0;
        for (UUID uid : uids) {
            var key = new RecordKey(shape.model(), uid);
            MemoryRow row = state.rows.get(key);
            if (row != null
                    && (row.synchronised().contains(instance)
                            || isInteresting(key, row, instance))) {
                state.rows.put(key, row.withChanged(transaction, 2));
                held += row.synchronised().contains(instance) ? 1 : 0;
            }
        }
        return held;
    }
}
