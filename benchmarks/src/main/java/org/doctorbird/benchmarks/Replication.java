package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// PostgreSQL's own logical replication from a database at the satellite's server to one at
/// central's. One direction only; local keys are the same on both sides.
final class Replication implements AutoCloseable {

    private static final Duration WAIT_MAX = Duration.ofMinutes(30);

    private final Servers servers;
    private final String from;
    private final String to;
    private final Relay line;
    private boolean isSubscribed;

    /// Makes the publication.
    Replication(Servers servers, String from, String to) throws IOException, SQLException {
        this.servers = servers;
        this.from = from;
        this.to = to;
        servers.satellite().run(from, "create publication bench for tables in schema public");
        this.line = new Relay(servers.satellite().port());
    }

    /// Returns the line between the two servers.
    Relay line() {
        return line;
    }

    /// Returns the database in which the application writes.
    String from() {
        return from;
    }

    /// Returns the database to which everything goes.
    String to() {
        return to;
    }

    /// Subscribes, which begins with a copy of all rows, and waits until they are there.
    void subscribe() throws SQLException, InterruptedException {
        servers.central()
                .run(
                        to,
                        """
                        create subscription %s connection 'host=127.0.0.1 port=%d dbname=%s user=%s'
                        publication bench
                        """
                                .formatted(to, line.port(), from, Server.USER));
        isSubscribed = true;
        await(
                "select not exists (select from pg_subscription_rel where srsubstate not in ('r', 's'))",
                "t");
    }

    /// Stops to receive.
    void pause() throws SQLException {
        servers.central().run(to, "alter subscription %s disable".formatted(to));
    }

    /// Receives again what was written meanwhile.
    void goOn() throws SQLException {
        servers.central().run(to, "alter subscription %s enable".formatted(to));
    }

    /// Waits until a query at the receiving end gives a value.
    ///
    /// @throws IllegalStateException after half an hour
    void await(String query, String value) throws SQLException, InterruptedException {
        try (Connection connection = servers.central().connect(to)) {
            Waiting.until(WAIT_MAX, () -> Server.value(connection, query).equals(value));
        }
    }

    /// Ends the subscription; the databases stay.
    @Override
    public void close() throws SQLException, IOException {
        try (line) {
            if (isSubscribed) {
                servers.central().run(to, "drop subscription " + to);
            }
        }
    }
}
