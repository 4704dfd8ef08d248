package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.interest.DirectReasons;
import org.doctorbird.interest.Due;
import org.doctorbird.interest.InterestTransaction;
import org.doctorbird.interest.WholeReasons;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.plan.InterestGraph.Edge;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.doctorbird.simulation.MemoryRow.MemoryInterest;
import org.doctorbird.simulation.MemoryState.DueRecord;
import org.doctorbird.simulation.MemoryState.Past;
import org.doctorbird.simulation.MemoryState.Sent;
import org.doctorbird.simulation.MemoryState.Snapshot;

/// Central's computation of interest in memory.
abstract class MemoryInterests extends MemoryTransaction implements InterestTransaction {

    final long transaction;
    final Snapshot snapshot;
    final MemoryRules rules;

    /// @param transaction this one's number
    /// @param snapshot what has ended when this one began
    MemoryInterests(
            MemoryState state,
            long transaction,
            Snapshot snapshot,
            Predicate<Fields> accepts,
            LongSupplier nowMicros,
            MemoryRules rules) {
        super(state, accepts, nowMicros);
        this.transaction = transaction;
        this.snapshot = snapshot;
        this.rules = rules;
    }

    final InterestGraph graph() {
        return rules.graph();
    }

    /// The feeds of a model give what lies below.
    final long limit(String model) {
        return graph().isRestricted(model)
                ? Math.min(snapshot.horizon(), state.interestHorizon)
                : snapshot.horizon();
    }

    @Override
    public boolean takeInterest() {
        return true;
    }

    @Override
    public void collectChanged() {
        Snapshot before = state.collected;
        for (String model : graph().restricted()) {
            for (RecordKey key : unseen(model, before)) {
                if (Objects.requireNonNull(state.rows.get(key)).interest().stamped() != 1) {
                    state.due.add(new DueRecord(key, Due.Kind.DIRECT));
                    if (graph().comesAlong(model)) {
                        state.due.add(new DueRecord(key, Due.Kind.WHOLE));
                    }
                }
            }
        }
        for (String model : edgeModels()) {
            for (Edge edge : graph().broughtBy(model)) {
                collectTargets(edge, Due.Kind.DIRECT, before);
            }
            for (Edge edge : graph().alongWith(model)) {
                collectTargets(edge, Due.Kind.WHOLE, before);
            }
        }
        state.collected = snapshot;
    }

    private Set<String> edgeModels() {
        var models = new LinkedHashSet<String>();
        graph().edges().forEach(edge -> models.add(edge.model()));
        return models;
    }

    private void collectTargets(Edge edge, Due.Kind kind, Snapshot before) {
        for (RecordKey key : moved(edge.model(), before)) {
            MemoryRow row = Objects.requireNonNull(state.rows.get(key));
            for (Past past : state.history.getOrDefault(key, List.of())) {
                if (!before.shows(past.transaction())
                        && past.made().fields().contains(edge.field())) {
                    addTarget(edge, kind, past.before());
                    addTarget(edge, kind, row.orNone());
                }
            }
            if (!before.shows(row.changed()) && !state.history.containsKey(key)) {
                addTarget(edge, kind, row.orNone());
            }
        }
    }

    /// A row is at least as far in the feed as each transaction that changed it and that the
    /// snapshot does not show: the older one of two that overlap ends last.
    private Collection<RecordKey> moved(String model, Snapshot before) {
        return state.rows.feed(model, before.horizon(), Long.MAX_VALUE);
    }

    private List<RecordKey> unseen(String model, Snapshot before) {
        return moved(model, before).stream()
                .filter(key -> !before.shows(Objects.requireNonNull(state.rows.get(key)).changed()))
                .toList();
    }

    private void addTarget(Edge edge, Due.Kind kind, Fields fields) {
        String uid = fields.get(edge.field());
        if (uid != null) {
            state.due.add(new DueRecord(new RecordKey(edge.target(), UUID.fromString(uid)), kind));
        }
    }

