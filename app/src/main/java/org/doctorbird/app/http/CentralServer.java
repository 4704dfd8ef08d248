package org.doctorbird.app.http;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.codec.CentralMethods;
import org.doctorbird.exchange.Sessions;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Central's door: XML-RPC over HTTP, as Tryton speaks it, and the compact encoding. Holds no state
/// but the number of wrong logins; any number of servers may work for one central.
public final class CentralServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CentralServer.class);

    /// Longer than our own client keeps an idle connection, so that it is the client who closes it.
    private static final long IDLE_MILLIS = 60_000;

    /// One for each request, also for those that wait for something new: more than instances can
    /// take part.
    private static final int THREADS_MAX = 10_000;

    private final Server server;
    private final ServerConnector connector;
    private final Deadline deadline = new Deadline();

    /// Builds the server; [#start] starts it.
    ///
    /// @param version of the program, told to anybody who asks
    /// @throws SyncException `SETTINGS_MALFORMED` if there is no such key store
    public CentralServer(
            ServerSettings settings,
            CentralMethods central,
            Sessions sessions,
            InstantSource clock,
            String version) {
        var methods = new ServerMethods(central, sessions, clock, version);
        server = new Server(new VirtualThreadPool(THREADS_MAX));
        connector = new ServerConnector(server, 1, 1, protocols(settings));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        long stopMillis = settings.limits().stopMax().toMillis();
        // With HTTP/2 the default of one second cuts requests off, whatever the stop timeout says.
        connector.setShutdownIdleTimeout(stopMillis);
        server.setStopTimeout(4 * stopMillis);
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(new Endpoint(settings, methods, deadline)));
    }

    private static ConnectionFactory[] protocols(ServerSettings settings) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        var http1 = new HttpConnectionFactory(http);
        var factories = new ArrayList<ConnectionFactory>();
        if (settings.tls().isPresent()) {
            TlsKeys keys = settings.tls().get();
            http.addCustomizer(new SecureRequestCustomizer(false));
            var alpn = new ALPNServerConnectionFactory();
            alpn.setDefaultProtocol(http1.getProtocol());
            var tls = new SslContextFactory.Server();
            setKeyStore(tls, keys);
            tls.setKeyStorePassword(keys.password());
            tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
            factories.addAll(
                    List.of(
                            new SslConnectionFactory(tls, alpn.getProtocol()),
                            alpn,
                            new HTTP2ServerConnectionFactory(http)));
        }
        factories.add(http1);
        return factories.toArray(ConnectionFactory[]::new);
    }

    private static void setKeyStore(SslContextFactory.Server tls, TlsKeys keys) {
        try {
            tls.setKeyStorePath(keys.keyStore().toUri().toString());
        } catch (IllegalArgumentException e) {
            throw new SyncException(ErrorCode.SETTINGS_MALFORMED, "there is no such key store", e)
                    .with("file", keys.keyStore());
        }
    }

    /// Starts to listen.
    ///
    /// @throws SyncException `SETTINGS_MALFORMED` if the address or the key store cannot be used
    public void start() {
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw new SyncException(ErrorCode.SETTINGS_MALFORMED, "the server cannot listen", e)
                    .with("key", "host, port, key_store")
                    .with("cause", e.getClass().getSimpleName());
        }
    }

    /// Returns the port it listens on.
    public int port() {
        return connector.getLocalPort();
    }

    /// Stops listening, lets running requests end within their time, and returns then.
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.atWarn()
                    .addKeyValue("cause", e.getClass().getSimpleName())
                    .log("the server was stopped by force");
        }
        deadline.close();
    }
}
