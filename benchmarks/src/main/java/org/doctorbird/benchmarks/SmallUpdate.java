package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.exchange.Cycle;

/// W2: few updates in large stores that are in step. The clock starts at the commit and stops when
/// the change is seen on the other side; what else belongs to Doctorbird's cycle counts as bytes,
/// requests and processor time.
final class SmallUpdate implements Case {

    private static final Duration WAIT_MAX = Duration.ofMinutes(10);

    private static final String DOWN = Way.DOCTORBIRD + ", from central to the clinic";

    @Override
    public String name() {
        return "W2";
    }

    @Override
    public Result measure(Bench bench) throws IOException, SQLException, InterruptedException {
        Stores.Synchronised ours = bench.stores().synchronised();
        Replication replication = bench.stores().replication();
        var run = new Run(bench, ours.pair(), ours.satellite(), replication);
        var rounds =
                Rounds.run(
                        bench,
                        name(),
                        List.of(
                                new Way(Way.COPY, run::copy),
                                new Way(Way.REPLICATION, run::replicate),
                                new Way(Way.DOCTORBIRD, run::up),
                                new Way(DOWN, run::down)));
        run.prove();
        Map<String, Object> figures = rounds.figures();
        figures.put("down_seconds", Text.rounded(rounds.median(DOWN).seconds()));
        figures.put("down_bytes", rounds.median(DOWN).bytes());
        figures.put("records", bench.size().stored());
        figures.put("first_exchange_seconds", Text.rounded(ours.firstExchange().seconds()));
        return new Result(
                name(),
                "%,d updates on %,d records in step"
                        .formatted(bench.size().updated(), bench.size().stored()),
                rounds.table(),
                figures);
    }

    /// The ways.
    private static final class Run {

        private final Bench bench;
        private final Servers servers;
        private final Pair pair;
        private final Satellite satellite;
        private final Replication replication;
        private final Changes changes;

        Run(Bench bench, Pair pair, Satellite satellite, Replication replication) {
            this.bench = bench;
            this.servers = bench.servers();
            this.pair = pair;
            this.satellite = satellite;
            this.replication = replication;
            this.changes = new Changes(bench.size());
        }

        /// Knows which rows have changed. Their copies go into a temporary table, and from there
        /// into the rows.
        Cost copy() throws IOException, SQLException, InterruptedException {
            String target = bench.stores().copy();
            Changes.Change change = changes.next();
            change.write(servers.satellite(), replication.from());
            replication.await(change.isVisible(), "t");
            servers.settle();
            try (Connection from = servers.satellite().connect(replication.from());
                    Connection to = servers.central().connect(target)) {
                Meter meter = Meter.start(servers);
                long bytes = copy(change, from, to);
                Cost cost = meter.stop().withBytes(bytes);
                proveArrival(change, servers.central(), target);
                return cost;
            }
        }

        private static long copy(Changes.Change change, Connection from, Connection to)
                throws SQLException {
            to.setAutoCommit(false);
            try (Statement statement = to.createStatement()) {
                statement.execute(
                        "create temporary table changed (like gnuhealth_patient_evaluation) on commit drop");
                long bytes =
                        CopyPipe.run(
                                from,
                                "copy (select * from gnuhealth_patient_evaluation where id in (%s)) to stdout"
                                        .formatted(change.keys()),
                                to,
                                "copy changed from stdin");
                String columns =
                        Server.value(
                                to,
                                """
                                select string_agg(attname || ' = c.' || attname, ', ') from pg_attribute
                                where attrelid = 'changed'::regclass and attnum > 0 and attname <> 'id'
                                """);
                statement.execute(
                        "update gnuhealth_patient_evaluation t set %s from changed c where t.id = c.id"
                                .formatted(columns));
                to.commit();
                return bytes;
            }
        }

        Cost replicate() throws IOException, SQLException, InterruptedException {
            Changes.Change change = changes.next();
            servers.settle();
            long before = replication.line().bytes();
            change.write(servers.satellite(), replication.from());
            Meter meter = Meter.start(servers, replication.line());
            replication.await(change.isVisible(), "t");
            Cost cost = meter.stop();
            proveArrival(change, servers.central(), replication.to());
            return cost.withBytes(replication.line().bytes() - before);
        }

        Cost up() throws IOException, SQLException, InterruptedException {
            Changes.Change change = changes.next();
            servers.settle();
            change.write(servers.satellite(), pair.satelliteDatabase());
            Cost cost = cycle(change, servers.central(), pair.centralDatabase());
            proveArrival(change, servers.central(), pair.centralDatabase());
            return cost;
        }

        Cost down() throws IOException, SQLException, InterruptedException {
            Changes.Change change = changes.next();
            servers.settle();
            change.write(servers.central(), pair.centralDatabase());
            Cost cost = cycle(change, servers.satellite(), pair.satelliteDatabase());
            proveArrival(change, servers.satellite(), pair.satelliteDatabase());
            return cost;
        }

        /// @param server where the change is to be seen
        private Cost cycle(Changes.Change change, Server server, String database)
                throws IOException, SQLException, InterruptedException {
            Meter meter = Meter.start(servers, pair.line());
            try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                    Connection reader = server.connect(database)) {
                Future<Cycle.Sum> cycle = threads.submit(() -> Pair.cycle(satellite));
                Waiting.until(
                        WAIT_MAX,
                        () ->
                                cycle.isDone()
                                        || Server.value(reader, change.isVisible()).equals("t"));
                double seconds = meter.seconds();
                var _ = cycle.get();
                return meter.stop().withSeconds(seconds);
            } catch (ExecutionException e) {
                throw new IllegalStateException("the cycle failed", e);
            }
        }

        private void proveArrival(Changes.Change change, Server server, String database)
                throws SQLException {
            Proof.equal(
                    "updated rows in " + database,
                    Integer.toString(bench.size().updated()),
                    server.value(database, change.count()));
        }

        /// Proves that the whole stores are in step.
        void prove() throws SQLException {
            pair.verify();
            Proof.sameRows(
                    servers.satellite(), replication.from(), servers.central(), replication.to());
        }
    }
}
