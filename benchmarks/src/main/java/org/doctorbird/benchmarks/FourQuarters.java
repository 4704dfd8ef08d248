package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.doctorbird.app.Closer;

/// W4: new records at central go to four satellites, a quarter to each by a rule on the person's
/// site; all that follows a person goes with it. The clock starts at the commit and stops when the
/// last satellite has the last of its records. The satellites work promptly.
///
/// All stores begin empty, and keep what each round brings.
final class FourQuarters implements Case {

    private static final int SITES = 4;
    private static final Duration WAIT_MAX = Duration.ofMinutes(10);

    /// Counting the rows takes a fifth of a millisecond.
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    /// Of which table what each place holds of a round is counted; the last one to come.
    private static final String LAST = "gnuhealth_patient_evaluation";

    private static final String CENTRAL = "quarters_central";
    private static final String SOURCE = "quarters_source";
    private static final String PUBLISHER = "quarters_publisher";

    @Override
    public String name() {
        return "W4";
    }

    @Override
    public Result measure(Bench bench) throws IOException, SQLException, InterruptedException {
        try (var run = new Run(bench)) {
            var rounds =
                    Rounds.run(
                            bench,
                            name(),
                            List.of(
                                    new Way(Way.COPY, run::copy),
                                    new Way(Way.REPLICATION, run::replicate),
                                    new Way(Way.DOCTORBIRD, run::synchronise)));
            run.prove();
            return new Result(
                    name(),
                    "%,d new records at central, a quarter to each of four satellites"
                            .formatted(bench.size().spread()),
                    rounds.table(),
                    rounds.figures());
        }
    }

    /// The ways, each with databases of its own.
    private static final class Run implements AutoCloseable {

        private final Bench bench;
        private final Servers servers;
        private final Closer opened = new Closer();
        private final Pair pair;
        private final Relay publisherLine;
        private int copied;
        private int replicated;
        private int synchronised;

        Run(Bench bench) throws IOException, SQLException {
            this.bench = bench;
            this.servers = bench.servers();
            try {
                for (String database : List.of(CENTRAL, PUBLISHER, SOURCE)) {
                    servers.central().create(database, Clinic.EMPTY);
                }
                for (int site = 1; site <= SITES; site++) {
                    for (String kind : List.of("copy", "subscriber", "satellite")) {
                        servers.satellite().create(name(kind, site), Clinic.EMPTY);
                    }
                }
                publisherLine = opened.add(new Relay(servers.central().port()));
                subscribe();
                pair =
                        opened.add(
                                Pair.install(
                                        servers,
                                        CENTRAL,
                                        name("satellite", 1),
                                        Clinic.text("plan-interest.toml")));
                join();
            } catch (IOException | SQLException | RuntimeException e) {
                opened.closeAfter(e);
                throw e;
            }
        }

        private static String name(String kind, int site) {
            return "quarters_" + kind + "_" + site;
        }

        private static IntStream sites() {
            return IntStream.rangeClosed(1, SITES);
        }

        private void subscribe() throws SQLException {
            for (int site = 1; site <= SITES; site++) {
                String filter = " where (site = " + site + ")";
                servers.central()
                        .run(
                                PUBLISHER,
                                "create publication site_%d for table %s with (publish = 'insert')"
                                        .formatted(
                                                site,
                                                String.join(
                                                        ", ",
                                                        Clinic.TABLES.stream()
                                                                .map(table -> table + filter)
                                                                .toList())));
                String subscriber = name("subscriber", site);
                servers.satellite()
                        .run(
                                subscriber,
                                """
                                create subscription %s
                                connection 'host=127.0.0.1 port=%d dbname=%s user=%s'
                                publication site_%d with (copy_data = false)
                                """
                                        .formatted(
                                                subscriber,
                                                publisherLine.port(),
                                                PUBLISHER,
                                                Server.USER,
                                                site));
                opened.add(() ->
                        servers.satellite().run(subscriber, "drop subscription " + subscriber));
            }
        }

