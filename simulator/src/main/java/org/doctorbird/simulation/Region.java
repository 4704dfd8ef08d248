package org.doctorbird.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.codec.CentralMethods;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// Central and the clinics of a region, day after day: people work, lines are slow, things go
/// wrong, and the production code of both sides keeps them in step.
final class Region implements AutoCloseable {

    static final long HOUR = 3_600_000_000L;
    static final long DAY = 24 * HOUR;

    /// The calls that a central of an older version does not have.
    private static final Set<String> NEWER_METHODS =
            Set.of("resync", "fingerprints", "synchronise_present", "synchronise_versions");

    private static final int TAIL = 60;

    private final Settings settings;
    private final Agenda agenda = new Agenda();
    private final Wire wire = new Wire();
    private final Faults faults;
    private final Traffic traffic = new Traffic();
    private final Lags lags;
    private final StepCheck steps;
    private final Entitlement entitlement;
    private final MemoryRules rules;
    private final MemoryDatabase central;
    private final Map<InstanceId, Clinic> clinics = new TreeMap<>();
    private final Map<InstanceId, Map<String, String>> written = new HashMap<>();
    private final Set<InstanceId> restored = new HashSet<>();
    private final Set<InstanceId> recovering = new HashSet<>();
    private final Deque<String> tail = new ArrayDeque<>();
    private CentralModels models;
    private CentralExchange exchange;
    private CentralMethods methods;
    private MemoryState before;
    private @Nullable Clinic calling;
    private long idleCycles;
    private long fullCycles;
    private int version = 1;
    private int downs;
    private boolean isOlder;
    private boolean isQuiet;

    /// What is simulated.
    ///
    /// @param countsIdleCycles a cycle that would do nothing is counted and not run
    /// @param allowed what may happen, by name
    record Settings(
            int satellites,
            int days,
            long seed,
            Profile profile,
            boolean countsIdleCycles,
            Predicate<String> allowed) {}

    Region(Settings settings) {
        this.settings = settings;
        this.faults = new Faults(settings.seed(), settings.allowed());
        this.models = RegionPlan.models(version);
        List<InstanceId> ids =
                IntStream.rangeClosed(1, settings.satellites()).mapToObj(InstanceId::new).toList();
        this.rules =
                new MemoryRules(
                        models.graph(),
                        ids,
                        (model, fields, instance) ->
                                model.equals(World.PATIENT)
                                        && instance.toString().equals(fields.get("home")));
        this.entitlement = new Entitlement(rules, this::tail);
        this.steps = new StepCheck(this::committed, this::tail);
        this.lags = new Lags(ids, this::committed, agenda::now);
        this.central = database(InstanceId.CENTRAL);
        this.exchange = new CentralExchange(central.asCentral(), models, ExchangeListener.NONE);
        this.methods = new CentralMethods(new WatchedCentral(exchange, entitlement));
        this.before = central.committed();
        watchCentral();
        for (InstanceId id : ids) {
            MemoryDatabase database = database(id);
            var clinic = new Clinic(this, id, database, settings.profile().line());
            clinics.put(id, clinic);
            database.watchBy(state -> lags.noteSatellite(id, state));
        }
    }

    private MemoryDatabase database(InstanceId id) {
        var database =
                new MemoryDatabase(
                        id,
                        RegionPlan.shapes(),
                        new UUID(7, id.number()),
                        fields ->
                                !id.equals(InstanceId.CENTRAL)
                                        || !RegionWriter.isRefused(fields.get("note")));
        database.timeBy(agenda::now);
        database.settleBy(model -> models.conflicts(model));
        written.put(id, new HashMap<>());
        return database;
    }

    private void watchCentral() {
        central.ruleBy(rules);
        central.breakBy(
                () -> calling == null ? MemoryDatabase.Break.NONE : calling.breakingAtCentral());
        entitlement.tell(lags::noteShould);
        central.watchBy(state -> {
            steps.central(before, state);
            steps.bits(before, state, clinics.keySet());
            before = state;
            entitlement.note(state);
            lags.noteCentral(state);
            for (RecordKey key : state.rows.touched()) {
                if (!models.graph().isRestricted(key.model())) {
                    state.row(key).ifPresent(row -> lags.noteShould(key, row, null));
                }
            }
        });
    }

    // Parts.

    Settings settings() {
        return settings;
    }

    Profile profile() {
        return settings.profile();
    }

    Agenda agenda() {
        return agenda;
    }

    Wire wire() {
        return wire;
    }

    Faults faults() {
        return faults;
    }

    Traffic traffic() {
        return traffic;
    }

    Lags lags() {
        return lags;
    }

    StepCheck steps() {
        return steps;
    }

    Entitlement entitlement() {
        return entitlement;
    }

    MemoryDatabase central() {
        return central;
    }

    CentralExchange exchange() {
        return exchange;
    }

    CentralModels models() {
        return models;
    }

    Collection<Clinic> clinics() {
        return clinics.values();
    }

    Clinic clinic(InstanceId id) {
        return Objects.requireNonNull(clinics.get(id));
    }

    MemoryDatabase databaseOf(InstanceId id) {
        return id.equals(InstanceId.CENTRAL) ? central : clinic(id).database();
    }

    MemoryState committed(InstanceId id) {
        return databaseOf(id).committed();
    }

    Map<InstanceId, Map<String, String>> written() {
        return written;
    }

    Map<String, String> writtenBy(InstanceId id) {
        return Objects.requireNonNull(written.get(id));
    }

    int day() {
        return (int) (agenda.now() / DAY);
    }

    // What happened, for whoever looks for a fault.

    void trace(String line) {
        tail.addLast("day " + day() + " " + (agenda.now() % DAY) / 60_000_000 + "': " + line);
        if (tail.size() > TAIL) {
            tail.removeFirst();
        }
    }

