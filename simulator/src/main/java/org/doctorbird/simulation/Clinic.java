package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.codec.RemoteLink;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.InstanceId;
import org.jspecify.annotations.Nullable;

/// A clinic of a region: its database, its line, and the program that runs a cycle every few
/// minutes while there is power.
final class Clinic {

    /// When another worker takes over from one that stands still.
    private static final long LEASE_MICROS = 600_000_000;

    private static final long OPERATOR_MICROS = 2 * 3_600_000_000L;

    private static final Set<ErrorCode> AFTER_MISFORTUNES =
            Set.of(
                    ErrorCode.SATELLITE_BEHIND,
                    ErrorCode.SATELLITE_COPIED,
                    ErrorCode.INSTANCE_TAKEN);

    private final Region region;
    private final InstanceId id;
    private final MemoryDatabase database;
    private final Line line;
    private final SimulatedLine carrier;
    private final Link link;
    private final List<Agenda.Actor> processes = new ArrayList<>();
    private CentralModels models;
    private Cycle cycle;
    private SplittableRandom chance = new SplittableRandom(0);
    private CycleFault planned = CycleFault.NONE;
    private Quiet quiet = Quiet.NOT;
    private Idle idle = Idle.UNKNOWN;
    private long cycles;
    private long messages;
    private long transactions;
    private long session;
    private long started;
    private int cuts;
    private int outages;
    private int fullDisks;
    private boolean isStandingStill;
    private boolean isOlder;
    private @Nullable FirstLoad firstLoad;
    private long firstBegin = -1;
    private Wire.Message lastUp = Wire.Message.NONE;
    private Wire.Message lastDown = Wire.Message.NONE;

    /// How the first load went.
    ///
    /// @param micros from the first request to the end of the cycle
    record FirstLoad(int day, long micros, long bytes, long records) {}

    /// What will go wrong in a cycle.
    ///
    /// @param at in which message, or in which transaction
    record CycleFault(@Nullable Fault fault, int at) {
        static final CycleFault NONE = new CycleFault(null, 0);
    }

    /// The bytes of a cycle that does nothing.
    private record Idle(long up, long down, long xmlUp, long xmlDown) {
        static final Idle UNKNOWN = new Idle(0, 0, 0, 0);

        static Idle of(Wire.Message up, Wire.Message down) {
            return new Idle(
                    up.bytes().length + Traffic.OVERHEAD_BYTES,
                    down.bytes().length + Traffic.OVERHEAD_BYTES,
                    up.xmlBytes() + Traffic.OVERHEAD_BYTES,
                    down.xmlBytes() + Traffic.OVERHEAD_BYTES);
        }
    }

    /// After this cycle there was nothing left to do.
    ///
    /// @param seen everything below this transaction was given
    private record Quiet(@Nullable MemoryState state, long seen, long conflicts) {
        static final Quiet NOT = new Quiet(null, 0, 0);
    }

    Clinic(Region region, InstanceId id, MemoryDatabase database, Line line) {
        this.region = region;
        this.id = id;
        this.database = database;
        this.line = line;
        this.carrier = new SimulatedLine(region, this);
        this.link = new RemoteLink(carrier, model -> region.models().shape(model));
        this.models = region.models();
        this.cycle = newCycle(database);
        database.breakBy(this::breaking);
    }

    private Cycle newCycle(MemoryDatabase some) {
        return some.cycle(link, models, RegionPlan.ORDER, Aside.AT_ONCE);
    }

    InstanceId id() {
        return id;
    }

    Line line() {
        return line;
    }

    Link link() {
        return link;
    }

    MemoryDatabase database() {
        return database;
    }

    SplittableRandom chance() {
        return chance;
    }

    long session() {
        return session;
    }

    /// What is still under way is refused, and central has to be asked for news.
    void endSession() {
        session++;
        quiet = Quiet.NOT;
    }

    boolean isOlder() {
        return isOlder;
    }

    void setOlder(boolean older) {
        isOlder = older;
        idle = Idle.UNKNOWN;
    }

    @Nullable FirstLoad firstLoad() {
        return firstLoad;
    }

    /// Names the next message; what happens to it depends on that.
    String nextMessage() {
        messages++;
        return id + "/" + cycles + "/" + messages;
    }

    // What works.

    boolean hasPower() {
        return cuts == 0;
    }

    boolean isReachable() {
        return outages == 0 && hasPower();
    }

    boolean canWrite() {
        return hasPower() && fullDisks == 0;
    }

    void cutPower() {
        cuts++;
        noteTrouble();
        killAll();
    }

    void restorePower() {
        noteTrouble();
        cuts--;
    }

    void beginOutage() {
        outages++;
        noteTrouble();
    }

    void endOutage() {
        noteTrouble();
        outages--;
    }

    void fillDisk() {
        fullDisks++;
    }

