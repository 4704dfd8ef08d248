package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import org.doctorbird.app.Closer;
import org.doctorbird.app.satellite.Satellite;
import org.jspecify.annotations.Nullable;

/// Large stores in step, which several cases use: made when the first one asks for them.
final class Stores implements AutoCloseable {

    private static final String CLINIC = "store_clinic";
    private static final String CENTRAL = "store_central";
    private static final String PUBLISHER = "store_publisher";
    private static final String SUBSCRIBER = "store_subscriber";
    private static final String COPY = "store_copy";

    private final Servers servers;
    private final int records;
    private final Progress progress;
    private final Closer opened = new Closer();
    private @Nullable Synchronised synchronised;
    private @Nullable Replication replication;
    private boolean isCopied;

    /// @param records in each store, a multiple of ten
    Stores(Servers servers, int records, Progress progress) {
        this.servers = servers;
        this.records = records;
        this.progress = progress;
    }

    /// Central and a satellite that hold the same, with their programs.
    ///
    /// @param firstExchange what it took to bring all records of the clinic to central
    record Synchronised(Pair pair, Satellite satellite, Cost firstExchange) {}

    /// Returns the pair of Doctorbird.
    Synchronised synchronised() throws IOException, SQLException {
        Synchronised made = synchronised;
        if (made == null) {
            made = synchronise();
            synchronised = made;
        }
        return made;
    }

    /// The clinic's rows are there before Doctorbird comes.
    private Synchronised synchronise() throws IOException, SQLException {
        servers.satellite().create(CLINIC, Clinic.EMPTY);
        servers.central().create(CENTRAL, Clinic.EMPTY);
        progress.say("making a store of %,d records ...".formatted(records));
        Clinic.fill(servers.satellite(), CLINIC, records);
        Pair pair = opened.add(Pair.install(servers, CENTRAL, CLINIC, Clinic.text("plan.toml")));
        Satellite satellite = pair.open();
        servers.settle();
        Meter meter = Meter.start(servers, pair.line());
        long pushed = Pair.cycle(satellite).pushed();
        Cost cost = meter.stop();
        Proof.equal("records of the first exchange", (long) records, pushed);
        progress.say(
                "the first exchange of %,d records: %.1f s".formatted(records, cost.seconds()));
        servers.satellite().run(CLINIC, "vacuum analyze");
        servers.central().run(CENTRAL, "vacuum analyze");
        var _ = Pair.cycle(satellite);
        return new Synchronised(pair, satellite, cost);
    }

    /// Returns the pair of logical replication.
    Replication replication() throws IOException, SQLException, InterruptedException {
        Replication made = replication;
        if (made == null) {
            servers.satellite().create(PUBLISHER, Clinic.EMPTY);
            servers.central().create(SUBSCRIBER, Clinic.EMPTY);
            Clinic.fill(servers.satellite(), PUBLISHER, records);
            made = opened.add(new Replication(servers, PUBLISHER, SUBSCRIBER));
            made.subscribe();
            servers.central().run(SUBSCRIBER, "vacuum analyze");
            replication = made;
        }
        return made;
    }

    /// Returns a database at central's server with the same rows as the publisher of
    /// [#replication]; the copies of the floor go from there to here.
    String copy() throws SQLException {
        if (!isCopied) {
            servers.central().create(COPY, Clinic.EMPTY);
            Clinic.fill(servers.central(), COPY, records);
            isCopied = true;
        }
        return COPY;
    }

    /// Ends programs and subscriptions; the databases go with their servers.
    @Override
    public void close() {
        opened.close();
    }
}
