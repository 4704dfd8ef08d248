package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How much memory the programs take: both run as an administrator runs them, bring a clinic's
/// records to central, exchange some updates, and then have nothing to do but a cycle every two
/// seconds. They get some time to come to rest.
final class ResidentMemory implements Case {

    private static final String SATELLITE = "memory_satellite";
    private static final String CENTRAL = "memory_central";
    private static final Duration WAIT_MAX = Duration.ofMinutes(30);
    private static final int REST_TIMES = 3;
    private static final int UPDATES = 5;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Result measure(Bench bench) throws IOException, SQLException, InterruptedException {
        Servers servers = bench.servers();
        servers.satellite().create(SATELLITE, Clinic.EMPTY);
        servers.central().create(CENTRAL, Clinic.EMPTY);
        Clinic.fill(servers.satellite(), SATELLITE, bench.size().uploaded());
        Result result;
        try (Pair pair = Pair.install(servers, CENTRAL, SATELLITE, Clinic.text("plan.toml"))) {
            pair.closePrograms();
            try (Program central =
                            Program.serveCentral(pair.centralSettings(), pair.centralPort());
                    Program satellite = Program.start(pair.satelliteSettings(), "serve")) {
                work(bench, pair);
                result = watch(bench, central, satellite);
            }
            pair.verify();
        }
        servers.satellite().drop(SATELLITE);
        servers.central().drop(CENTRAL);
        return result;
    }

    private static void work(Bench bench, Pair pair) throws SQLException, InterruptedException {
        Servers servers = bench.servers();
        bench.progress().say("memory: first exchange by the running programs ...");
        String rows = "select count(*) from gnuhealth_patient_evaluation";
        String all = servers.satellite().value(SATELLITE, rows);
        Waiting.until(WAIT_MAX, () -> servers.central().value(CENTRAL, rows).equals(all));
        for (int i = 1; i <= UPDATES; i++) {
            String word = "'seen again, %d'".formatted(i);
            servers.satellite()
                    .run(
                            SATELLITE,
                            """
                            update gnuhealth_patient_evaluation set chief_complaint = %s
                            where id <= %d
                            """
                                    .formatted(word, bench.size().updated()));
            Waiting.until(
                    WAIT_MAX,
                    () ->
                            servers.central()
                                    .value(
                                            CENTRAL,
                                            "select count(*) from gnuhealth_patient_evaluation where chief_complaint = "
                                                    + word)
                                    .equals(Integer.toString(bench.size().updated())));
        }
        Waiting.until(WAIT_MAX, pair::isInStep);
    }

    private Result watch(Bench bench, Program central, Program satellite)
            throws IOException, InterruptedException {
        bench.progress().say("memory: watching the idle programs ...");
        int seconds = bench.size().idleSeconds();
        Thread.sleep(1_000L * REST_TIMES * seconds);
        double cpuOfCentral = central.cpuSeconds();
        double cpuOfSatellite = satellite.cpuSeconds();
        Thread.sleep(seconds * 1_000L);
        central.requireAlive();
        satellite.requireAlive();
        var table = new Table("", "resident MB", "CPU ms a second, idle");
        table.add(
                "a satellite's `serve`",
                Text.megabytes(satellite.residentBytes()),
                Text.milliseconds(1_000 * (satellite.cpuSeconds() - cpuOfSatellite) / seconds));
        table.add(
                "central's `serve`",
                Text.megabytes(central.residentBytes()),
                Text.milliseconds(1_000 * (central.cpuSeconds() - cpuOfCentral) / seconds));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rss_mb", Text.rounded(satellite.residentBytes() / 1e6));
        figures.put("central_rss_mb", Text.rounded(central.residentBytes() / 1e6));
        return new Result(
                name(),
                "programs in steady state after %,d records, a cycle every two seconds"
                        .formatted(bench.size().uploaded()),
                table,
                figures);
    }
}
