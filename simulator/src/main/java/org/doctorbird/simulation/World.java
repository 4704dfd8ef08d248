package org.doctorbird.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.CentralStore;
import org.doctorbird.exchange.Comparison;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.Verification;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;

/// Central and satellites in memory, disturbed by chance: one thread, one random source, one seed.
///
/// The databases refuse records whose text is `bad`. Each edit writes a text of its own, so that
/// what became of it can be followed to the end.
final class World implements FaultyLink.Disturbance, CheckedWorld {

    /// What databases refuse.
    static final String REFUSED = "bad";

    static final String PARTY = "party.party";
    static final String PATIENT = "gnuhealth.patient";
    static final String EVALUATION = "gnuhealth.patient.evaluation";
    static final String COUNTRY = "country.country";
    static final String ADDRESS = "party.address";
    private static final List<String> ORDER = List.of(COUNTRY, PARTY, ADDRESS, PATIENT, EVALUATION);
    private static final int CYCLES_MAX = 40;
    private static final long HISTORY_MICROS = 1_000;
    private static final int EVENTS_A_RETRY = 9;

    /// Between two events.
    private static final Duration TICK = Duration.ofSeconds(20);

    final long seed;
    private final Script random;
    private final Map<InstanceId, MemoryDatabase> databases = new TreeMap<>();
    private final Map<InstanceId, Cycle> cycles = new TreeMap<>();
    private final CentralExchange central;
    private final WorldDesk desk;
    private final CentralModels models;
    private final Entitlement entitlement;
    private final Sharing sharing;
    private final List<Delayed> delayed = new ArrayList<>();
    private final List<Runnable> openWrites = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final WorldMisfortunes misfortunes = new WorldMisfortunes(this);

    /// The last text that each instance's application wrote into each field: it must be somewhere
    /// at the end.
    final Map<InstanceId, Map<String, String>> written = new HashMap<>();

    private int perMille;
    private int depth;
    private boolean forgets;
    private long texts;

    private boolean isMended;
    private boolean isIdle;

    /// What the plan says of who should hold what.
    enum Sharing {
        /// Everybody gets everything.
        ALL,
        /// A patient goes to its home, with its party and all that follows.
        BY_RULES
    }

    World(long seed, int satellites, Sharing sharing) {
        this(new Script(seed), satellites, sharing);
    }

    /// @param script decides by chance
    World(Script script, int satellites, Sharing sharing) {
        this.seed = script.seed();
        this.random = script;
        this.sharing = sharing;
        Map<String, ModelShape> shapes = WorldPlan.shapes(sharing);
        this.models =
                new CentralModels("1", "", WorldPlan.of(sharing), List.copyOf(shapes.values()));
        for (int i = 0; i <= satellites; i++) {
            var id = new InstanceId(i);
            var database =
                    new MemoryDatabase(
                            id,
                            shapes,
                            new UUID(7, i),
                            fields -> isMended || !REFUSED.equals(fields.get("note")));
            database.moveClock(i == 2 ? -315_360_000_000_000L : 0);
            database.breakBy(this::breaking);
            database.settleBy(models::conflicts);
            databases.put(id, database);
            written.put(id, new HashMap<>());
        }
        this.central =
                new CentralExchange(
                        database(InstanceId.CENTRAL).asCentral(), models, ExchangeListener.NONE);
        this.desk = new WorldDesk(central, random);
        var rules =
                new MemoryRules(
                        models.graph(),
                        IntStream.rangeClosed(1, satellites).mapToObj(InstanceId::new).toList(),
                        (model, fields, instance) ->
                                model.equals(PATIENT)
                                        && instance.toString().equals(fields.get("home")));
        database(InstanceId.CENTRAL).ruleBy(rules);
        this.entitlement = new Entitlement(rules, this::tail);
        database(InstanceId.CENTRAL).watchBy(entitlement::note);
        for (int i = 1; i <= satellites; i++) {
            cycles.put(new InstanceId(i), cycle(new InstanceId(i)));
        }
    }

    private Cycle cycle(InstanceId id) {
        var link = new FaultyLink(id, new WatchedCentral(central, entitlement), this);
        Aside aside = id.number() % 2 == 0 ? Aside.AT_ONCE : new LateRequests();
        return database(id).cycle(link, models, order(), aside);
    }

    List<String> order() {
        return ORDER.stream()
                .filter(model -> sharing == Sharing.BY_RULES || !model.equals(ADDRESS))
                .toList();
    }

    MemoryDatabase database(InstanceId id) {
        return Objects.requireNonNull(databases.get(id));
    }

    @Override
    public List<InstanceId> satellites() {
        return List.copyOf(cycles.keySet());
    }

    private MemoryDatabase.Break breaking() {
        if (!random.happens(perMille)) {
            return MemoryDatabase.Break.NONE;
        }
        return random.nextBoolean()
                ? MemoryDatabase.Break.BEFORE_COMMIT
                : MemoryDatabase.Break.AFTER_COMMIT;
    }

