package org.doctorbird.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.plan.InterestGraph.Edge;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.doctorbird.record.RecordKey;
import org.doctorbird.simulation.MemoryState.Sent;

/// Who should hold each living record of one state of central, computed from the rules and not from
/// what has changed. Neither kind of set has circles, so each record can be asked for by itself.
final class Definition {

    private final MemoryRules rules;
    private final MemoryState state;
    private final Map<RecordKey, InstanceSet> direct = new HashMap<>();
    private final Map<RecordKey, InstanceSet> whole = new HashMap<>();

    Definition(MemoryRules rules, MemoryState state) {
        this.rules = rules;
        this.state = state;
    }

    private InterestGraph graph() {
        return rules.graph();
    }

    private Optional<MemoryRow> living(RecordKey key) {
        return state.row(key).filter(row -> !row.isGone());
    }

    /// Returns who should hold a record for its own reasons; nobody if it does not live.
    private InstanceSet direct(RecordKey key) {
        InstanceSet known = direct.get(key);
        if (known == null) {
            known =
                    living(key)
                            .filter(_ -> graph().isRestricted(key.model()))
                            .map(row -> direct(key, row))
                            .orElse(InstanceSet.EMPTY);
            direct.put(key, known);
        }
        return known;
    }

    private InstanceSet direct(RecordKey key, MemoryRow row) {
        InstanceSet set = rules.ruled(key.model(), row.orNone());
        for (Sent pin : state.pinsOf(key)) {
            set = set.with(pin.from());
        }
        InstanceId creator = row.interest().creator();
        set = creator == null ? set : set.with(creator);
        for (Edge edge : graph().followedBy(key.model())) {
            set = set.or(target(edge, row).map(this::direct).orElse(InstanceSet.EMPTY));
        }
        for (Edge edge : graph().bringersOf(key.model())) {
            for (RecordKey other : state.rows.referring(edge, key.uid())) {
                set = set.or(direct(other));
            }
        }
        return set;
    }

    /// Returns who should hold a record, also because it comes along with another; nobody if it
    /// does not live or goes to everybody.
    InstanceSet whole(RecordKey key) {
        InstanceSet known = whole.get(key);
        if (known == null) {
            known = living(key).isPresent() ? withBringers(key) : InstanceSet.EMPTY;
            whole.put(key, known);
        }
        return known;
    }

    private InstanceSet withBringers(RecordKey key) {
        InstanceSet set = direct(key);
        for (Edge edge : graph().alongTo(key.model())) {
            for (RecordKey other : state.rows.referring(edge, key.uid())) {
                set = set.or(graph().isRestricted(edge.model()) ? whole(other) : rules.everybody());
            }
        }
        return set;
    }

    static Optional<RecordKey> target(Edge edge, MemoryRow row) {
        return Optional.ofNullable(row.orNone().get(edge.field()))
                .map(uid -> new RecordKey(edge.target(), UUID.fromString(uid)));
    }

    /// Says whether an instance should hold a living record.
    boolean isEntitled(InstanceId instance, RecordKey key) {
        return !graph().isRestricted(key.model()) || whole(key).contains(instance);
    }
}