    String tail() {
        return "seed " + settings.seed() + "\n" + String.join("\n", tail);
    }

    void require(boolean holds, Supplier<String> what) {
        if (!holds) {
            throw new InvariantBroken(what.get(), tail());
        }
    }

    // Central.

    boolean isCentralUp() {
        return downs == 0;
    }

    void beginDown() {
        clinics.values().forEach(clinic -> lags.noteTrouble(clinic.id()));
        downs++;
    }

    void endDown() {
        clinics.values().forEach(clinic -> lags.noteTrouble(clinic.id()));
        downs--;
    }

    void setOlder(boolean older) {
        isOlder = older;
    }

    /// Central's answer to a call, as its server gives it.
    @Nullable Object centralAnswers(Clinic caller, MethodCall call) {
        String method = call.method();
        if (!isCentralUp()) {
            throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "central is down");
        }
        if (isOlder && NEWER_METHODS.contains(method.substring(method.lastIndexOf('.') + 1))) {
            throw new SyncException(ErrorCode.METHOD_UNKNOWN, "there is no such method");
        }
        calling = caller;
        try {
            return methods.call(caller.id(), method, call.params());
        } catch (MemoryDatabase.Broken e) {
            throw new SyncException(ErrorCode.CENTRAL_FAILED, "central broke", e);
        } finally {
            calling = null;
        }
    }

    /// Puts the next version of the plan into force.
    void changePlan() {
        version++;
        models = RegionPlan.models(version);
        exchange = new CentralExchange(central.asCentral(), models, ExchangeListener.NONE);
        methods = new CentralMethods(new WatchedCentral(exchange, entitlement));
        trace("plan " + version + " comes into force");
    }

    /// What central's tasks do every few minutes.
    void runTasks() {
        MemoryState state = central.committed();
        if (!isCentralUp()) {
            return;
        }
        if (!state.quarantined.isEmpty()) {
            var _ = exchange.retryDue();
        }
        while (!state.parked.isEmpty() && exchange.releaseReady() > 0) {
            trace("released");
        }
        var _ = exchange.computeInterest(Integer.MAX_VALUE);
    }

    /// Changes when the conflict list does.
    long conflictsStamp() {
        Disputes conflicts = central.committed().conflicts;
        return (((long) conflicts.size()) << 32) + conflicts.open().size();
    }

    /// Looks whether central has anything for an instance.
    ///
    /// @param seen everything below this transaction was given
    /// @return up to where there is nothing; -1 if there is something, or it is not computed
    long horizonIfNothingIsGiven(InstanceId id, long seen) {
        return central.look(transaction -> {
            boolean isNothing =
                    !transaction.isInterestDue()
                            && transaction.changedModels(id, models.givenNames(), seen).isEmpty();
            return isNothing ? transaction.horizon() : -1L;
        });
    }

    // Cycles.

    boolean countsIdleCycles() {
        return settings.countsIdleCycles();
    }

    void countIdle() {
        idleCycles++;
    }

    long idleCycles() {
        return idleCycles;
    }

    long fullCycles() {
        return fullCycles;
    }

    void noteCycle(Clinic clinic, Cycle.Sum sum) {
        fullCycles++;
        recovering.remove(clinic.id());
        if (sum.pushed() + sum.pulled() + sum.taken() > 0) {
            trace("cycle of " + clinic.id() + ": " + sum);
        }
    }

    /// Says whether nothing goes wrong any more.
    boolean isQuiet() {
        return isQuiet;
    }

    void endFaults() {
        isQuiet = true;
    }

    // Misfortunes.

    boolean isRestored(InstanceId id) {
        return restored.contains(id);
    }

    Set<InstanceId> restored() {
        return restored;
    }

    /// Says whether people wait with writing: central was restored, and not every clinic has
    /// brought back what it has. Who writes over it meanwhile would be the last to have seen it.
    boolean isRecovering() {
        return !recovering.isEmpty();
    }

    /// Notes that central cannot be sure of an instance before it has told what it holds.
    void noteMisfortune(InstanceId id) {
        restored.add(id);
        steps.noteRestored(id);
    }

    /// One disk is lost, and a backup is put back. What was only there is lost.
    void restore(InstanceId id, MemoryDatabase.Backup backup) {
        trace("restored from a backup: " + id);
        noteMisfortune(id);
        if (id.equals(InstanceId.CENTRAL)) {
            clinics.values().forEach(Clinic::endSession);
            recovering.addAll(clinics.keySet());
            before = backup.state();
            central.restore(backup);
        } else {
            clinic(id).restore(backup);
            lags.forget(id);
        }
        Set<String> left = new HashSet<>();
        WorldCheck.addCentral(left, central.committed());
        clinics.values()
                .forEach(some -> WorldCheck.addSatellite(left, some.database().committed()));
        for (Map<String, String> texts : written.values()) {
            texts.values().removeIf(text -> !text.lines().allMatch(left::contains));
        }
    }

    void beginEpoch() {
        central.beginEpoch();
        trace("central begins a new epoch");
    }

    /// Returns copies of all databases that go their own way.
    Map<InstanceId, MemoryDatabase> forks() {
        var forks = new TreeMap<InstanceId, MemoryDatabase>();
        forks.put(InstanceId.CENTRAL, central.fork());
        clinics.forEach((id, clinic) -> forks.put(id, clinic.database().fork()));
        return forks;
    }

    MemoryRules rules() {
        return rules;
    }

    List<InstanceId> ids() {
        return new ArrayList<>(clinics.keySet());
    }

    @Override
    public void close() {
        agenda.close();
        wire.close();
    }
}
