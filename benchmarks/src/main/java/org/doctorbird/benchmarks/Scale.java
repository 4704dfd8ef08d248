package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// Many satellites at one central, which is two programs on one database: first each does its
/// ordinary work; then one of them brings a whole clinic's records besides; then one of central's
/// programs is killed. They have no databases: this case loads central.
final class Scale implements Case {

    private static final int CYCLES_A_SECOND = 25;
    private static final int RECORDS_A_CYCLE = 5;
    private static final int HEAVY_BATCH_MAX = 500;

    /// More than central lets one satellite do at one time.
    private static final int HEAVY_THREADS = 8;

    private static final int WRITES_A_SECOND = 25;
    private static final Duration CATCH_UP_MAX = Duration.ofMinutes(5);

    private final ScaleAct calm = new ScaleAct("ordinary work");
    private final ScaleAct heavy = new ScaleAct("one brings a clinic's records");
    private final ScaleAct killed = new ScaleAct("one of central's programs was killed");
    private volatile ScaleAct current = calm;
    private volatile boolean isOver;
    private final AtomicLong heavyLeft = new AtomicLong();
    private int heavyBatch;
    private double catchUpSeconds;

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public Result measure(Bench bench) throws IOException, SQLException, InterruptedException {
        int satellites = bench.size().satellites();
        heavyLeft.set(bench.size().uploaded());
        heavyBatch = Math.min(HEAVY_BATCH_MAX, bench.size().uploaded() / HEAVY_THREADS);
        Progress progress = bench.progress();
        progress.say("scale: %d satellites log in ...".formatted(satellites));
        try (var clinics = new ManyClinics(bench.servers(), satellites);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<SimulatedSatellite> all = new ArrayList<>();
            for (int number = 1; number <= satellites; number++) {
                all.add(clinics.satellite(number));
            }
            try {
                awaitAll(start(threads, all, this::oneCycle));
                progress.say(
                        "scale: they exchange for %d s ...".formatted(bench.size().scaleSeconds()));
                Future<Long> application = threads.submit(() -> writeAtCentral(clinics));
                var working = start(threads, all, satellite -> work(satellite, satellites));
                Duration act = Duration.ofSeconds(bench.size().scaleSeconds()).dividedBy(3);
                long byHeavy = play(threads, clinics, act);
                long written = awaitOne(application);
                awaitAll(working);
                catchUpSeconds = catchUp(threads, all, written);
                prove(clinics, all, byHeavy, written);
            } finally {
                isOver = true;
                all.forEach(SimulatedSatellite::close);
            }
        }
        return result(satellites, bench.size().scaleSeconds());
    }

    /// What one satellite does.
    private interface Deed {
        void of(SimulatedSatellite satellite) throws InterruptedException;
    }

    private static List<Future<Boolean>> start(
            ExecutorService threads, List<SimulatedSatellite> all, Deed deed) {
        var started = new ArrayList<Future<Boolean>>();
        for (SimulatedSatellite satellite : all) {
            started.add(
                    threads.submit(() -> {
                        deed.of(satellite);
                        return true;
                    }));
        }
        return started;
    }

    private static void awaitAll(List<Future<Boolean>> started) throws InterruptedException {
        for (Future<Boolean> one : started) {
            var _ = awaitOne(one);
        }
    }

    private static <T> T awaitOne(Future<T> one) throws InterruptedException {
        try {
            return one.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a satellite failed", e.getCause());
        }
    }

    /// Plays the three acts.
    ///
    /// @return how many records the heavy satellite has brought
    private long play(ExecutorService threads, ManyClinics clinics, Duration act)
            throws IOException, InterruptedException {
        endAfter(calm, act, clinics);
        current = heavy;
        List<Future<Long>> pushing = new ArrayList<>();
        for (int i = 0; i < HEAVY_THREADS; i++) {
            pushing.add(threads.submit(() -> bringAll(clinics.satellite(1))));
        }
        endAfter(heavy, act, clinics);
        current = killed;
        long byHeavy = 0;
        for (Future<Long> one : pushing) {
            byHeavy += awaitOne(one);
        }
        clinics.killOne();
        endAfter(killed, act, clinics);
        isOver = true;
        return byHeavy;
    }

