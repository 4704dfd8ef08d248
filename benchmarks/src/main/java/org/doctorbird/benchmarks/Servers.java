package org.doctorbird.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// The two PostgreSQL servers, one at each end of the line, in a temporary folder.
final class Servers implements AutoCloseable {

    private final Path folder;
    private final Server central;
    private final Server satellite;
    private final Optional<StatementTimes> statements;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Servers(
            Path folder, Server central, Server satellite, Optional<StatementTimes> statements) {
        this.folder = folder;
        this.central = central;
        this.satellite = satellite;
        this.statements = statements;
    }

    /// Starts both as they are installed.
    static Servers start() throws IOException {
        return start(Map.of());
    }

    /// Starts both.
    ///
    /// @param settings beyond those that every server of the benchmark has
    static Servers start(Map<String, String> settings) throws IOException {
        Path folder = Files.createTempDirectory("doctorbird-bench");
        Server central = Server.start(folder.resolve("central"), settings);
        try {
            return new Servers(
                    folder,
                    central,
                    Server.start(folder.resolve("satellite"), settings),
                    Optional.empty());
        } catch (IOException | RuntimeException e) {
            central.close();
            throw e;
        }
    }

    /// Starts both, counting what each statement takes.
    static Servers watched(Progress progress) throws IOException, SQLException {
        Servers plain =
                start(
                        Map.of(
                                "shared_preload_libraries",
                                "pg_stat_statements",
                                "pg_stat_statements.track_planning",
                                "on"));
        try {
            var times = new StatementTimes(List.of(plain.central, plain.satellite), progress);
            return new Servers(plain.folder, plain.central, plain.satellite, Optional.of(times));
        } catch (SQLException e) {
            plain.close();
            throw e;
        }
    }

    /// Returns where central, or the copy, is.
    Server central() {
        return central;
    }

    /// Returns where the clinic writes.
    Server satellite() {
        return satellite;
    }

    /// Returns a folder for everything; removed at the end.
    Path folder() {
        return folder;
    }

    /// Returns what counts the statements, if it is wanted.
    Optional<StatementTimes> statements() {
        return statements;
    }

    /// Writes what waits in memory to the disks and collects this program's garbage: every run
    /// begins alike.
    void settle() throws SQLException {
        central.settle();
        satellite.settle();
        System.gc();
    }

    /// Ends both. Does nothing the second time.
    @Override
    public void close() throws IOException {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        try (central;
                satellite) {
            // Both end, whatever happens to the first.
        }
        remove(folder);
    }

    private static void remove(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
