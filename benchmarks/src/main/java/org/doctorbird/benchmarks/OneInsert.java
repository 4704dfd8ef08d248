package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.doctorbird.app.satellite.Satellite;

/// W5: how long after its commit one insert is visible at the other side.
///
/// Doctorbird's satellite works promptly, and notices the commit by itself. Between two inserts are
/// pauses of random length, so that they meet whoever looks for them at any moment.
final class OneInsert implements Case {

    private static final Duration WAIT_MAX = Duration.ofMinutes(1);
    private static final int PAUSE_MIN_MS = 10;
    private static final int PAUSE_MAX_MS = 40;
    private static final String DOWN = Way.DOCTORBIRD + ", from central to the clinic";

    /// Of the names of figures, by way.
    private static final Map<String, String> PREFIXES =
            Map.of(Way.DOCTORBIRD, "", DOWN, "down_", Way.REPLICATION, "replication_");

    private final RandomGenerator random = new SplittableRandom(5);
    private int number;

    @Override
    public String name() {
        return "W5";
    }

    /// What happens between a commit and the moment when its insert is visible.
    private interface Once {
        /// @param code of the row that was inserted
        void await(String code) throws SQLException, InterruptedException;
    }

    @Override
    public Result measure(Bench bench) throws IOException, SQLException, InterruptedException {
        Servers servers = bench.servers();
        Stores.Synchronised ours = bench.stores().synchronised();
        Replication replication = bench.stores().replication();
        String copy = bench.stores().copy();
        Map<String, List<Double>> taken = new LinkedHashMap<>();
        try (Satellite _ = ours.pair().servePromptly(Pair.LOGIN);
                Connection direct = servers.central().connect(copy);
                Connection publisher = servers.satellite().connect(replication.from());
                Connection subscriber = servers.central().connect(replication.to());
                Connection clinic = servers.satellite().connect(ours.pair().satelliteDatabase());
                Connection central = servers.central().connect(ours.pair().centralDatabase())) {
            var ways = new LinkedHashMap<String, Once>();
            ways.put("written and read at the same place", code -> await(direct, code));
            ways.put(Way.REPLICATION, code -> await(subscriber, code));
            ways.put(Way.DOCTORBIRD, code -> await(central, code));
            ways.put(DOWN, code -> await(clinic, code));
            Map<String, Connection> writers =
                    Map.of(Way.REPLICATION, publisher, Way.DOCTORBIRD, clinic, DOWN, central);
            for (int round = 1 - bench.size().warmUps(); round <= bench.rounds(); round++) {
                for (var way : ways.entrySet()) {
                    Connection writer = writers.getOrDefault(way.getKey(), direct);
                    List<Double> some = repeat(bench, writer, way.getValue());
                    if (round > 0) {
                        taken.computeIfAbsent(way.getKey(), _ -> new ArrayList<>()).addAll(some);
                    }
                }
                bench.progress()
                        .say("W5, %s done".formatted(round == 0 ? "warm-up" : "round " + round));
            }
        }
        // The last receipts go out, too.
        var _ = Pair.cycle(ours.satellite());
        var _ = Pair.cycle(ours.satellite());
        ours.pair().verify();
        Proof.sameRows(
                servers.satellite(), replication.from(), servers.central(), replication.to());
        return result(bench, taken);
    }

    private List<Double> repeat(Bench bench, Connection writer, Once once)
            throws SQLException, InterruptedException {
        var milliseconds = new ArrayList<Double>();
        for (int i = 0; i < Math.max(1, bench.size().prompts() / bench.rounds()); i++) {
            Thread.sleep(random.nextInt(PAUSE_MIN_MS, PAUSE_MAX_MS));
            String code = "W5-" + ++number;
            try (Statement insert = writer.createStatement()) {
                insert.execute(insert(code));
            }
            long start = System.nanoTime();
            once.await(code);
            milliseconds.add((System.nanoTime() - start) / 1e6);
        }
        return milliseconds;
    }

    private static String insert(String code) {
        return """
        insert into party_party (uuid, name, lastname, code, sex, site, create_date, create_uid)
        values (gen_random_uuid(), 'Winsome', 'Grant', '%s', 'f', 1, localtimestamp, 2)
        """
                .formatted(code);
    }

    private static void await(Connection reader, String code)
            throws SQLException, InterruptedException {
        String query = "select exists (select from party_party where code = '%s')".formatted(code);
        Waiting.until(WAIT_MAX, () -> Server.value(reader, query).equals("t"));
    }

    private Result result(Bench bench, Map<String, List<Double>> taken) {
        var table = new Table("", "p50 ms", "p99 ms", "largest ms", "inserts");
        Map<String, Object> figures = new LinkedHashMap<>();
        taken.forEach((way, some) -> {
            double[] all = some.stream().mapToDouble(Double::doubleValue).toArray();
            double middle = Median.percentile(all, 50);
            double late = Median.percentile(all, 99);
            table.add(
                    way,
                    Text.milliseconds(middle),
                    Text.milliseconds(late),
                    Text.milliseconds(Median.percentile(all, 100)),
                    Integer.toString(all.length));
            String prefix = PREFIXES.get(way);
            if (prefix != null) {
                figures.put(prefix + "p50_ms", Text.rounded(middle));
                figures.put(prefix + "p99_ms", Text.rounded(late));
            }
        });
        figures.put("records", bench.size().stored());
        return new Result(
                name(),
                "one insert visible at central, %,d records in step"
                        .formatted(bench.size().stored()),
                table,
                figures);
    }
}
