package org.doctorbird.app.central;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.doctorbird.app.Closer;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.http.CentralServer;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.postgres.PostgresSessions;
import org.doctorbird.app.settings.CentralSettings;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.app.tasks.CentralTasks;
import org.doctorbird.codec.CentralMethods;

/// Central's program. Read [#open] to see what it is made of: there is no other wiring. Any number
/// of them may work on one database.
public final class Central implements AutoCloseable {

    /// The version of the program, told to whoever asks.
    public static final String VERSION = "0.1.0";

    /// Connections beyond one for each request: for the tasks, and for those who wait.
    private static final int CONNECTIONS_SPARE = 5;

    private final Closer opened;
    private final CentralServer server;

    private Central(Closer opened, CentralServer server) {
        this.opened = opened;
        this.server = server;
    }

    /// Connects, wires and starts central. When it fails, everything it had opened is closed again.
    ///
    /// @throws org.doctorbird.SyncException `NOT_INSTALLED`, `ROLE_WRONG`, `INSTALLED_NEWER`,
    ///   `DATABASE_UNREACHABLE`, `SETTINGS_MALFORMED`
    public static Central open(Settings settings) {
        CentralSettings central = settings.requireCentral();
        var opened = new Closer();
        try {
            var database =
                    opened.add(
                            Database.open(
                                    settings.database().url(),
                                    settings.database().user(),
                                    settings.database().password(),
                                    connections(settings)));
            DataSource source = database.source();
            var current =
                    new CurrentCentral(
                            source, central, new LoggingListener(), InstantSource.system());
            current.followTables();
            opened.add(CentralTasks.start(source, current, settings.tasks()));
            WaitingRoom room = WaitingRoom.open(source, current);
            var server =
                    opened.add(
                            new CentralServer(
                                    central.server(),
                                    new CentralMethods(current, Optional.of(room)),
                                    new PostgresSessions(source, new SecureRandom()),
                                    InstantSource.system(),
                                    VERSION));
            // Closed before the server, which waits for requests to end.
            opened.add(room);
            server.start();
            return new Central(opened, server);
        } catch (RuntimeException e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    private static int connections(Settings settings) {
        int requests = settings.requireCentral().server().limits().concurrentMax();
        return Math.min(
                Database.CONNECTIONS_MAX,
                requests + settings.tasks().workers() + CONNECTIONS_SPARE);
    }

    /// Returns the port it listens on.
    public int port() {
        return server.port();
    }

    /// Lets running requests finish, then closes everything, last opened first.
    @Override
    public void close() {
        opened.close();
    }
}
