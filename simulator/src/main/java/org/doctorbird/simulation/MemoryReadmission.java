package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.doctorbird.conflict.VersionMade;
import org.doctorbird.exchange.Acquaintance;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.RecordKey;

/// What central in memory does when a database goes on in the place of another one.
final class MemoryReadmission {

    private final MemoryState state;
    private final InstanceId instance;

    MemoryReadmission(MemoryState state, InstanceId instance) {
        this.state = state;
        this.instance = instance;
    }

    void forgetHeld() {
        state.rows.replaceAll(
                (_, row) -> row.withSynchronised(row.synchronised().without(instance)));
        state.late.keySet().removeIf(sent -> sent.from().equals(instance));
    }

    void run(UUID incarnation) {
        state.revisionsBefore.put(instance, highestRevision());
        state.rows.replaceAll((_, row) -> row.origin().equals(instance) ? madeByOther(row) : row);
        state.history.replaceAll((_, pasts) -> pasts.stream().map(this::madeByOther).toList());
        keepWaiting(state, instance::equals);
        state.settled.keySet().removeIf(sent -> sent.from().equals(instance));
        Acquaintance known = state.acquaintances.getOrDefault(instance, Acquaintance.NONE);
        var former = new HashSet<>(known.former());
        known.incarnation().ifPresent(former::add);
        state.acquaintances.put(
                instance,
                new Acquaintance(
                        Optional.of(incarnation), former, Optional.empty(), known.epoch()));
    }

    /// Later pushes take the places of what waits without knowing of it.
    ///
    /// @param instances whose
    static void keepWaiting(MemoryState state, Predicate<InstanceId> instances) {
        var waiting = new ArrayList<>(state.parked.values());
        state.quarantined.values().forEach(there -> waiting.add(there.kept()));
        for (KeptRecord kept : waiting) {
            if (instances.test(kept.from())) {
                state.conflicts.add(
                        new Dispute(
                                numberless(kept),
                                Dispute.Kind.FIELDS,
                                Set.of(),
                                Map.of(),
                                "a database was restored",
                                false),
                        Optional.of("overtaken"));
            }
        }
    }

    private static KeptRecord numberless(KeptRecord kept) {
        return new KeptRecord(
                kept.key(),
                kept.from(),
                kept.etag(),
                kept.base(),
                -kept.revision(),
                kept.fields(),
                kept.isDeleted(),
                kept.waitsFor(),
                kept.user());
    }

    private long highestRevision() {
        long highest = state.revisionsBefore.getOrDefault(instance, 0L);
        for (MemoryRow row : state.rows.values()) {
            highest =
                    row.origin().equals(instance)
                            ? Math.max(highest, row.originRevision())
                            : highest;
        }
        for (List<MemoryState.Past> pasts : state.history.values()) {
            for (MemoryState.Past past : pasts) {
                if (past.made().origin().equals(instance)) {
                    highest = Math.max(highest, past.made().revision());
                }
                if (past.replacedOrigin().equals(instance)) {
                    highest = Math.max(highest, past.replacedRevision());
                }
            }
        }
        for (Map.Entry<MemoryState.Sent, Long> settled : state.settled.entrySet()) {
            highest =
                    settled.getKey().from().equals(instance)
                            ? Math.max(highest, settled.getValue())
                            : highest;
        }
        for (var kept : state.parked.values()) {
            highest = kept.from().equals(instance) ? Math.max(highest, kept.revision()) : highest;
        }
        for (var there : state.quarantined.values()) {
            highest =
                    there.kept().from().equals(instance)
                            ? Math.max(highest, there.kept().revision())
                            : highest;
        }
        for (var conflict : state.conflicts.all()) {
            var kept = conflict.dispute().record();
            highest = kept.from().equals(instance) ? Math.max(highest, kept.revision()) : highest;
        }
        return highest;
    }

    private static MemoryRow madeByOther(MemoryRow row) {
        return row.withOrigin(InstanceId.CENTRAL);
    }

    private MemoryState.Past madeByOther(MemoryState.Past past) {
        VersionMade made = past.made();
        return new MemoryState.Past(
                made.origin().equals(instance)
                        ? new VersionMade(
                                made.etag(),
                                InstanceId.CENTRAL,
                                made.revision(),
                                made.fields(),
                                made.edited(),
                                made.before())
                        : made,
                past.replaced(),
                past.replacedOrigin().equals(instance) ? InstanceId.CENTRAL : past.replacedOrigin(),
                past.replacedRevision(),
                past.before(),
                past.transaction());
    }

    static List<UnknownVersion> unknown(MemoryState state, String model, List<Receipt> versions) {
        var unknown = new ArrayList<UnknownVersion>();
        for (Receipt version : versions) {
            var key = new RecordKey(model, version.uid());
            var known = new TreeSet<Long>();
            state.row(key).ifPresent(row -> known.add(row.etag().micros()));
            state.history
                    .getOrDefault(key, List.of())
                    .forEach(past -> {
                        known.add(past.made().etag().micros());
                        known.add(past.replaced().micros());
                    });
            boolean mayBeForgotten =
                    !known.isEmpty()
                            && version.etag().micros() > 0
                            && !version.etag().isAfter(state.forgotten);
            if (!known.contains(version.etag().micros()) && !mayBeForgotten) {
                unknown.add(
                        new UnknownVersion(
                                version.uid(),
                                Optional.ofNullable(known.lower(version.etag().micros()))
                                        .map(ETag::new)));
            }
        }
        return unknown;
    }
}
