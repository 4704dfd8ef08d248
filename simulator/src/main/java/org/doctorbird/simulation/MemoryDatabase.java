package org.doctorbird.simulation;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.CentralStore;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Lease;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.SatelliteExchange;
import org.doctorbird.exchange.SatelliteStore;
import org.doctorbird.exchange.SatelliteTransaction;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.simulation.MemoryState.Snapshot;

/// One instance's database in memory: committed state, transaction numbers, a clock of its own, and
/// what it refuses.
public final class MemoryDatabase {

    /// Where a transaction may break.
    public enum Break {
        /// Nothing happens.
        NONE,
        /// The transaction is lost.
        BEFORE_COMMIT,
        /// The transaction is committed, but its end is not heard of.
        AFTER_COMMIT,
        /// The disk is full.
        DISK_FULL
    }

    private final InstanceId own;
    private LongSupplier time = () -> 0;
    private final Map<String, ModelShape> shapes;
    private final Supplier<UUID> random;
    private Predicate<Fields> accepts;
    private final TreeSet<Long> open = new TreeSet<>();
    private MemoryState state;
    private long transactions = 1;
    private long clockMicros;
    private long randoms = 1L << 32;
    private Supplier<Break> breaks = () -> Break.NONE;
    private MemoryRules rules = MemoryRules.ALL;
    private Function<String, ConflictRules> conflicts = _ -> ConflictRules.DEFAULT;
    private java.util.function.Consumer<MemoryState> watcher = _ -> {};

    /// @param own 0 for central
    /// @param shapes by model
    /// @param accepts what the database's constraints say of a record
    public MemoryDatabase(
            InstanceId own,
            Map<String, ModelShape> shapes,
            UUID incarnation,
            Predicate<Fields> accepts) {
        this.own = own;
        this.shapes = new TreeMap<>(shapes);
        this.random = () -> new UUID(incarnation.getMostSignificantBits(), ++randoms);
        this.accepts = accepts;
        this.state =
                new MemoryState(
                        own.equals(InstanceId.CENTRAL) ? "epoch" : "",
                        new Rows(this.shapes, own.equals(InstanceId.CENTRAL)));
        this.state.continuity = MemoryContinuity.NONE.withIncarnation(incarnation);
        this.clockMicros = 1_700_000_000_000_000L + own.number() * 1_000_003L;
    }

    /// Makes a database with the same content that goes its own way: without what is open, and
    /// without whatever breaks or watches this one.
    MemoryDatabase fork() {
        var fork = new MemoryDatabase(own, shapes, new UUID(8, own.number()), accepts);
        fork.state = state.copy();
        fork.transactions = transactions;
        fork.clockMicros = nowMicros();
        fork.randoms = randoms;
        fork.rules = rules;
        fork.conflicts = conflicts;
        return fork;
    }

    /// Says how much time has passed since the beginning, in microseconds.
    void timeBy(LongSupplier next) {
        time = next;
    }

    private long nowMicros() {
        return clockMicros + time.getAsLong();
    }

    /// Sets what happens at the end of each transaction.
    public void breakBy(Supplier<Break> next) {
        breaks = next;
    }

    /// Says what decides who should hold which record.
    void ruleBy(MemoryRules next) {
        rules = next;
    }

    /// Says how conflicts are settled, by model.
    void settleBy(Function<String, ConflictRules> next) {
        conflicts = next;
    }

    /// Shows every state that is committed.
    void watchBy(java.util.function.Consumer<MemoryState> next) {
        watcher = next;
    }

    private void commit(MemoryState copy) {
        state = copy;
        watcher.accept(state);
    }

    /// Moves the clock, also backwards.
    public void moveClock(long micros) {
        clockMicros += micros;
    }

    /// Takes every record from now on.
    void acceptAll() {
        accepts = _ -> true;
    }

    /// Writes into the engine's own tables.
    void administer(java.util.function.Consumer<MemoryState> work) {
        MemoryState copy = state.copy();
        work.accept(copy);
        commit(copy);
    }

    /// Takes a transaction number that stays open: the feed waits for it.
    public long beginLate() {
        long number = transactions++;
        open.add(number);
        return number;
    }

