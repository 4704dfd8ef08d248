package org.doctorbird.app.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.doctorbird.app.testing.TestPostgres;

/// A PostgreSQL server that may be killed: it flushes to disk, and comes back at its port with what
/// was committed.
final class TestCluster implements AutoCloseable {

    private static final int TRIES_MAX = 10;

    /// A busy machine may need long to recover from the log.
    private static final Duration STARTUP_MAX = Duration.ofSeconds(60);

    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    TestCluster(Path data, int port) throws IOException {
        this.data = data;
        this.port = port;
        this.server = start();
    }

    private EmbeddedPostgres start() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(STARTUP_MAX)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    TestPostgres.Database database(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        return new TestPostgres.Database(name, url(name));
    }

    private String url(String database) {
        return "jdbc:postgresql://localhost:%d/%s?user=postgres&logServerErrorDetail=false"
                .formatted(port, database);
    }

    /// Kills the server as `kill -9` does, and starts it again.
    void killAndRestart() throws IOException, InterruptedException {
        kill();
        server.close();
        for (int tries = 1; ; tries++) {
            try {
                server = start();
                return;
            } catch (IOException | IllegalStateException e) {
                if (tries == TRIES_MAX) {
                    throw e;
                }
                // It may have been too slow only: two servers cannot share the folder.
                kill();
                Thread.sleep(500);
            }
        }
    }

    private void kill() throws IOException {
        Path running = data.resolve("postmaster.pid");
        if (Files.exists(running)) {
            long pid = Long.parseLong(Files.readAllLines(running).getFirst());
            ProcessHandle.of(pid).ifPresent(TestCluster::killFamily);
        }
        // A start that fails keeps its lock in this JVM; another file is another lock.
        Files.deleteIfExists(data.resolve("epg-lock"));
    }

    /// The children hold the shared memory: a new server starts only when the last is gone.
    private static void killFamily(ProcessHandle postmaster) {
        List<ProcessHandle> children = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        postmaster.onExit().join();
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(child -> child.onExit().join());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
