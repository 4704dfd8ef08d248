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

    private final Disk disk;
    private final Path log;
    private final Path binaries;
    private final int port;
    private @Nullable Process postmaster;

    /// Makes the cluster and starts it.
    ///
    /// @param folder exists; the cluster's files go into it
    public Cluster(Path folder) throws IOException, InterruptedException, SQLException {
        this(Disk.folder(folder), folder.resolve("postgres.log"));
    }

    /// Makes the cluster and starts it. Its log of changes comes in files of 1 MiB, so that a disk
    /// soon has no room for the next one.
    ///
    /// @param disk the cluster's files go there; closed by the caller
    /// @param log what the server says
    public Cluster(Disk disk, Path log) throws IOException, InterruptedException, SQLException {
        this.disk = disk;
        this.log = log;
        this.binaries = binaries();
        this.port = freePort();
        Process made =
                run(
                        "initdb",
                        "-D",
                        data(),
                        "-U",
                        "postgres",
                        "-A",
                        "trust",
                        "-E",
                        "UTF8",
                        "-N",
                        "--wal-segsize=1");
        if (made.waitFor() != 0) {
            throw new IOException("initdb failed: see " + log);
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
        return disk.path().resolve("data").toString();
    }

    private Process run(String program, String... arguments) throws IOException {
        return new ProcessBuilder(disk.command(binaries.resolve(program), arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
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
        throw new IOException("PostgreSQL does not start: see " + log);
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
                        "max_wal_size=64MB",
                        "-c",
                        "timezone=America/Jamaica");
        postmaster = started;
        return started;
    }

    /// Ends all processes of the server as a power cut does; returns when they are gone.
    public void kill() {
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(Cluster::awaitEnd);
    }

    /// Says whether the server has not ended by itself.
    public boolean isRunning() {
        Process server = postmaster;
        return server != null && server.isAlive();
    }

    /// Its processes do nothing any more until [#goOn].
    public void stop() throws IOException, InterruptedException {
        Process server = postmaster;
        if (server != null) {
            // First the one that would start others.
            Signals.stop(List.of(server.toHandle()));
            Signals.stop(processes());
        }
    }

    /// Its processes go on where they were.
    public void goOn() throws IOException, InterruptedException {
        Signals.goOn(processes());
    }

    private List<ProcessHandle> processes() {
        Process server = postmaster;
        if (server == null) {
            return List.of();
        }
        var all = new ArrayList<ProcessHandle>(List.of(server.toHandle()));
        all.addAll(server.descendants().toList());
        return all;
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
