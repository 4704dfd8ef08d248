package org.doctorbird.app.http;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.doctorbird.codec.CentralMethods;
import org.doctorbird.codec.LinkContract;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.FeedWatch;

/// A server on this machine for tests.
final class ServedCentral implements AutoCloseable {

    static final RequestLimits LIMITS =
            new RequestLimits(4L << 20, 4, Duration.ofSeconds(20), Duration.ofMillis(300));

    final MemorySessions sessions = new MemorySessions(LinkContract.CLINIC);
    private final CentralServer server;

    ServedCentral(CentralCalls central) {
        this(central, LIMITS);
    }

    ServedCentral(CentralCalls central, RequestLimits limits) {
        this(
                central,
                new ServerSettings("127.0.0.1", 0, "central", false, Optional.empty(), limits));
    }

    ServedCentral(CentralCalls central, ServerSettings settings) {
        this(central, Optional.empty(), settings);
    }

    ServedCentral(CentralCalls central, FeedWatch watch) {
        this(
                central,
                Optional.of(watch),
                new ServerSettings("127.0.0.1", 0, "central", false, Optional.empty(), LIMITS));
    }

    ServedCentral(CentralCalls central, Optional<FeedWatch> watch, RequestLimits limits) {
        this(
                central,
                watch,
                new ServerSettings("127.0.0.1", 0, "central", false, Optional.empty(), limits));
    }

    private ServedCentral(
            CentralCalls central, Optional<FeedWatch> watch, ServerSettings settings) {
        server =
                new CentralServer(
                        settings,
                        new CentralMethods(central, watch),
                        sessions,
                        InstantSource.system(),
                        "0.1.0-test");
        server.start();
    }

    int port() {
        return server.port();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port() + "/central/");
    }

    /// Opens a link that logs in as the server knows it.
    HttpLink link() {
        return link(Encoding.COMPACT);
    }

    HttpLink link(Encoding encoding) {
        return new HttpLink(settings().with(encoding), _ -> LinkContract.SHAPE);
    }

    LinkSettings settings() {
        return settings(MemorySessions.NAME);
    }

    LinkSettings settings(String login) {
        return LinkSettings.of(uri(), login, () -> MemorySessions.PASSWORD);
    }

    @Override
    public void close() {
        server.close();
    }
}
