package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.exchange.Cycle;

/// W3: what it costs to find out that nothing has changed in large stores.
final class IdleCycle implements Case {

    /// Cycles after which nothing of the case before is left to do.
    private static final int LAST_WORK = 2;

    @Override
    public String name() {
        return "W3";
    }

    @Override
    public Result measure(Bench bench) throws IOException, SQLException, InterruptedException {
        Stores.Synchronised ours = bench.stores().synchronised();
        Replication replication = bench.stores().replication();
        Cost idle = watch(bench, replication);
        warmUp(bench, ours.satellite());
        var milliseconds = new ArrayList<Double>();
        Cost all = cycles(bench, ours, milliseconds);
        ours.pair().verify();
        return result(bench, idle, all, milliseconds);
    }

    /// Watches the processes of an idle subscription, and no others.
    private static Cost watch(Bench bench, Replication replication)
            throws IOException, SQLException, InterruptedException {
        Servers servers = bench.servers();
        bench.progress().say("W3: watching an idle subscription ...");
        long sender =
                Long.parseLong(
                        servers.satellite()
                                .value(
                                        replication.from(),
                                        "select pid from pg_stat_replication where application_name = '%s'"
                                                .formatted(replication.to())));
        long receiver =
                Long.parseLong(
                        servers.central()
                                .value(
                                        replication.to(),
                                        "select pid from pg_stat_subscription where subname = '%s' and worker_type = 'apply'"
                                                .formatted(replication.to())));
        long bytes = replication.line().bytes();
        double cpuSeconds = Processes.cpuSeconds(sender) + Processes.cpuSeconds(receiver);
        Thread.sleep(bench.size().idleSeconds() * 1_000L);
        return new Cost(
                bench.size().idleSeconds(),
                Processes.cpuSeconds(sender) + Processes.cpuSeconds(receiver) - cpuSeconds,
                0,
                replication.line().bytes() - bytes,
                0,
                0);
    }

    /// Also ends what the case before has begun: its last receipts go out with the next cycle.
    private static void warmUp(Bench bench, Satellite satellite) throws SQLException {
        int cycles = Math.max(LAST_WORK, bench.size().idleCycles() * bench.size().warmUps());
        for (int i = 0; i < cycles; i++) {
            var _ = Pair.cycle(satellite);
        }
        bench.servers().settle();
    }

    /// @return what all took together
    private static Cost cycles(
            Bench bench, Stores.Synchronised ours, Collection<Double> milliseconds)
            throws IOException, SQLException {
        Meter meter = Meter.start(bench.servers(), ours.pair().line());
        for (int i = 0; i < bench.size().idleCycles(); i++) {
            long start = System.nanoTime();
            Cycle.Sum sum = Pair.cycle(ours.satellite());
            milliseconds.add((System.nanoTime() - start) / 1e6);
            Proof.equal("records of an idle cycle", new Cycle.Sum(0, 0, 0), sum);
        }
        return meter.stop();
    }

    private Result result(Bench bench, Cost idle, Cost all, Collection<Double> times) {
        double milliseconds = Median.of(times, time -> time);
        double cpuMilliseconds = 1_000 * all.cpuSeconds() / times.size();
        long requests = all.requests() / times.size();
        Proof.equal("requests of all cycles", requests * times.size(), all.requests());
        double bytes = (double) all.bytes() / times.size();
        double watched = idle.seconds();
        var table = new Table("", "requests", "bytes", "ms", "CPU ms");
        table.add(
                "Doctorbird, a cycle",
                Long.toString(requests),
                Text.number(bytes, 0),
                Text.milliseconds(milliseconds),
                Text.milliseconds(cpuMilliseconds));
        table.add(
                "PostgreSQL's logical replication, a minute",
                "",
                Text.number(60 * idle.bytes() / watched, 0),
                "",
                Text.milliseconds(60_000 * idle.cpuSeconds() / watched));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seconds", Text.rounded(milliseconds / 1_000));
        figures.put("requests", requests);
        figures.put("bytes", Math.round(bytes));
        figures.put("cpu_ms", Text.rounded(cpuMilliseconds));
        figures.put("records", bench.size().stored());
        return new Result(
                name(),
                "a cycle without changes, %,d records in step".formatted(bench.size().stored()),
                table,
                figures);
    }
}