    @Override
    public boolean happens() {
        return random.happens(perMille);
    }

    @Override
    public void later(InstanceId caller, Runnable request) {
        delayed.add(new Delayed(caller, request));
    }

    @Override
    public void endSessions(InstanceId caller) {
        delayed.removeIf(some -> some.caller().equals(caller));
    }

    /// Sometimes an application writes, or a delayed request comes in, while a call is under way.
    @Override
    public void meanwhile() {
        if (perMille > 0 && !isIdle && depth < 2 && random.nextInt(4) == 0) {
            depth++;
            applicationEvent();
            depth--;
        }
    }

    /// Lets central end rows of its history now and then, some of them while they are still asked
    /// for.
    World forgettingHistory() {
        forgets = true;
        return this;
    }

    /// Lets things happen: writes on all instances, cycles, faults.
    void disturb(int events, int faultsPerMille) {
        perMille = faultsPerMille;
        for (int i = 0; i < events; i++) {
            if (!random.beginsEvent()) {
                continue;
            }
            passTime(TICK);
            if (i % EVENTS_A_RETRY == 0) {
                retryAtCentral();
            }
            switch (random.nextInt(sharing == Sharing.ALL ? 6 : 7)) {
                case 0, 1 -> applicationEvent();
                case 2 -> runOne(delayed);
                case 5 ->
                        trace.add(
                                desk.settleOne(
                                        database(InstanceId.CENTRAL).committed().conflicts.all()));
                case 6 -> wish(satellites().get(random.nextInt(cycles.size())));
                default -> cycleEvent(satellites().get(random.nextInt(cycles.size())));
            }
            if (forgets && random.nextInt(4) == 0) {
                database(InstanceId.CENTRAL).forgetHistory(random.nextLong(HISTORY_MICROS));
            }
        }
        perMille = 0;
    }

    /// Lets cycles go on in the midst of faults while nobody writes, and then without faults: who
    /// writes over what was brought back meanwhile would be the last to have seen it.
    void recover(int events, int faultsPerMille) {
        isIdle = true;
        perMille = faultsPerMille;
        for (int i = 0; i < events; i++) {
            if (!random.beginsEvent()) {
                continue;
            }
            cycleEvent(satellites().get(random.nextInt(cycles.size())));
        }
        perMille = 0;
        for (int i = 0; i < 3; i++) {
            satellites().forEach(this::cycleEvent);
        }
        isIdle = false;
    }

    private void passTime(Duration time) {
        databases.values().forEach(database -> database.moveClock(time.toNanos() / 1_000));
    }

    private void retryAtCentral() {
        try {
            trace.add("tried again at central: " + central.retryDue());
        } catch (SyncException | MemoryDatabase.Broken e) {
            trace.add("trying again broke: " + e.getMessage());
        }
    }

    /// From now on every database takes what it has refused.
    void mend() {
        isMended = true;
    }

    /// Somebody at a clinic imports a patient, or lets one go.
    private void wish(InstanceId id) {
        List<RecordKey> known = living(InstanceId.CENTRAL, PATIENT);
        if (known.isEmpty()) {
            return;
        }
        RecordKey key = known.get(random.nextInt(known.size()));
        boolean isImport = random.nextBoolean();
        trace.add(id + (isImport ? " imports " : " releases ") + key);
        CentralStore store = database(InstanceId.CENTRAL).asCentral();
        try {
            store.inTransaction(transaction ->
                    isImport
                            ? transaction.pin(
                                    models.shape(PATIENT),
                                    id,
                                    new PinRequest(
                                            List.of(key.uid()), "comes today", Optional.empty()))
                            : transaction.release(models.shape(PATIENT), id, List.of(key.uid())));
        } catch (MemoryDatabase.Broken e) {
            trace.add("which broke");
        }
    }

    private void runOne(List<? extends Runnable> waiting) {
        if (!waiting.isEmpty()) {
            waiting.remove(random.nextInt(waiting.size())).run();
        }
    }

    private void applicationEvent() {
        InstanceId id = new InstanceId(random.nextInt(databases.size()));
        if (!id.equals(InstanceId.CENTRAL)) {
            database(id).write(application -> writeSomething(id, application));
        } else if (random.nextInt(3) == 0) {
            long number = database(id).beginLate();
            openWrites.add(() ->
                    database(id)
                            .commitLate(number, application -> writeSomething(id, application)));
        } else if (random.nextInt(3) == 0) {
            runOne(openWrites);
        } else {
            database(id).write(application -> writeSomething(id, application));
        }
    }

    private void writeSomething(InstanceId id, MemoryApplication application) {
        var writer = new WorldWriter(this, id, application, random);
        trace.add(writer.writeSomething());
    }

    /// A text that was never written before; now and then one that databases refuse.
    String newText() {
        texts++;
        return perMille > 0 && random.nextInt(60) == 0 ? REFUSED : "text " + texts;
    }