    @Override
    public boolean isBehind() {
        return !state.due.isEmpty();
    }

    @Override
    public Optional<Due> takeDue(int limit) {
        for (Due.Kind kind : Due.Kind.values()) {
            List<String> order =
                    kind == Due.Kind.DIRECT ? graph().directOrder() : graph().wholeOrder();
            for (String model : order) {
                var uids = new LinkedHashSet<UUID>();
                state.due.stream()
                        .filter(due -> due.kind() == kind && due.key().model().equals(model))
                        .map(due -> due.key().uid())
                        .distinct()
                        .limit(limit)
                        .forEach(uids::add);
                state.due.removeIf(due ->
                        due.kind() == kind
                                && due.key().model().equals(model)
                                && uids.contains(due.key().uid()));
                if (!uids.isEmpty()) {
                    return Optional.of(new Due(model, kind, List.copyOf(uids)));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public List<DirectReasons> directReasons(String model, Collection<UUID> uids) {
        var reasons = new ArrayList<DirectReasons>();
        for (UUID uid : uids) {
            var key = new RecordKey(model, uid);
            state.row(key).ifPresent(row -> reasons.add(direct(key, row)));
        }
        return reasons;
    }

    private DirectReasons direct(RecordKey key, MemoryRow row) {
        InstanceSet flowing = InstanceSet.EMPTY;
        for (Edge edge : graph().followedBy(key.model())) {
            String target = row.orNone().get(edge.field());
            if (target != null) {
                flowing =
                        flowing.or(
                                state.row(new RecordKey(edge.target(), UUID.fromString(target)))
                                        .map(parent -> parent.interest().direct())
                                        .orElse(InstanceSet.EMPTY));
            }
        }
        for (Edge edge : graph().bringersOf(key.model())) {
            for (MemoryRow bringer : referring(edge, Set.of(key.uid())).values()) {
                flowing = flowing.or(bringer.interest().direct());
            }
        }
        return new DirectReasons(
                key.uid(),
                !row.isGone(),
                rules.ruled(key.model(), row.orNone()),
                pinned(key),
                Optional.ofNullable(row.interest().creator()),
                flowing,
                row.interest().direct(),
                Optional.ofNullable(row.interest().whole()));
    }

    private InstanceSet pinned(RecordKey key) {
        InstanceSet pinned = InstanceSet.EMPTY;
        for (Sent pin : state.pinsOf(key)) {
            pinned = pinned.with(pin.from());
        }
        return pinned;
    }

    private Map<RecordKey, MemoryRow> referring(Edge edge, Collection<UUID> targets) {
        var referring = new java.util.TreeMap<RecordKey, MemoryRow>();
        for (UUID target : targets) {
            for (RecordKey key : state.rows.referring(edge, target)) {
                referring.put(key, Objects.requireNonNull(state.rows.get(key)));
            }
        }
        return referring;
    }

    @Override
    public List<WholeReasons> wholeReasons(String model, Collection<UUID> uids) {
        var reasons = new ArrayList<WholeReasons>();
        for (UUID uid : uids) {
            state.row(new RecordKey(model, uid))
                    .ifPresent(row -> {
                        InstanceSet along = InstanceSet.EMPTY;
                        for (Edge edge : graph().alongTo(model)) {
                            for (MemoryRow other : referring(edge, Set.of(uid)).values()) {
                                along =
                                        along.or(
                                                graph().isRestricted(edge.model())
                                                        ? other.interest().wholeOrNone()
                                                        : rules.everybody());
                            }
                        }
                        reasons.add(
                                new WholeReasons(
                                        uid,
                                        !row.isGone(),
                                        row.interest().direct(),
                                        along,
                                        row.interest().wholeOrNone(),
                                        row.interest().whole() == null));
                    });
        }
        return reasons;
    }

    @Override
    public void storeDirect(String model, List<DirectReasons.Direct> sets) {
        for (DirectReasons.Direct set : sets) {
            state.rows.computeIfPresent(
                    new RecordKey(model, set.uid()),
                    (_, row) -> {
                        MemoryInterest interest = row.interest();
                        return row.withInterest(
                                new MemoryInterest(
                                        set.instances(),
                                        interest.whole(),
                                        set.keepsCreator() ? interest.creator() : null,
                                        interest.stamped()));
                    });
        }
    }

    @Override
    public void storeBoth(String model, List<DirectReasons.Direct> sets) {
        storeDirect(model, sets);
        storeWhole(
                model,
                sets.stream()
                        .map(set -> new WholeReasons.Whole(set.uid(), set.instances()))
                        .toList());
    }

    @Override
    public void storeWhole(String model, List<WholeReasons.Whole> sets) {
        sets.forEach(set ->
                state.rows.computeIfPresent(
                        new RecordKey(model, set.uid()),
                        (key, row) -> withWhole(key, row, set.instances())));
    }

    private MemoryRow withWhole(RecordKey key, MemoryRow row, InstanceSet next) {
        MemoryInterest interest = row.interest();
        InstanceSet before = interest.wholeOrNone();
        MemoryRow written =
                row.withInterest(
                        new MemoryInterest(
                                interest.direct(), next, interest.creator(), interest.stamped()));
        for (InstanceId instance : rules.instances()) {
            boolean was = before.contains(instance);
            boolean is = next.contains(instance);
            if (was && !is && state.late.containsKey(new Sent(key, instance))) {
                written = written.withSynchronised(written.synchronised().with(instance));
            }
        }
        return row.changed() < state.interestHorizon
                ? written.withSetsChanged(transaction)
                : written;
    }

    @Override
    public void reconsider(String model, Due.Kind kind, Collection<UUID> uids) {
        uids.forEach(uid -> state.due.add(new DueRecord(new RecordKey(model, uid), kind)));
    }

    @Override
    public void reconsiderReferring(Edge edge, Due.Kind kind, Collection<UUID> targets) {
        referring(edge, new HashSet<>(targets))
                .keySet()
                .forEach(key -> state.due.add(new DueRecord(key, kind)));
    }

    @Override
    public void reconsiderTargets(Edge edge, Due.Kind kind, Collection<UUID> sources) {
        for (UUID source : sources) {
            state.row(new RecordKey(edge.model(), source))
                    .ifPresent(row -> addTarget(edge, kind, row.orNone()));
        }
    }

    @Override
    public void publishInterest() {
        state.interestHorizon = state.collected.horizon();
    }

    @Override
    public boolean isInterestDue() {
        return !state.due.isEmpty() || state.rows.hasChangedSince(state.interestHorizon);
    }

    /// See [org.doctorbird.exchange.CentralTransaction#pin].
    public final int pin(ModelShape shape, InstanceId instance, PinRequest request) {
        int pinned = 0;
        for (UUID uid : request.uids()) {
            var key = new RecordKey(shape.model(), uid);
            if (state.row(key).filter(row -> !row.isGone()).isPresent()) {
                state.pin(key, instance);
                reconsider(shape.model(), Due.Kind.DIRECT, List.of(uid));
                pinned++;
            }
        }
        return pinned;
    }

    /// See [org.doctorbird.exchange.CentralTransaction#release].
    public final int release(ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        int released = 0;
        for (UUID uid : uids) {
            var key = new RecordKey(shape.model(), uid);
            MemoryRow row = state.rows.get(key);
            boolean isPinned = state.release(key, instance);
            boolean isCreator = false;
            if (row != null && instance.equals(row.interest().creator())) {
                isCreator = true;
                MemoryInterest interest = row.interest();
                state.rows.put(
                        key,
                        row.withInterest(
                                new MemoryInterest(
                                        interest.direct(),
                                        interest.whole(),
                                        null,
                                        interest.stamped())));
            }
            if (isCreator || isPinned) {
                reconsider(shape.model(), Due.Kind.DIRECT, List.of(uid));
                released++;
            }
        }
        return released;
    }
}
