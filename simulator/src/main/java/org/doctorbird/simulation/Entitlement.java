package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.plan.InterestGraph.Edge;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;

/// Knows, without any of the engine's bookkeeping, who may ever be sent which version: whoever
/// should have held it in some state of central that was committed while the version was the
/// current one.
final class Entitlement {

    /// How many versions of a record may still be on their way in one answer.
    private static final int VERSIONS_KEPT = 4;

    private final MemoryRules rules;
    private final Supplier<String> tail;
    private final Map<RecordKey, List<Version>> ever = new HashMap<>();
    private final Map<InstanceId, Set<RecordKey>> had = new HashMap<>();
    private Noted noted = (_, _, _) -> {};
    private long checks;

    /// @param instances who should have held it at some time
    private record Version(ETag etag, InstanceSet instances) {}

    /// Hears of each record that was touched, or depends on one that was.
    interface Noted {
        /// @param should who should hold the record
        void note(RecordKey key, MemoryRow row, InstanceSet should);
    }

    /// @param tail the seed, and what happened last
    Entitlement(MemoryRules rules, Supplier<String> tail) {
        this.rules = rules;
        this.tail = tail;
    }

    private InterestGraph graph() {
        return rules.graph();
    }

    void tell(Noted next) {
        noted = next;
    }

    /// Returns how many records were checked on their way to an instance.
    long checks() {
        return checks;
    }

    /// Says who should hold the records of a state by definition.
    Definition of(MemoryState state) {
        return new Definition(rules, state);
    }

    /// Notes a state that was committed, as far as it differs from the one before.
    void note(MemoryState state) {
        if (graph().restricted().isEmpty()) {
            return;
        }
        Definition definition = of(state);
        for (RecordKey key : concerned(state)) {
            MemoryRow row = state.rows.get(key);
            if (row != null && !row.isGone() && graph().isRestricted(key.model())) {
                note(key, row.etag(), definition.whole(key));
                noted.note(key, row, definition.whole(key));
            }
        }
    }

    private void note(RecordKey key, ETag etag, InstanceSet instances) {
        List<Version> before = ever.getOrDefault(key, List.of());
        if (!before.isEmpty() && before.getLast().equals(new Version(etag, instances))) {
            return;
        }
        var versions = new ArrayList<Version>(before);
        InstanceSet all = instances;
        for (Version version : before) {
            if (version.etag().equals(etag)) {
                versions.remove(version);
                all = all.or(version.instances());
            }
        }
        versions.add(new Version(etag, all));
        ever.put(
                key,
                List.copyOf(
                        versions.subList(
                                Math.max(0, versions.size() - VERSIONS_KEPT), versions.size())));
    }

    /// Returns what was touched, and all whose set depends on it: an instance can only be added
    /// there.
    private Collection<RecordKey> concerned(MemoryState state) {
        var concerned = new LinkedHashSet<RecordKey>();
        var next = new ArrayList<RecordKey>(state.touched());
        while (!next.isEmpty()) {
            RecordKey key = next.removeLast();
            if (concerned.add(key)) {
                for (Edge edge : graph().followersOf(key.model())) {
                    next.addAll(state.rows.referring(edge, key.uid()));
                }
                graph().broughtBy(key.model()).forEach(edge -> addTarget(state, key, edge, next));
                graph().alongWith(key.model()).forEach(edge -> addTarget(state, key, edge, next));
            }
        }
        return concerned;
    }

    private static void addTarget(
            MemoryState state, RecordKey key, Edge edge, Collection<RecordKey> targets) {
        state.row(key).flatMap(row -> Definition.target(edge, row)).ifPresent(targets::add);
    }

    /// Notes that an instance has a record, because it pushed it.
    void noteHad(InstanceId instance, RecordKey key) {
        had.computeIfAbsent(instance, _ -> new HashSet<>()).add(key);
    }

    /// Checks one record that is on its way to an instance.
    void check(InstanceId instance, String model, SentRecord sent) {
        var key = new RecordKey(model, sent.uid());
        if (!graph().isRestricted(model)) {
            return;
        }
        if (sent.isDeleted()) {
            checkKnown(instance, key);
            return;
        }
        checks++;
        boolean isEntitled =
                ever.getOrDefault(key, List.of()).stream()
                        .anyMatch(version ->
                                version.etag().equals(sent.etag())
                                        && version.instances().contains(instance));
        if (!isEntitled) {
            throw new InvariantBroken(
                    key + " was sent to " + instance + ", which never should have held it",
                    tail.get());
        }
        noteHad(instance, key);
    }

    /// Checks that an instance that hears of a record has had it.
    void checkKnown(InstanceId instance, RecordKey key) {
        checks++;
        if (!had.getOrDefault(instance, Set.of()).contains(key)) {
            throw new InvariantBroken(
                    instance + " hears of a record that it never had: " + key, tail.get());
        }
    }
}