    void clearDisk() {
        fullDisks--;
    }

    /// Notes that central cannot be reached now, if that is so.
    void noteTrouble() {
        if (!isReachable() || !region.isCentralUp()) {
            region.lags().noteTrouble(id);
        }
    }

    void killAll() {
        processes.removeIf(Agenda.Actor::isOver);
        processes.forEach(region.agenda()::kill);
        processes.clear();
        isStandingStill = false;
    }

    // Cycles.

    /// It is time for a cycle.
    void tick() {
        noteTrouble();
        if (!hasPower()) {
            return;
        }
        processes.removeIf(Agenda.Actor::isOver);
        boolean isTakenOver = isStandingStill && region.agenda().now() - started > LEASE_MICROS;
        if (!processes.isEmpty() && !isTakenOver) {
            return;
        }
        cycles++;
        messages = 0;
        transactions = 0;
        chance = region.faults().chance("cycle", id.number(), cycles);
        planned = region.isQuiet() ? CycleFault.NONE : plan(chance);
        if (region.countsIdleCycles() && idle.up() > 0 && isIdle()) {
            countIdle();
            return;
        }
        moveForward();
        chance = region.faults().chance("messages", id.number(), cycles);
        started = region.agenda().now();
        start(this::run);
    }

    void start(Runnable work) {
        processes.add(region.agenda().start(work));
    }

    private CycleFault plan(SplittableRandom some) {
        Profile profile = region.profile();
        double cyclesAYear = 365 * 24 * 60 / profile.value("cycle_minutes");
        double place = some.nextDouble();
        place -= profile.value("broken_cycles_per_mille") / 1_000;
        if (place < 0) {
            return new CycleFault(
                    some.nextBoolean() ? Fault.BROKEN : Fault.LOST_COMMIT, some.nextInt(1, 12));
        }
        place -= profile.value("crashes_a_year") / cyclesAYear;
        if (place < 0) {
            return new CycleFault(Fault.CRASH, some.nextInt(1, 6));
        }
        place -= profile.value("paused_workers_a_year") / cyclesAYear;
        return place < 0 ? new CycleFault(Fault.PAUSED, some.nextInt(1, 6)) : CycleFault.NONE;
    }

    /// Says whether a cycle would do nothing but greet: nothing is left here, central has nothing
    /// to give or to tell, and the greeting arrives.
    private boolean isIdle() {
        boolean isUndisturbed =
                quiet.state() == database.committed()
                        && planned.fault() == null
                        && isReachable()
                        && region.isCentralUp()
                        && models == region.models()
                        && quiet.conflicts() == region.conflictsStamp();
        if (!isUndisturbed
                || carrier.draw(region.faults().chance("messages", id.number(), cycles)) != null) {
            return false;
        }
        long horizon = region.horizonIfNothingIsGiven(id, quiet.seen());
        if (horizon < 0) {
            return false;
        }
        quiet = new Quiet(quiet.state(), horizon, quiet.conflicts());
        return true;
    }

    /// Moves the places in the feeds to where the greetings of the counted cycles would have moved
    /// them.
    private void moveForward() {
        if (quiet.seen() == 0) {
            return;
        }
        var end = new Cursor(quiet.seen() - 1, UidRange.ALL.last());
        database.administer(state -> {
            for (String model : models.givenNames()) {
                for (Feed feed : Feed.values()) {
                    String place = MemoryState.place(model, feed);
                    if (end.compareTo(state.cursors.getOrDefault(place, Cursor.START)) > 0) {
                        state.cursors.put(place, end);
                    }
                }
            }
        });
    }

    private void countIdle() {
        region.countIdle();
        Traffic.Day day = today();
        day.requests++;
        day.up += idle.up();
        day.down += idle.down();
        day.xmlUp += idle.xmlUp();
        day.xmlDown += idle.xmlDown();
    }

    private void run() {
        if (firstBegin < 0) {
            firstBegin = region.agenda().now();
        }
        try {
            Greeting greeting = cycle.begin(region.agenda().now());
            if (!greeting.planVersion().equals(models.version())) {
                var _ = link.plan();
                models = region.models();
                cycle = newCycle(database);
                greeting = cycle.begin(region.agenda().now());
            }
            Cycle.Sum sum = cycle.run(greeting, EnumSet.allOf(Cycle.Work.class));
            ended(greeting, sum);
            if (messages == 1) {
                idle = Idle.of(lastUp, lastDown);
            }
        } catch (SyncException e) {
            region.trace("cycle of " + id + " broke: " + e.getMessage());
            heal(e);
        } catch (MemoryDatabase.Broken e) {
            region.trace("cycle of " + id + " broke");
        }
    }

