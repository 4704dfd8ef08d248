package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.doctorbird.app.testing.Cluster;
import org.doctorbird.app.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Invariants 1 and 2 with real processes that die at any step.
final class KilledProgramsTest {

    /// Each misfortune once; the tests of system faults bring them again and again.
    private static final int ROUNDS = 5;

    /// After many failures a task waits for five minutes until it tries again.
    private static final int SECONDS_MAX = 600;

    @TempDir private Path folder = Path.of("");

    /// Goal: nothing that an application committed is lost, and all instances come into step.
    /// Method: while applications write at three places, satellites' programs, central's program
    /// and both PostgreSQL servers are killed by turns with `kill -9` and started again; one
    /// satellite's program is stopped for a while and goes on afterwards, when another has taken
    /// its work over.
    ///
    /// `-Dseed=N` chooses other moments.
    @Test
    void whateverIsKilledNothingIsLostAndAllComeIntoStep() throws Exception {
        long seed = Long.getLong("seed", 1);
        var random = new Random(seed);
        int port = Cluster.freePort();
        try (var away = new Cluster(Files.createDirectory(folder.resolve("pg-away")));
                var home = new Cluster(Files.createDirectory(folder.resolve("pg-home")));
                var programs = new TestPrograms(folder.resolve("logs"), "192m")) {
            TestInstance central =
                    TestInstance.central(
                            folder.resolve("central"), port, database(home, "central"));
            central.succeed("install");
            Process serving = programs.start(central, "serve");
            SmallHeapTest.awaitPort(port);
            TestInstance first = satellite(central, "first", port, database(away, "first"));
            TestInstance second = satellite(central, "second", port, database(away, "second"));
            Process firstRuns = programs.start(first, "serve");
            Process secondRuns = programs.start(second, "serve");
            var writers =
                    List.of(
                            new Writer(central, "c", seed),
                            new Writer(first, "f", seed + 1),
                            new Writer(second, "s", seed + 2));
            writers.forEach(Thread::start);

            for (int round = 0; round < ROUNDS; round++) {
                TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(2_000));
                switch (round % 5) {
                    case 0 -> firstRuns = restarted(programs, firstRuns, first);
                    case 1 -> restart(home);
                    case 2 -> serving = restarted(programs, serving, central);
                    case 3 -> restart(away);
                    default -> secondRuns = pausedBeside(programs, secondRuns, second);
                }
                // What could not start because its database was just gone.
                serving = alive(programs, serving, central);
                firstRuns = alive(programs, firstRuns, first);
                secondRuns = alive(programs, secondRuns, second);
            }
            for (Writer writer : writers) {
                writer.end();
            }
            awaitAlive(programs, serving, central, port);
            alive(programs, firstRuns, first);
            alive(programs, secondRuns, second);

            awaitStep(seed, central, first, second);
            assertThat(programs.output()).as("seed %d", seed).doesNotContain("DRB-9001");
            for (Writer writer : writers) {
                for (TestInstance instance : List.of(central, first, second)) {
                    assertThat(streets(instance))
                            .as("seed %d, written at %s", seed, writer.prefix)
                            .containsAll(writer.committed);
                }
            }
        }
    }

    private static TestPostgres.Database database(Cluster cluster, String name) {
        return new TestPostgres.Database(name, cluster.database(name));
    }

    private static void restart(Cluster cluster) throws Exception {
        cluster.kill();
        cluster.start();
    }

    private static Process restarted(TestPrograms programs, Process process, TestInstance instance)
            throws Exception {
        process.destroyForcibly().waitFor();
        return programs.start(instance, "serve");
    }

    private static Process alive(TestPrograms programs, Process process, TestInstance instance)
            throws Exception {
        return process.isAlive() ? process : programs.start(instance, "serve");
    }

    private static void awaitAlive(
            TestPrograms programs, Process process, TestInstance instance, int port)
            throws Exception {
        for (int tries = 0; tries < 5; tries++) {
            Process current = alive(programs, process, instance);
            try {
                SmallHeapTest.awaitPort(port);
                return;
            } catch (AssertionError e) {
                process = current;
            }
        }
    }

    /// Stops a program as a machine that sleeps would, lets another one take its work over, and
    /// lets it go on.
    private static Process pausedBeside(
            TestPrograms programs, Process process, TestInstance instance) throws Exception {
        signal(process, "-STOP");
        Process other = programs.start(instance, "serve");
        TimeUnit.SECONDS.sleep(12);
        signal(process, "-CONT");
        TimeUnit.SECONDS.sleep(1);
        process.destroyForcibly().waitFor();
        return other;
    }

    private static void signal(Process process, String signal) throws Exception {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }

    private static void awaitStep(long seed, TestInstance... instances) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        Set<String> digests = Set.of();
        while (System.nanoTime() < end) {
            digests = new HashSet<>();
            for (TestInstance instance : instances) {
                digests.add(instance.digest());
            }
            if (digests.size() == 1) {
                return;
            }
            TimeUnit.SECONDS.sleep(2);
        }
        var told = new StringBuilder("seed " + seed + ": not in step\n");
        for (TestInstance instance : instances) {
            told.append(instance.doctorbird("status").out());
            told.append(instance.doctorbird("digest").out());
        }
        throw new AssertionError(told);
    }

    private static Set<String> streets(TestInstance instance) throws SQLException {
        try (Connection connection = instance.database().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select street from address")) {
            var streets = new HashSet<String>();
            while (rows.next()) {
                streets.add(rows.getString(1));
            }
            return streets;
        }
    }

    /// An application: new people with addresses, and changes of whatever is there.
    private static final class Writer extends Thread {

        private final TestInstance instance;
        private final String prefix;
        private final Random random;
        private final AtomicBoolean isEnding = new AtomicBoolean();
        private final Set<String> committed = new HashSet<>();

        Writer(TestInstance instance, String prefix, long seed) {
            super("writer " + prefix);
            this.instance = instance;
            this.prefix = prefix;
            this.random = new Random(seed);
        }

        @Override
        public void run() {
            for (int number = 1; !isEnding.get(); number++) {
                try {
                    write(number);
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(60));
                } catch (SQLException e) {
                    // The server is down or the engine holds the row; the application tries again.
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private void write(int number) throws SQLException {
            String street = prefix + " street " + number;
            try (Connection connection = instance.database().connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        """
                        with p as (insert into party (name) values ('%s %d') returning id)
                        insert into address (party, street) select id, '%s' from p
                        """
                                .formatted(prefix, number, street));
                committed.add(street);
                statement.execute(
                        """
                        update party set born = date '1950-01-01' + %d
                        where id = (select id from party order by md5(id::text || %d) limit 1)
                        """
                                .formatted(random.nextInt(20_000), number));
            }
        }

        void end() throws InterruptedException {
            isEnding.set(true);
            join();
        }
    }

    private TestInstance satellite(
            TestInstance central, String name, int port, TestPostgres.Database database)
            throws Exception {
        TestInstance satellite =
                TestInstance.satellite(folder.resolve(name), name, port, database)
                        .with("[tasks]\ncycle = \"* * * * * *\"\n");
        central.succeed(
                "instance", "add", name, "--password-out", satellite.passwordFile().toString());
        satellite.succeed("install");
        return satellite;
    }
}