    private static void endAfter(ScaleAct act, Duration length, ManyClinics clinics)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        Thread.sleep(length);
        act.end(Duration.ofNanos(System.nanoTime() - start), clinics.survivor());
    }

    private void oneCycle(SimulatedSatellite satellite) throws InterruptedException {
        again(() -> satellite.cycle(_ -> {}));
    }

    /// One cycle after the other, each at its time, or at once if that is over.
    private void work(SimulatedSatellite satellite, int satellites) throws InterruptedException {
        long pause = TimeUnit.SECONDS.toNanos(satellites) / CYCLES_A_SECOND;
        long next = System.nanoTime() + ThreadLocalRandom.current().nextLong(pause);
        while (!isOver) {
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            ScaleAct act = current;
            long start = System.nanoTime();
            satellite.write(RECORDS_A_CYCLE);
            again(() -> satellite.cycle(nanos -> current.arrived(nanos)));
            act.cycleDone(System.nanoTime() - start, RECORDS_A_CYCLE);
            next = Math.max(next + pause, System.nanoTime());
        }
    }

    private long bringAll(SimulatedSatellite satellite) throws InterruptedException {
        try (satellite) {
            while (heavyLeft.addAndGet(-heavyBatch) >= 0) {
                satellite.write(heavyBatch);
                again(satellite::push);
                heavy.heavyPushed(heavyBatch);
            }
            return satellite.pushed();
        }
    }

    /// As a real satellite does: what central does not answer is asked again.
    private void again(Runnable call) throws InterruptedException {
        while (true) {
            try {
                call.run();
                return;
            } catch (SyncException e) {
                if (e.code().action() != ErrorCode.Action.RETRY) {
                    throw e;
                }
                current.refused();
                Thread.sleep(ThreadLocalRandom.current().nextInt(200, 1_000));
            }
        }
    }

    /// Central's application writes for one clinic after the other.
    ///
    /// @return how many records
    private long writeAtCentral(ManyClinics clinics) throws SQLException, InterruptedException {
        long written = 0;
        try (Connection connection = clinics.connect();
                PreparedStatement insert =
                        connection.prepareStatement(
                                """
                                insert into visit (clinic, note)
                                select (i.attributes ->> 'clinic'), ?
                                from doctorbird.engine_instance i where i.id =
                                  1 + ? % (select count(*) from doctorbird.engine_instance where id > 0)
                                """)) {
            while (!isOver) {
                insert.setString(1, SimulatedSatellite.BY_CENTRAL + System.nanoTime());
                insert.setLong(2, written);
                written += insert.executeUpdate();
                Thread.sleep(1_000 / WRITES_A_SECOND);
            }
        }
        return written;
    }

    /// Everybody runs cycles until what central's application wrote last has come.
    ///
    /// @param written how many records that is for all together
    /// @return the seconds it took
    private double catchUp(ExecutorService threads, List<SimulatedSatellite> all, long written)
            throws InterruptedException {
        long start = System.nanoTime();
        long end = start + CATCH_UP_MAX.toNanos();
        while (received(all) < written && System.nanoTime() < end) {
            awaitAll(start(threads, all, this::oneCycle));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static long received(List<SimulatedSatellite> all) {
        return all.stream().mapToLong(SimulatedSatellite::received).sum();
    }

    private static void prove(
            ManyClinics clinics, List<SimulatedSatellite> all, long byHeavy, long written)
            throws SQLException {
        Proof.equal(
                "records of satellites at central",
                byHeavy + all.stream().mapToLong(SimulatedSatellite::pushed).sum(),
                clinics.records("satellite"));
        Proof.equal("records of central's application", written, clinics.records("central"));
        Proof.equal("records of central's application at satellites", written, received(all));
    }

    private Result result(int satellites, int seconds) {
        List<ScaleAct> acts = List.of(calm, heavy, killed);
        Table table = ScaleAct.table();
        acts.forEach(act -> act.addTo(table));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("satellites", satellites);
        figures.put("records_a_second", Text.rounded(calm.records() / calm.seconds()));
        figures.put("cycle_p99_ms", Text.rounded(calm.cycleMilliseconds(99)));
        figures.put("heavy_cycle_p99_ms", Text.rounded(heavy.cycleMilliseconds(99)));
        figures.put("lag_p99_seconds", Text.rounded(calm.lagSeconds(99)));
        figures.put("killed_lag_p99_seconds", Text.rounded(killed.lagSeconds(99)));
        figures.put("catch_up_seconds", Text.rounded(catchUpSeconds));
        figures.put("rss_mb", Text.rounded(calm.residentMegabytes()));
        figures.put("last_rss_mb", Text.rounded(killed.residentMegabytes()));
        figures.put("heap_mb", Text.rounded(calm.heapMegabytes()));
        figures.put("last_heap_mb", Text.rounded(killed.heapMegabytes()));
        return new Result(
                name(),
                "%d satellites at two programs of central, %d s; each begins a cycle every %.1f s; all is everywhere %.1f s after the end"
                        .formatted(
                                satellites,
                                seconds,
                                (double) satellites / CYCLES_A_SECOND,
                                catchUpSeconds),
                table,
                figures);
    }
}
