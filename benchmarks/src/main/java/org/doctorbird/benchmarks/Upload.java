package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.doctorbird.app.satellite.Satellite;

/// W1 and W1b: records that a clinic has written go to an empty central.
///
/// Each run begins with new databases: the application writes, both servers write everything to
/// their disks, and then the clock starts. Doctorbird has captured the rows by its triggers while
/// they were written, and afterwards central knows of each that the clinic holds it.
final class Upload implements Case {

    private static final String SOURCE = "upload_source";
    private static final String TARGET = "upload_target";

    /// The virtual machine still compiles while the third hundred thousand records go.
    private static final int WARM_UPS = 3;

    private final String name;
    private final Clinic.Writing writing;

    private Upload(String name, Clinic.Writing writing) {
        this.name = name;
        this.writing = writing;
    }

    /// W1: written in one transaction.
    static Upload atOnce() {
        return new Upload("W1", Clinic.Writing.AT_ONCE);
    }

    /// W1b: written in transactions of ten records while there was no connection.
    static Upload inGroups() {
        return new Upload("W1b", Clinic.Writing.IN_GROUPS);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Result measure(Bench bench) throws IOException, SQLException, InterruptedException {
        Servers servers = bench.servers();
        String clinic = Clinic.prepare(servers.satellite(), bench.size().uploaded());
        try {
            var run = new Run(servers, clinic);
            var rounds =
                    Rounds.run(
                            bench,
                            name,
                            List.of(
                                    new Way(Way.COPY, run::copy),
                                    new Way(Way.REPLICATION, run::replicate),
                                    new Way(Way.DOCTORBIRD, () -> run.synchronise(Pair.COMPACT))),
                            WARM_UPS);
            return result(bench, run, rounds);
        } finally {
            servers.satellite().drop(clinic);
        }
    }

    private Result result(Bench bench, Run run, Rounds rounds)
            throws IOException, SQLException, InterruptedException {
        Table table = rounds.table();
        Map<String, Object> figures = rounds.figures();
        Cost byXml = run.synchronise(Pair.XML);
        bench.progress()
                .say("%s, by XML-RPC: %s MB".formatted(name, Text.megabytes(byXml.bytes())));
        table.add(
                "Doctorbird, by XML-RPC",
                Text.seconds(byXml.seconds()),
                "once",
                Text.ratio(byXml.seconds() / rounds.median(Way.COPY).seconds()),
                Text.megabytes(byXml.bytes()),
                Long.toString(byXml.requests()),
                Text.ratio(byXml.cpuSeconds()),
                Text.ratio(byXml.ownCpuSeconds()),
                Text.megabytes(byXml.heapBytes()));
        figures.put("xmlrpc_bytes", byXml.bytes());
        figures.put("xmlrpc_seconds", Text.rounded(byXml.seconds()));
        if (writing == Clinic.Writing.AT_ONCE) {
            double cold = run.synchroniseCold();
            bench.progress().say("%s, cold: %.3f s".formatted(name, cold));
            double ratio = cold / rounds.median(Way.COPY).seconds();
            table.add(
                    "Doctorbird, both programs just started",
                    Text.seconds(cold),
                    "once",
                    Text.ratio(ratio),
                    "",
                    "",
                    "",
                    "",
                    "");
            figures.put("cold_seconds", Text.rounded(cold));
        }
        String how =
                writing == Clinic.Writing.AT_ONCE
                        ? "%,d new records of a clinic to an empty central"
                        : "%,d new records, written in transactions of ten while offline, then caught up";
        return new Result(name, how.formatted(bench.size().uploaded()), table, figures);
    }

    /// The ways, each with databases of its own.
    private final class Run {

        private final Servers servers;
        private final String clinic;

        /// @param clinic the database with the rows that wait to be written
        Run(Servers servers, String clinic) {
            this.servers = servers;
            this.clinic = clinic;
        }

        private void create() throws SQLException {
            drop();
            servers.satellite().create(SOURCE, clinic);
            servers.central().create(TARGET, Clinic.EMPTY);
        }

        private void write() throws SQLException {
            Clinic.write(servers.satellite(), SOURCE, writing);
            servers.settle();
        }

        private void drop() throws SQLException {
            servers.satellite().drop(SOURCE);
            servers.central().drop(TARGET);
        }

        private void prove() throws SQLException {
            Proof.sameRows(servers.satellite(), SOURCE, servers.central(), TARGET);
        }

        Cost copy() throws IOException, SQLException {
            create();
            write();
            Cost cost;
            try (Connection from = servers.satellite().connect(SOURCE);
                    Connection to = servers.central().connect(TARGET)) {
                Meter meter = Meter.start(servers);
                long bytes = CopyPipe.all(from, to);
                cost = meter.stop().withBytes(bytes);
            }
            prove();
            drop();
            return cost;
        }

        /// Rows of one transaction come by the copy that a subscription begins with; many small
        /// ones come through a subscription that was interrupted.
        Cost replicate() throws IOException, SQLException, InterruptedException {
            create();
            Cost cost;
            try (var replication = new Replication(servers, SOURCE, TARGET)) {
                if (writing == Clinic.Writing.IN_GROUPS) {
                    replication.subscribe();
                    replication.pause();
                }
                write();
                String last =
                        servers.satellite()
                                .value(SOURCE, "select max(id) from gnuhealth_patient_evaluation");
                Meter meter = Meter.start(servers, replication.line());
                if (writing == Clinic.Writing.IN_GROUPS) {
                    replication.goOn();
                    replication.await("select max(id) from gnuhealth_patient_evaluation", last);
                } else {
                    replication.subscribe();
                }
                cost = meter.stop();
                prove();
            }
            drop();
            return cost;
        }

        /// One cycle of the programs of both sides, which run already and know each other.
        Cost synchronise(String encoding) throws IOException, SQLException {
            create();
            Cost cost;
            try (Pair pair =
                    Pair.install(servers, TARGET, SOURCE, Clinic.text("plan.toml"), encoding)) {
                Satellite satellite = pair.open();
                write();
                Meter meter = Meter.start(servers, pair.line());
                long pushed = Pair.cycle(satellite).pushed();
                cost = meter.stop();
                long written =
                        Long.parseLong(
                                servers.satellite()
                                        .value(SOURCE, "select 10 * count(*) from party_party"));
                Proof.equal("records pushed", written, pushed);
                pair.verify();
            }
            drop();
            return cost;
        }

        /// The command `sync` from its start to its end, with a central that has just started.
        double synchroniseCold() throws IOException, SQLException, InterruptedException {
            create();
            double seconds;
            try (Pair pair = Pair.install(servers, TARGET, SOURCE, Clinic.text("plan.toml"))) {
                pair.closePrograms();
                write();
                try (var central =
                        Program.serveCentral(pair.centralSettings(), pair.centralPort())) {
                    long start = System.nanoTime();
                    Program.run(pair.satelliteSettings(), "sync");
                    seconds = (System.nanoTime() - start) / 1e9;
                    central.requireAlive();
                }
                pair.verify();
            }
            drop();
            return seconds;
        }
    }
}