    /// Commits work under a number that was taken before.
    public void commitLate(long number, java.util.function.Consumer<MemoryApplication> work) {
        MemoryState copy = state.copy();
        work.accept(new MemoryApplication(copy, own, shapes, number, this::tick));
        commit(copy);
        open.remove(number);
    }

    /// Runs the application's own work, captured as triggers would.
    public void write(java.util.function.Consumer<MemoryApplication> work) {
        commitLate(beginLate(), work);
    }

    /// Returns central's side of this database.
    public CentralStore asCentral() {
        return new CentralStore() {
            @Override
            public <T> T inTransaction(Function<CentralTransaction, T> work) {
                return transact((copy, number) ->
                        work.apply(
                                new MemoryCentral(
                                        copy,
                                        number,
                                        new Snapshot(transactions, Set.copyOf(open)),
                                        accepts,
                                        MemoryDatabase.this::tick,
                                        rules)));
            }
        };
    }

    /// Returns a satellite's side of this database.
    public SatelliteStore asSatellite() {
        return new SatelliteStore() {
            @Override
            public <T> T inTransaction(Function<SatelliteTransaction, T> work) {
                return transact((copy, _) ->
                        work.apply(
                                new MemorySatellite(
                                        copy,
                                        shapes,
                                        accepts,
                                        random,
                                        conflicts,
                                        MemoryDatabase.this::nowMicros)));
            }
        };
    }

    /// Lets central's side look at what is committed, as a transaction that writes nothing.
    <T> T look(Function<CentralTransaction, T> work) {
        return work.apply(
                new MemoryCentral(
                        state.copy(),
                        transactions,
                        new Snapshot(transactions, Set.copyOf(open)),
                        accepts,
                        () -> new ETag(nowMicros()),
                        rules));
    }

    private interface Work<T> {
        T run(MemoryState copy, long number);
    }

    private <T> T transact(Work<T> work) {
        MemoryState copy = state.copy();
        long number = beginLate();
        try {
            T result = work.run(copy, number);
            Break happens = breaks.get();
            if (happens == Break.BEFORE_COMMIT) {
                throw new Broken();
            }
            if (happens == Break.DISK_FULL) {
                throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "the disk is full");
            }
            commit(copy);
            if (happens == Break.AFTER_COMMIT) {
                throw new Broken();
            }
            return result;
        } finally {
            open.remove(number);
        }
    }

    /// The process died, or the connection did.
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken() {
            super("broken on purpose");
        }
    }

    private ETag tick() {
        clockMicros += 7;
        return new ETag(nowMicros());
    }

    /// What a backup holds.
    ///
    /// @param next the first transaction number that was not taken
    record Backup(MemoryState state, long next) {}

    /// Makes a backup, while no transaction of the application is open.
    Backup backup() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("a transaction is open");
        }
        return new Backup(state.copy(), transactions);
    }

    /// Goes back to a backup: transaction numbers come again.
    void restore(Backup backup) {
        open.clear();
        transactions = backup.next();
        MemoryState copy = backup.state().copy();
        copy.rows.touchAll();
        commit(copy);
    }

    /// Begins a new epoch, as an operator of central does after [#restore].
    void beginEpoch() {
        administer(next -> {
            next.epoch = random.get().toString();
            MemoryReadmission.keepWaiting(next, _ -> true);
        });
    }

    /// Returns what is committed; for looking only.
    MemoryState committed() {
        return state;
    }

    /// Ends the history of versions that are a while old, but for what interest is still to be
    /// computed from.
    ///
    /// @param micros how old, by this database's clock
    void forgetHistory(long micros) {
        MemoryState copy = state.copy();
        boolean isInterestComputed = !rules.graph().restricted().isEmpty();
        copy.forgetHistory(
                new ETag(tick().micros() - micros),
                past -> isInterestComputed && !copy.collected.shows(past.transaction()));
        commit(copy);
    }

    /// Makes a satellite's cycle on this database; each piece of work is taken over from whoever
    /// had it.
    ///
    /// @param order the models, each after those that it refers to
    Cycle cycle(Link link, CentralModels models, List<String> order, Aside aside) {
        SatelliteStore store = asSatellite();
        return new Cycle(
                store,
                link,
                new SatelliteExchange(store, link, ExchangeListener.NONE),
                models,
                order,
                work -> new Lease(work, state.leases.merge(work, 1L, Long::sum)),
                aside);
    }
}
