package org.doctorbird.simulation;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.codec.CentralMethods;
import org.doctorbird.codec.RemoteLink;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.record.InstanceId;

/// What would become of a region if from now on nobody wrote and nothing went wrong: copies of its
/// databases go on until nothing moves any more, and everything that must hold at rest is checked.
final class Rest implements CheckedWorld {

    private static final int ROUNDS_MAX = 60;
    private static final int QUIET_ROUNDS = 2;

    private final Map<InstanceId, MemoryDatabase> databases;
    private final Map<InstanceId, Cycle> cycles = new TreeMap<>();
    private final Map<InstanceId, Map<String, String>> written;
    private final CentralModels models;
    private final CentralExchange exchange;
    private final MemoryRules rules;
    private final Supplier<String> tail;
    private long moved;

    Rest(Region region) {
        this.databases = region.forks();
        this.written = new HashMap<>(region.written());
        this.models = region.models();
        this.rules = region.rules();
        this.tail = region::tail;
        MemoryDatabase central = Objects.requireNonNull(databases.get(InstanceId.CENTRAL));
        this.exchange = new CentralExchange(central.asCentral(), models, ExchangeListener.NONE);
        var methods = new CentralMethods(exchange);
        databases.forEach((id, database) -> {
            database.watchBy(state -> moved += state.rows.touched().size());
            database.settleBy(models::conflicts);
            if (!id.equals(InstanceId.CENTRAL)) {
                cycles.put(id, cycle(id, database, methods));
            }
        });
    }

    private Cycle cycle(InstanceId id, MemoryDatabase database, CentralMethods methods) {
        var link =
                new RemoteLink((method, params) -> methods.call(id, method, params), models::shape);
        return database.cycle(link, models, RegionPlan.ORDER, Aside.AT_ONCE);
    }

    /// Reaches rest and checks it.
    void check() {
        int quiet = 0;
        for (int i = 0; i < ROUNDS_MAX && quiet < QUIET_ROUNDS; i++) {
            moved = 0;
            databases
                    .values()
                    .forEach(database -> database.moveClock(Duration.ofDays(1).toNanos() / 1_000));
            cycles.forEach(this::run);
            var _ = exchange.retryDue();
            while (exchange.releaseReady() > 0) {
                moved++;
            }
            quiet = moved == 0 ? quiet + 1 : 0;
        }
        if (quiet < QUIET_ROUNDS) {
            throw new InvariantBroken("no rest after " + ROUNDS_MAX + " days", tail());
        }
        new WorldCheck(this).run();
    }

    private void run(InstanceId id, Cycle cycle) {
        try {
            Greeting greeting = cycle.begin(0);
            var _ = cycle.run(greeting, EnumSet.allOf(Cycle.Work.class));
        } catch (SyncException e) {
            moved++;
            switch (e.code()) {
                case SATELLITE_BEHIND, SATELLITE_COPIED, INSTANCE_TAKEN -> cycle.resync();
                case CENTRAL_BEHIND ->
                        Objects.requireNonNull(databases.get(InstanceId.CENTRAL)).beginEpoch();
                default -> throw new InvariantBroken(id + " is refused: " + e, tail());
            }
        }
    }

    /// Returns how many records central's database refuses.
    static long refused(MemoryState central) {
        return central.quarantined.values().stream()
                .filter(there -> there.refusal().code() == ErrorCode.RECORD_REFUSED)
                .count();
    }

    @Override
    public MemoryState committed(InstanceId id) {
        return Objects.requireNonNull(databases.get(id)).committed();
    }

    @Override
    public List<InstanceId> satellites() {
        return List.copyOf(cycles.keySet());
    }

    @Override
    public CentralModels models() {
        return models;
    }

    @Override
    public Definition definition() {
        return new Definition(rules, committed(InstanceId.CENTRAL));
    }

    @Override
    public Map<InstanceId, Map<String, String>> written() {
        return written;
    }

    @Override
    public String tail() {
        return tail.get();
    }
}
