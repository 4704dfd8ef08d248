package org.doctorbird.app.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL of its own that flushes to disk, so that it can be killed and started again. Uses
/// the binaries of [TestPostgres].
public final class Cluster implements AutoCloseable {

    /// A busy machine may need long to recover from the log.
    private static final int START_SECONDS_MAX = 180;

    private static final int END_SECONDS_MAX = 60;
    private static final int LOOK_AGAIN_MS = 50;

    private final Path folder;
    private final Path binaries;
    private final int port;
    private @Nullable Process postmaster;

    /// Makes the cluster and starts it.
    ///
    /// @param folder exists; the cluster's files go into it
    public Cluster(Path folder) throws IOException, InterruptedException, SQLException {
        this.folder = folder;
        this.binaries = binaries();
        this.port = freePort();
        Process made =
                run("initdb", "-D", data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N");
        if (made.waitFor() != 0) {
            throw new IOException("initdb failed: see " + folder);
        }
        start();
    }

    private static Path binaries() throws SQLException {
        try (var connection = DriverManager.getConnection(TestPostgres.NEWEST.url("postgres"));
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "select setting from pg_config where name = 'BINDIR'")) {
            rows.next();
            return Path.of(rows.getString(1));
        }
    }

    /// Returns a port that nobody listens on just now.
    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /// PostgreSQL refuses to run as root: it gets a namespace in which it is nobody.
    private Process run(String program, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(binaries.resolve(program).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("postgres.log").toFile()))
                .start();
    }

    /// Starts it on the files that are there, and waits until it lets somebody in. A server that
    /// gives up is started again: what the one before held may have been on its way out.
    public void start() throws IOException, InterruptedException {
        Process started = postgres();
        for (int i = 0; i < START_SECONDS_MAX * 1000 / LOOK_AGAIN_MS; i++) {
            try (var connection = DriverManager.getConnection(url("postgres"))) {
                connection.isValid(1);
                return;
            } catch (SQLException e) {
                Thread.sleep(LOOK_AGAIN_MS);
                if (!started.isAlive()) {
                    started = postgres();
                }
            }
        }
        throw new IOException("PostgreSQL does not start: see " + folder);
    }

    private Process postgres() throws IOException {
        Process started =
                run(
                        "postgres",
                        "-D",
                        data(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "timezone=America/Jamaica");
        postmaster = started;
        return started;
    }

    /// Ends all processes of the server as a power cut does; returns when they are gone.
    public void kill() {
        Process killed = postmaster;
        if (killed == null) {
            return;
        }
        List<ProcessHandle> children = killed.descendants().toList();
        killed.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(killed.toHandle());
        children.forEach(Cluster::awaitEnd);
    }

    private static void awaitEnd(ProcessHandle process) {
        process.onExit().orTimeout(END_SECONDS_MAX, TimeUnit.SECONDS).join();
    }

    /// Creates a database and returns its JDBC address.
    public String database(String name) {
        try (var connection = DriverManager.getConnection(url("postgres"));
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
            return url(name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create a database", e);
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres&logServerErrorDetail=false&connectTimeout=5"
                .formatted(port, database);
    }

    @Override
    public void close() {
        kill();
    }
}