    private void cycleEvent(InstanceId id) {
        try {
            Cycle cycle = Objects.requireNonNull(cycles.get(id));
            Greeting greeting = cycle.begin(0);
            Cycle.Sum sum = cycle.run(greeting, EnumSet.allOf(Cycle.Work.class));
            trace.add("cycle of " + id + ": " + sum);
        } catch (SyncException e) {
            trace.add("cycle of " + id + " broke: " + e.getMessage());
            misfortunes.heal(id, Objects.requireNonNull(cycles.get(id)), e);
        } catch (MemoryDatabase.Broken e) {
            trace.add("cycle of " + id + " broke: " + e.getMessage());
        }
    }

    /// Makes a backup of each database; central's application ends its transactions first.
    Map<InstanceId, MemoryDatabase.Backup> backups() {
        while (!openWrites.isEmpty()) {
            runOne(openWrites);
        }
        var backups = new TreeMap<InstanceId, MemoryDatabase.Backup>();
        databases.forEach((id, database) -> backups.put(id, database.backup()));
        return backups;
    }

    /// One instance's disk is lost, and an operator puts a backup back.
    void restore(InstanceId id, MemoryDatabase.Backup backup) {
        if (id.equals(InstanceId.CENTRAL)) {
            openWrites.clear();
            satellites().forEach(this::endSessions);
        }
        misfortunes.restore(id, backup);
    }

    void trace(String line) {
        trace.add(line);
    }

    /// Ends all faults and lets every instance run until nothing moves any more.
    void settle() {
        perMille = 0;
        while (!openWrites.isEmpty()) {
            runOne(openWrites);
        }
        while (!delayed.isEmpty()) {
            runOne(delayed);
        }
        for (int i = 0; i < CYCLES_MAX; i++) {
            List<String> before = fingerprint();
            passTime(Duration.ofDays(1));
            satellites().forEach(this::cycleEvent);
            retryAtCentral();
            while (central.releaseReady() > 0) {
                trace.add("released");
            }
            if (before.equals(fingerprint())) {
                return;
            }
        }
        throw new InvariantBroken("no rest after " + CYCLES_MAX + " cycles", tail());
    }

    private List<String> fingerprint() {
        return databases.values().stream().map(some -> some.committed().fingerprint()).toList();
    }

    @Override
    public String tail() {
        return "seed "
                + seed
                + "\n"
                + String.join(
                        "\n",
                        trace.subList(
                                Math.max(0, trace.size() - Integer.getInteger("trace", 50)),
                                trace.size()));
    }

    /// @param what does not hold
    void require(boolean holds, Supplier<String> what) {
        if (!holds) {
            throw new InvariantBroken(what.get(), tail());
        }
    }

    /// Checks what must hold at rest.
    void assertAllIsWell() {
        new WorldCheck(this).run();
    }

    /// Returns what verifies one instance against central, values included.
    Verification verification(InstanceId id) {
        var link = new FaultyLink(id, new WatchedCentral(central, entitlement), this);
        return new Verification(
                database(id).asSatellite(), link, models, Aside.AT_ONCE, () -> cycleToTheEnd(id));
    }

    private void cycleToTheEnd(InstanceId id) {
        cycleEvent(id);
        Cycle cycle = Objects.requireNonNull(cycles.get(id));
        cycle.passBy(() -> cycle.begin(0));
    }

    /// Compares all models of one instance with central, values included.
    List<Comparison> compare(InstanceId id) {
        return verification(id).compare(order(), true);
    }

    /// Checks that instances find no damage where there is none.
    void assertVerified() {
        for (InstanceId id : satellites()) {
            for (Comparison comparison : compare(id)) {
                require(comparison.damage().isEmpty(), () -> comparison + " at " + id);
            }
        }
    }

    /// Checks that no database refuses a record any more.
    void assertNothingIsRefused() {
        new WorldCheck(this).assertNothingIsRefused();
    }

    /// Returns the keys of a model's living records on an instance, in order.
    List<RecordKey> living(InstanceId id, String model) {
        var keys = new ArrayList<RecordKey>();
        database(id)
                .committed()
                .rows
                .of(model)
                .forEach((key, row) -> {
                    if (!row.isGone()) {
                        keys.add(key);
                    }
                });
        return Collections.unmodifiableList(keys);
    }

    @Override
    public CentralModels models() {
        return models;
    }

    @Override
    public Definition definition() {
        return entitlement.of(committed(InstanceId.CENTRAL));
    }

    @Override
    public MemoryState committed(InstanceId id) {
        return database(id).committed();
    }

    @Override
    public Map<InstanceId, Map<String, String>> written() {
        return written;
    }

    void noteWritten(InstanceId id, RecordKey key, Fields fields) {
        for (String name : List.of("note", "other")) {
            String value = fields.get(name);
            if (value != null) {
                Objects.requireNonNull(written.get(id)).put(key + "/" + name, value);
            }
        }
    }

    /// Who deletes a record gives up what he wrote into it.
    void noteDeleted(InstanceId id, RecordKey key) {
        Objects.requireNonNull(written.get(id))
                .keySet()
                .removeIf(place -> place.startsWith(key + "/"));
    }
}
