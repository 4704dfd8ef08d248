package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Installer;

/// What the triggers of a satellite cost the application: its own writes with them against the same
/// without.
final class CaptureCost implements Case {

    private static final String PLAIN = "capture_plain";
    private static final String CAPTURED = "capture_captured";

    private static final String INSERT =
            """
            insert into party_party
              (id, uuid, name, lastname, code, sex, site, create_date, create_uid)
            values (nextval('party_party_id_seq') + 1000000000, gen_random_uuid(), 'Winsome', 'Grant', 'C' || ?, 'f', 1, localtimestamp, 2)
            """;

    private static final String UPDATE =
            """
            update party_party set lastname = 'Brown', write_date = localtimestamp, write_uid = 3
            where code = 'C' || ?
            """;

    @Override
    public String name() {
        return "capture";
    }

    /// Times in milliseconds.
    ///
    /// @param plain without triggers
    /// @param captured with them
    private record Times(List<Double> plain, List<Double> captured) {

        Times() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        double ratio() {
            return Median.of(captured, time -> time) / Median.of(plain, time -> time);
        }
    }

    @Override
    public Result measure(Bench bench) throws IOException, SQLException, InterruptedException {
        Server server = bench.servers().satellite();
        String clinic = Clinic.prepare(server, bench.size().bulk() / 8 * Clinic.GROUP);
        Map<String, Times> all = new LinkedHashMap<>();
        for (String kind : List.of("single", "update", "bulk")) {
            all.put(kind, new Times());
        }
        for (int round = 1 - bench.size().warmUps(); round <= bench.rounds(); round++) {
            create(server, clinic);
            bench.servers().settle();
            Map<String, Times> some = measure(bench, server, round % 2 == 1);
            if (round > 0) {
                some.forEach((kind, times) -> {
                    Times sum = all.getOrDefault(kind, times);
                    sum.plain().addAll(times.plain());
                    sum.captured().addAll(times.captured());
                });
            }
            bench.progress()
                    .say("capture, %s done".formatted(round == 0 ? "warm-up" : "round " + round));
        }
        drop(server);
        server.drop(clinic);
        return result(bench, all);
    }

    private static void create(Server server, String clinic) throws SQLException {
        drop(server);
        server.create(PLAIN, clinic);
        server.create(CAPTURED, clinic);
        String plan = Clinic.text("plan.toml");
        try (Connection connection = server.connect(CAPTURED)) {
            var _ =
                    Installer.installSatellite(
                            connection, plan, PlanFile.parse(plan), "the benchmark's");
        }
    }

    private static void drop(Server server) throws SQLException {
        server.drop(PLAIN);
        server.drop(CAPTURED);
    }

    private static Map<String, Times> measure(Bench bench, Server server, boolean isReversed)
            throws SQLException {
        Map<String, Times> all = new LinkedHashMap<>();
        try (Connection plain = server.connect(PLAIN);
                Connection captured = server.connect(CAPTURED)) {
            all.put("single", inTurns(bench, INSERT, plain, captured));
            all.put("update", inTurns(bench, UPDATE, plain, captured));
            var bulk = new Times();
            for (boolean isCaptured : new boolean[] {isReversed, !isReversed}) {
                (isCaptured ? bulk.captured() : bulk.plain())
                        .add(writeBulk(isCaptured ? captured : plain));
            }
            all.put("bulk", bulk);
        }
        int people = bench.size().singleWrites() + bench.size().bulk() / 8;
        int records = people + bench.size().bulk() / 8 * 9;
        Proof.equal(
                "captured records",
                Integer.toString(records),
                server.value(
                        CAPTURED,
                        """
                        select (select count(*) from doctorbird.party_party where id is not null)
                          + (select count(*) from doctorbird.gnuhealth_patient where id is not null)
                          + (select count(*) from doctorbird.gnuhealth_patient_evaluation
                              where id is not null)
                        """));
        return all;
    }

    /// Each write is a transaction of its own. They alternate one by one, so that both kinds meet
    /// the disk in the same mood.
    private static Times inTurns(Bench bench, String sql, Connection plain, Connection captured)
            throws SQLException {
        var times = new Times();
        int writes = bench.size().singleWrites();
        try (PreparedStatement into = plain.prepareStatement(sql);
                PreparedStatement intoCaptured = captured.prepareStatement(sql)) {
            for (int i = 0; i < writes; i++) {
                times.plain().add(write(into, i));
                times.captured().add(write(intoCaptured, i));
            }
        }
        return times;
    }

    /// Returns the milliseconds.
    private static double write(PreparedStatement statement, int number) throws SQLException {
        statement.setString(1, Integer.toString(number));
        long start = System.nanoTime();
        Proof.equal("written rows", 1, statement.executeUpdate());
        return (System.nanoTime() - start) / 1e6;
    }

    private static double writeBulk(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into party_party select * from bench.party_party order by id");
            statement.execute(
                    "insert into gnuhealth_patient select * from bench.gnuhealth_patient order by id");
            long start = System.nanoTime();
            statement.execute(
                    """
                    insert into gnuhealth_patient_evaluation
                    select * from bench.gnuhealth_patient_evaluation order by id
                    """);
            return (System.nanoTime() - start) / 1e6;
        }
    }

    private Result result(Bench bench, Map<String, Times> all) {
        Map<String, String> words =
                Map.of(
                        "single", "insert of one row",
                        "update", "update of three columns of one row",
                        "bulk", "insert of %,d rows".formatted(bench.size().bulk()));
        var table = new Table("", "ms without", "ms with triggers", "times");
        Map<String, Object> figures = new LinkedHashMap<>();
        all.forEach((kind, times) -> {
            table.add(
                    words.getOrDefault(kind, kind),
                    Text.milliseconds(Median.of(times.plain(), time -> time)),
                    Text.milliseconds(Median.of(times.captured(), time -> time)),
                    Text.ratio(times.ratio()));
            figures.put(kind, Text.rounded(times.ratio()));
        });
        return new Result(name(), "the application's writes, each with its commit", table, figures);
    }
}
