package org.doctorbird.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.postgres.Installer;
import org.doctorbird.app.postgres.InstanceAttributes;
import org.doctorbird.app.postgres.PostgresCentralStore;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.ExchangeListener;

/// What it costs central to work out who should hold what after a record has changed, in a small
/// store and in one ten times as large, with a hundred instances: the same, because only what
/// follows the change is looked at.
final class Moves implements Case {

    /// Instances, one for each site.
    private static final int SITES = 100;

    /// What follows the one patient who has a long history.
    private static final int LONG_HISTORY = 5_000;

    /// Transactions of one request for the computation.
    private static final int STEPS = 50;

    /// Rounds for a store, beside the warm-up.
    private static final int TIMES = 5;

    @Override
    public String name() {
        return "interest";
    }

    /// Times of one store.
    ///
    /// @param first the first computation of everything after the instances have come, in seconds
    /// @param nothing milliseconds when nothing has changed
    /// @param few a person with ten records moves
    /// @param many a person with thousands of records moves
    private record Times(double first, double nothing, double few, double many) {}

    @Override
    public Result measure(Bench bench) throws SQLException {
        int large = bench.size().stored();
        int small = Math.max(Clinic.GROUP * SITES, large / 10);
        Map<Integer, Times> all = new LinkedHashMap<>();
        for (int records : List.of(small, large)) {
            all.put(records, measure(bench, records));
            bench.progress().say("interest, %,d records: done".formatted(records));
        }
        return result(all);
    }

    private static Times measure(Bench bench, int records) throws SQLException {
        Server server = bench.servers().central();
        String name = "interest_" + records;
        server.drop(name);
        server.create(name, Clinic.EMPTY);
        server.run(
                name,
                "select bench.make('public', %d, 0, %d); select bench.move_sequences()"
                        .formatted(records, SITES));
        lengthenHistory(server, name);
        String plan = Clinic.text("plan-interest.toml");
        try (Connection connection = server.connect(name)) {
            var _ = Installer.installCentral(connection, plan, PlanFile.parse(plan));
        }
        server.run(
                name,
                """
                insert into doctorbird.engine_instance (id, name, password_hash, attributes)
                select i, 'site-' || i, '', jsonb_build_object('site', i::text)
                from generate_series(1, %d) i
                """
                        .formatted(SITES));
        server.run(name, "vacuum analyze");
        try (var database = Database.open(server.address(name), Server.USER, "", 2)) {
            InstalledCentral installed = InstalledCentral.load(database.source());
            var exchange =
                    new CentralExchange(
                            new PostgresCentralStore(database.source(), installed.tables()),
                            installed.models(),
                            ExchangeListener.NONE);
            double first = (review(server, name, installed) + compute(exchange)) / 1_000;
            server.run(name, "vacuum analyze");
            bench.servers().settle();
            Times times =
                    new Times(
                            first,
                            repeated(exchange, _ -> {}),
                            repeated(exchange, site -> move(server, name, "2", site)),
                            repeated(exchange, site -> move(server, name, "1", site)));
            prove(server, name);
            return times;
        } finally {
            server.drop(name);
        }
    }

    /// Puts on the list what the instances that have come should hold, as their registration does;
    /// returns the milliseconds it took.
    private static double review(Server server, String name, InstalledCentral installed)
            throws SQLException {
        long start = System.nanoTime();
        try (Connection connection = server.connect(name)) {
            connection.setAutoCommit(false);
            InstanceAttributes.reconsider(connection, installed.tables());
            connection.commit();
        }
        return (System.nanoTime() - start) / 1e6;
    }

    /// The patient of the first person gets thousands of evaluations.
    private static void lengthenHistory(Server server, String name) throws SQLException {
        server.run(
                name,
                """
                insert into gnuhealth_patient_evaluation (uuid, patient, evaluation_start, site)
                select gen_random_uuid(),
                  (select p.id from gnuhealth_patient p where p.party =
                    (select min(id) from party_party)),
                  localtimestamp, 1
                from generate_series(1, %d)
                """
                        .formatted(LONG_HISTORY));
    }

    /// Something that changes the store.
    private interface Change {
        void make(int site) throws SQLException;
    }

    /// Returns the median in milliseconds of the computation after a change.
    private static double repeated(CentralExchange exchange, Change change) throws SQLException {
        var milliseconds = new ArrayList<Double>();
        for (int i = 0; i <= TIMES; i++) {
            change.make(i + 2);
            double time = compute(exchange);
            if (i > 0) {
                milliseconds.add(time);
            }
        }
        return Median.of(milliseconds, time -> time);
    }

    private static void move(Server server, String name, String person, int site)
            throws SQLException {
        server.run(
                name,
                "update party_party set site = %d where id = (select id from party_party order by id offset %s - 1 limit 1)"
                        .formatted(site, person));
    }

    private static double compute(CentralExchange exchange) {
        long start = System.nanoTime();
        boolean isDone;
        do {
            isDone = exchange.computeInterest(STEPS);
        } while (!isDone);
        return (System.nanoTime() - start) / 1e6;
    }

    /// Each evaluation has the set of its person, which is the site's.
    private static void prove(Server server, String name) throws SQLException {
        Proof.equal(
                "records with another set than their rule's",
                "0",
                server.value(
                        name,
                        """
                        select count(*) from gnuhealth_patient_evaluation e
                        join gnuhealth_patient p on p.id = e.patient
                        join party_party person on person.id = p.party
                        join doctorbird.gnuhealth_patient_evaluation c on c.id = e.id
                        where rtrim(c.interested_instances::text, '0')
                          is distinct from repeat('0', person.site) || '1'
                        """));
    }

    private Result result(Map<Integer, Times> all) {
        var table =
                new Table(
                        "records",
                        "all at first, seconds",
                        "nothing changed, ms",
                        "10 records move, ms",
                        "5,000 records move, ms");
        Map<String, Object> figures = new LinkedHashMap<>();
        all.forEach((records, times) -> {
            table.add(
                    Text.number(records, 0),
                    Text.seconds(times.first()),
                    Text.milliseconds(times.nothing()),
                    Text.milliseconds(times.few()),
                    Text.milliseconds(times.many()));
            figures.put("records", records);
            figures.put("few_ms", Text.rounded(times.few()));
            figures.put("many_ms", Text.rounded(times.many()));
        });
        var times = List.copyOf(all.values());
        figures.put("few_ratio", Text.rounded(times.getLast().few() / times.getFirst().few()));
        figures.put("many_ratio", Text.rounded(times.getLast().many() / times.getFirst().many()));
        return new Result(
                name(),
                "who should hold what, worked out anew after a change; 100 instances",
                table,
                figures);
    }
}