    private void ended(Greeting greeting, Cycle.Sum sum) {
        region.noteCycle(this, sum);
        MemoryState state = database.committed();
        quiet =
                isNothingLeft(state)
                        ? new Quiet(state, greeting.horizon(), region.conflictsStamp())
                        : Quiet.NOT;
        if (firstLoad == null) {
            int day = region.day();
            long bytes = 0;
            for (int i = 0; i <= day; i++) {
                bytes += region.traffic().day(id, i).up + region.traffic().day(id, i).down;
            }
            firstLoad =
                    new FirstLoad(
                            day, region.agenda().now() - firstBegin, bytes, state.rows.size());
            region.lags().noteLoaded(id);
        }
    }

    private static boolean isNothingLeft(MemoryState state) {
        return state.rows.pending().isEmpty()
                && state.receipts.values().stream().allMatch(List::isEmpty)
                && state.withdrawals.isEmpty()
                && state.parked.isEmpty()
                && state.quarantined.isEmpty()
                && state.presenting.isEmpty();
    }

    /// An operator reads the message and does what it says.
    private void heal(SyncException refusal) {
        if (AFTER_MISFORTUNES.contains(refusal.code())) {
            region.require(region.isRestored(id), () -> String.valueOf(refusal.getMessage()));
            region.agenda().pause(OPERATOR_MICROS);
            try {
                cycle.resync();
                endSession();
                region.trace("resync of " + id);
            } catch (SyncException | MemoryDatabase.Broken e) {
                region.trace("resync of " + id + " broke: " + e.getMessage());
            }
        } else if (refusal.code() == ErrorCode.CENTRAL_BEHIND) {
            region.require(
                    region.isRestored(InstanceId.CENTRAL),
                    () -> String.valueOf(refusal.getMessage()));
            region.agenda().pause(OPERATOR_MICROS);
            region.beginEpoch();
        }
    }

    // What goes wrong.

    /// Called at each end of a wait: here the program may be killed, or stand still.
    void mayDie() {
        boolean isDue = planned.at() == messages;
        if (isDue && planned.fault() == Fault.CRASH) {
            planned = CycleFault.NONE;
            if (region.faults().happens(Fault.CRASH, occasion())) {
                throw new Agenda.Killed();
            }
        }
        if (isDue && planned.fault() == Fault.PAUSED) {
            planned = CycleFault.NONE;
            if (region.faults().happens(Fault.PAUSED, occasion())) {
                isStandingStill = true;
                region.agenda().pause(3 * LEASE_MICROS);
                isStandingStill = false;
            }
        }
    }

    private String occasion() {
        return id + "/" + cycles;
    }

    private MemoryDatabase.Break breaking() {
        if (fullDisks > 0) {
            return MemoryDatabase.Break.DISK_FULL;
        }
        return breakingAtCentral();
    }

    /// Says what happens to a transaction of this clinic, or to one of central for this clinic.
    MemoryDatabase.Break breakingAtCentral() {
        transactions++;
        Fault fault = planned.fault();
        boolean isOfTransactions = fault == Fault.BROKEN || fault == Fault.LOST_COMMIT;
        if (fault == null || !isOfTransactions || planned.at() != transactions) {
            return MemoryDatabase.Break.NONE;
        }
        planned = CycleFault.NONE;
        if (!region.faults().happens(fault, occasion())) {
            return MemoryDatabase.Break.NONE;
        }
        return fault == Fault.BROKEN
                ? MemoryDatabase.Break.BEFORE_COMMIT
                : MemoryDatabase.Break.AFTER_COMMIT;
    }

    /// The disk is lost, and a backup is put back.
    void restore(MemoryDatabase.Backup backup) {
        killAll();
        database.restore(backup);
        quiet = Quiet.NOT;
    }

    /// A copy of the database takes part once under the same login, and is switched off again.
    void copyTakesPart() {
        MemoryDatabase copy = database.fork();
        Cycle other = newCycle(copy);
        start(() -> {
            try {
                Greeting greeting = other.begin(region.agenda().now());
                var _ = other.run(greeting, EnumSet.of(Cycle.Work.PULL, Cycle.Work.NEW));
            } catch (SyncException | MemoryDatabase.Broken e) {
                region.trace("the copy of " + id + " broke: " + e.getMessage());
            }
        });
    }

    // Bytes.

    private Traffic.Day today() {
        return region.traffic().day(id, region.day());
    }

    void countUp(Wire.Message message) {
        lastUp = message;
        Traffic.Day day = today();
        day.requests++;
        day.up += message.bytes().length + Traffic.OVERHEAD_BYTES;
        day.xmlUp += message.xmlBytes() + Traffic.OVERHEAD_BYTES;
    }

    void countDown(Wire.Message message) {
        lastDown = message;
        Traffic.Day day = today();
        day.down += message.bytes().length + Traffic.OVERHEAD_BYTES;
        day.xmlDown += message.xmlBytes() + Traffic.OVERHEAD_BYTES;
    }
}
