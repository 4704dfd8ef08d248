package org.doctorbird.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.doctorbird.plan.InterestGraph.Edge;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.doctorbird.simulation.MemoryState.Sent;

/// Knows, without any of the engine's bookkeeping, who may ever be sent which version: whoever
/// should have held it in some state of central that was committed while the version was the
/// current one.
final class Entitlement {

    private final MemoryRules rules;
    private final Map<RecordKey, Map<ETag, InstanceSet>> ever = new HashMap<>();
    private final Map<InstanceId, Set<RecordKey>> had = new HashMap<>();

    Entitlement(MemoryRules rules) {
        this.rules = rules;
    }

    /// Computes from the beginning who should hold each living record: by definition, not by what
    /// has changed.
    Map<RecordKey, InstanceSet> of(MemoryState state) {
        var direct = new TreeMap<RecordKey, InstanceSet>();
        var whole = new TreeMap<RecordKey, InstanceSet>();
        for (String model : rules.graph().directOrder()) {
            state.rows.forEach((key, row) -> {
                if (key.model().equals(model) && !row.isGone()) {
                    direct.put(key, direct(state, direct, key, row));
                }
            });
        }
        whole.putAll(direct);
        boolean hasChanged = true;
        while (hasChanged) {
            hasChanged = false;
            for (Edge edge : rules.graph().edges()) {
                hasChanged |= spread(state, whole, edge);
            }
        }
        return whole;
    }

    private InstanceSet direct(
            MemoryState state, Map<RecordKey, InstanceSet> direct, RecordKey key, MemoryRow row) {
        InstanceSet set = rules.ruled(key.model(), row.orNone());
        for (Sent pin : state.pins.keySet()) {
            set = pin.key().equals(key) ? set.with(pin.from()) : set;
        }
        InstanceId creator = row.interest().creator();
        set = creator == null ? set : set.with(creator);
        for (Edge edge : rules.graph().followedBy(key.model())) {
            set = set.or(at(direct, target(edge, row)));
        }
        for (Edge edge : rules.graph().bringersOf(key.model())) {
            for (var other : state.rows.entrySet()) {
                if (other.getKey().model().equals(edge.model())
                        && target(edge, other.getValue()).filter(key::equals).isPresent()) {
                    set = set.or(at(direct, Optional.of(other.getKey())));
                }
            }
        }
        return set;
    }

    private boolean spread(MemoryState state, Map<RecordKey, InstanceSet> whole, Edge edge) {
        boolean hasChanged = false;
        if (!rules.graph().alongWith(edge.model()).contains(edge)) {
            return false;
        }
        for (var entry : state.rows.entrySet()) {
            Optional<RecordKey> target = target(edge, entry.getValue());
            if (!entry.getKey().model().equals(edge.model())
                    || target.filter(whole::containsKey).isEmpty()) {
                continue;
            }
            InstanceSet from =
                    rules.graph().isRestricted(edge.model())
                            ? at(whole, Optional.of(entry.getKey()))
                            : rules.everybody();
            InstanceSet more = at(whole, target).or(from);
            hasChanged |= !more.equals(whole.put(target.get(), more));
        }
        return hasChanged;
    }

    private static InstanceSet at(Map<RecordKey, InstanceSet> sets, Optional<RecordKey> key) {
        return key.map(some -> sets.getOrDefault(some, InstanceSet.EMPTY))
                .orElse(InstanceSet.EMPTY);
    }

    private static Optional<RecordKey> target(Edge edge, MemoryRow row) {
        return Optional.ofNullable(row.orNone().get(edge.field()))
                .map(uid -> new RecordKey(edge.target(), UUID.fromString(uid)));
    }

    /// Notes a state that was committed.
    void note(MemoryState state) {
        if (rules.graph().restricted().isEmpty()) {
            return;
        }
        of(state)
                .forEach((key, set) ->
                        ever.computeIfAbsent(key, _ -> new HashMap<>())
                                .merge(
                                        Objects.requireNonNull(state.rows.get(key)).etag(),
                                        set,
                                        InstanceSet::or));
    }

    /// Notes that an instance has a record, because it pushed it.
    void noteHad(InstanceId instance, RecordKey key) {
        had.computeIfAbsent(instance, _ -> new HashSet<>()).add(key);
    }

    /// Checks one record that is on its way to an instance.
    void check(InstanceId instance, String model, SentRecord sent) {
        var key = new RecordKey(model, sent.uid());
        if (!rules.graph().isRestricted(model)) {
            return;
        }
        if (sent.isDeleted()) {
            checkKnown(instance, key);
            return;
        }
        InstanceSet entitled =
                ever.getOrDefault(key, Map.of()).getOrDefault(sent.etag(), InstanceSet.EMPTY);
        assertThat(entitled.contains(instance))
                .as("%s was sent to %s, which never should have held it", key, instance)
                .isTrue();
        noteHad(instance, key);
    }

    /// Checks that an instance that hears of a record has had it.
    void checkKnown(InstanceId instance, RecordKey key) {
        assertThat(had.getOrDefault(instance, Set.of()))
                .as("%s hears of a record that it never had", instance)
                .contains(key);
    }
}
