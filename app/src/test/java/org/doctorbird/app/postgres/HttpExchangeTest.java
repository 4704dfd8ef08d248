package org.doctorbird.app.postgres;

import java.net.URI;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.doctorbird.app.http.CentralServer;
import org.doctorbird.app.http.Encoding;
import org.doctorbird.app.http.HttpLink;
import org.doctorbird.app.http.LinkSettings;
import org.doctorbird.app.http.RequestLimits;
import org.doctorbird.app.http.ServerSettings;
import org.doctorbird.codec.CentralMethods;
import org.doctorbird.exchange.Link;
import org.doctorbird.record.InstanceId;
import org.jspecify.annotations.Nullable;

/// The contract of the exchange with everything in between: real databases with their triggers,
/// real sessions, and the wire; in the compact encoding.
class HttpExchangeTest extends PostgresExchangeTest {

    private static final String PASSWORD = "a long word";

    private final Map<InstanceId, Link> links = new TreeMap<>();
    private @Nullable CentralServer server;

    @Override
    protected Link link(InstanceId instance) {
        return links.computeIfAbsent(instance, this::open);
    }

    /// Returns what the satellites wish to speak.
    protected Encoding encoding() {
        return Encoding.COMPACT;
    }

    private Link open(InstanceId instance) {
        if (server == null) {
            server = serve();
        }
        String login = instance.number() == 1 ? "may-pen" : "lionel-town";
        var uri = URI.create("http://127.0.0.1:" + server.port() + "/health_jamaica/");
        var link =
                new HttpLink(
                        LinkSettings.of(uri, login, () -> PASSWORD).with(encoding()),
                        region.models(instance)::shape);
        region.closeFirst(link);
        return link;
    }

    private CentralServer serve() {
        InstalledDatabase central = region.database(InstanceId.CENTRAL);
        try {
            String hash = PasswordHash.make(PASSWORD, new SecureRandom());
            central.run("update doctorbird.engine_instance set password_hash = '" + hash + "'");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot set the password", e);
        }
        var settings =
                new ServerSettings(
                        "127.0.0.1",
                        0,
                        "health_jamaica",
                        false,
                        Optional.empty(),
                        RequestLimits.DEFAULT);
        var made =
                new CentralServer(
                        settings,
                        new CentralMethods(central()),
                        new PostgresSessions(central.database.dataSource(), new SecureRandom()),
                        InstantSource.system(),
                        "0.1.0-test");
        made.start();
        region.closeFirst(made);
        return made;
    }
}