        /// There are no records yet, so nothing has to be worked out anew for the attributes.
        private void join() throws IOException, SQLException {
            for (int site = 2; site <= SITES; site++) {
                var _ = pair.add(name("satellite", site), name("satellite", site));
            }
            servers.central()
                    .run(
                            CENTRAL,
                            """
                            update doctorbird.engine_instance
                            set attributes = jsonb_build_object('site', id::text)
                            """);
            for (int site = 1; site <= SITES; site++) {
                opened.add(pair.servePromptly(site == 1 ? Pair.LOGIN : name("satellite", site)));
            }
        }

        /// Lets the application write the records of a round, in one transaction.
        private void write(Connection connection, int round) throws SQLException {
            int records = bench.size().spread();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "select bench.make('public', %d, %d, %d)"
                                .formatted(records, round * records, SITES));
            }
        }

        /// Waits until all have what the rounds have brought.
        private void await(String kind, int rounds) throws SQLException, InterruptedException {
            int each = rounds * (bench.size().spread() / Clinic.GROUP) * 8 / SITES;
            for (int site = 1; site <= SITES; site++) {
                try (Connection connection = servers.satellite().connect(name(kind, site))) {
                    Waiting.until(
                            WAIT_MAX,
                            LOOK_EVERY,
                            () ->
                                    Server.value(connection, "select count(*) from " + LAST)
                                            .equals(Integer.toString(each)));
                }
            }
        }

        /// Knows which rows are new, and copies to all four at the same time.
        Cost copy() throws IOException, SQLException, InterruptedException {
            int round = copied;
            try (Connection connection = servers.central().connect(SOURCE)) {
                write(connection, round);
                connection.commit();
            }
            servers.settle();
            Meter meter = Meter.start(servers);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Long>> parts = new ArrayList<>();
                sites().forEach(site -> parts.add(threads.submit(copying(site, round))));
                long bytes = 0;
                for (Future<Long> part : parts) {
                    bytes += part.get();
                }
                copied++;
                Cost cost = meter.stop().withBytes(bytes);
                await("copy", copied);
                return cost;
            } catch (ExecutionException e) {
                throw new IllegalStateException("copying failed", e);
            }
        }

        private Callable<Long> copying(int site, int round) {
            return () -> {
                int first = round * bench.size().spread();
                try (Connection from = servers.central().connect(SOURCE);
                        Connection to = servers.satellite().connect(name("copy", site))) {
                    long bytes = 0;
                    for (String table : Clinic.TABLES) {
                        bytes +=
                                CopyPipe.run(
                                        from,
                                        "copy (select * from %s where site = %d and id > %d) to stdout"
                                                .formatted(table, site, first),
                                        to,
                                        "copy %s from stdin".formatted(table));
                    }
                    return bytes;
                }
            };
        }

        Cost replicate() throws IOException, SQLException, InterruptedException {
            servers.settle();
            try (Connection connection = servers.central().connect(PUBLISHER)) {
                write(connection, replicated);
                Meter meter = Meter.start(servers, publisherLine);
                connection.commit();
                replicated++;
                await("subscriber", replicated);
                return meter.stop();
            }
        }

        Cost synchronise() throws IOException, SQLException, InterruptedException {
            servers.settle();
            try (Connection connection = servers.central().connect(CENTRAL)) {
                write(connection, synchronised);
                Meter meter = Meter.start(servers, pair.line());
                connection.commit();
                synchronised++;
                await("satellite", synchronised);
                return meter.stop();
            }
        }

        /// Proves that each satellite holds the rows of its site and no others.
        void prove() throws SQLException {
            for (int site = 1; site <= SITES; site++) {
                for (String table : Clinic.TABLES) {
                    String rows =
                            "select md5(string_agg(uuid::text || site, ',' order by uuid)) from "
                                    + table;
                    Proof.equal(
                            table + " of site " + site,
                            servers.central().value(CENTRAL, rows + " where site = " + site),
                            servers.satellite().value(name("satellite", site), rows));
                }
            }
        }

        @Override
        public void close() {
            opened.close();
        }
    }
}
