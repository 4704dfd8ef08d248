package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.http.CentralServer;
import org.doctorbird.app.postgres.PostgresCentralStore;
import org.doctorbird.app.postgres.PostgresSessions;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.testing.Cluster;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.codec.CentralMethods;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Prompt work, with real programs, databases and HTTP. No cycle starts by itself in these tests:
/// what arrives has come promptly.
final class PromptTest {

    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /// Ends long before a request that waits would.
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final String NO_CYCLES = "[tasks]\ncycle = \"0 0 0 1 1 *\"\n";
    private static final String PROMPT = NO_CYCLES + "prompt = true\n";

    @TempDir private Path folder = Path.of("");
    private TestInstance central = nothing();
    private int port;

    private static TestInstance nothing() {
        return new TestInstance(new TestPostgres.Database("", ""), Path.of(""));
    }

    @BeforeEach
    void install() throws Exception {
        port = Cluster.freePort();
        central = TestInstance.central(folder.resolve("central"), port);
        central.succeed("install");
    }

    @AfterEach
    void endPool() {
        central.database().endPool();
    }

    private TestInstance satellite(String name, int at) throws SQLException {
        TestInstance made = TestInstance.satellite(folder.resolve(name), name, at).with(PROMPT);
        central.succeed("instance", "add", name, "--password-out", made.passwordFile().toString());
        made.succeed("install");
        return made;
    }

    private static Satellite serve(TestInstance instance) {
        return Satellite.serve(instance.settings(), ExchangeListener.NONE);
    }

    private static void await(TestInstance at, String query, String value) throws Exception {
        long end = System.nanoTime() + WAIT_MAX.toNanos();
        while (!at.value(query).equals(value)) {
            assertThat(System.nanoTime()).as("waited for %s", query).isLessThan(end);
            Thread.sleep(Duration.ofMillis(20));
        }
    }

    private static String count(String name) {
        return "select count(*) from party where name = '" + name + "'";
    }

    @Test
    void aChangeShowsEverywhereWithoutACycle() throws Exception {
        try (Central _ = Central.open(central.settings())) {
            TestInstance mayPen = satellite("may-pen", port);
            TestInstance lionelTown = satellite("lionel-town", port);
            try (Satellite _ = serve(mayPen);
                    Satellite _ = serve(lionelTown)) {
                mayPen.run("insert into party (name) values ('Ida')");
                await(central, count("Ida"), "1");
                await(lionelTown, count("Ida"), "1");

                central.run("update party set born = '1958-03-27' where name = 'Ida'");
                String born = "select born from party where name = 'Ida'";
                await(mayPen, born, "1958-03-27");
                await(lionelTown, born, "1958-03-27");

                central.run("delete from party");
                await(mayPen, count("Ida"), "0");
                await(lionelTown, count("Ida"), "0");
            }
        }
    }

    /// Goal: a transaction that began earlier and commits later is not missed, on either side.
    /// Method: a younger one commits and arrives meanwhile.
    @Test
    void whatCommitsLateIsNotMissed() throws Exception {
        try (Central _ = Central.open(central.settings())) {
            TestInstance mayPen = satellite("may-pen", port);
            try (Satellite _ = serve(mayPen)) {
                try (Connection early = mayPen.database().connect();
                        Statement statement = early.createStatement()) {
                    early.setAutoCommit(false);
                    statement.execute("insert into party (name) values ('early')");
                    mayPen.run("insert into party (name) values ('late')");
                    await(central, count("late"), "1");
                    early.commit();
                }
                await(central, count("early"), "1");

                try (Connection early = central.database().connect();
                        Statement statement = early.createStatement()) {
                    early.setAutoCommit(false);
                    statement.execute("insert into party (name) values ('early at central')");
                    central.run("insert into party (name) values ('late at central')");
                    await(mayPen, "select count(*) from party where name like '%central'", "0");
                    early.commit();
                }
                await(mayPen, "select count(*) from party where name like '%central'", "2");
            }
        }
    }

    @Test
    void aNewPlanIsTakenOverWhileARequestWaits() throws Exception {
        try (Central _ = Central.open(central.settings())) {
            TestInstance mayPen = satellite("may-pen", port);
            try (Satellite _ = serve(mayPen)) {
                mayPen.run("insert into party (name) values ('Ida')");
                await(central, count("Ida"), "1");
                String version =
                        "select value from doctorbird.engine_meta where key = 'plan_version'";
                String before = mayPen.value(version);

                Path plan = central.file().resolveSibling("plan.toml");
                Files.writeString(
                        plan, Files.readString(plan).replace("batch = 100", "batch = 90"));
                central.succeed("install");

                assertThat(central.value(version)).isNotEqualTo(before);
                await(mayPen, version, central.value(version));
                mayPen.run("insert into party (name) values ('Rosa')");
                await(central, count("Rosa"), "1");
            }
        }
    }

    @Test
    void itBeginsAgainWhenCentralHasBeenAway() throws Exception {
        TestInstance mayPen;
        Satellite serving;
        try (Central _ = Central.open(central.settings())) {
            mayPen = satellite("may-pen", port);
            serving = serve(mayPen);
            mayPen.run("insert into party (name) values ('Ida')");
            await(central, count("Ida"), "1");
        }
        try (serving) {
            mayPen.run("insert into party (name) values ('while away')");
            central.run("insert into party (name) values ('at central')");
            try (Central _ = Central.open(central.settings())) {
                await(central, count("while away"), "1");
                await(mayPen, count("at central"), "1");
            }
        }
    }

    @Test
    void atAnOldCentralChangesArePushedAtOnceAndTheRestIsLeftToTheCycles() throws Exception {
        var source = central.database().dataSource();
        TestInstance mayPen;
        try (Central _ = Central.open(central.settings())) {
            mayPen = satellite("may-pen", port);
        }
        var installed = InstalledCentral.load(source);
        var exchange =
                new CentralExchange(
                        new PostgresCentralStore(source, installed.tables()),
                        installed.models(),
                        ExchangeListener.NONE);
        try (var old =
                new CentralServer(
                        central.settings().requireCentral().server(),
                        new CentralMethods(exchange),
                        new PostgresSessions(source, new SecureRandom()),
                        InstantSource.system(),
                        "0.0.9")) {
            old.start();
            try (Satellite serving = serve(mayPen)) {
                mayPen.run("insert into party (name) values ('Ida')");
                await(central, count("Ida"), "1");

                central.run("insert into party (name) values ('Rosa')");
                var _ = serving.synchronise(EnumSet.allOf(Cycle.Work.class));
                assertThat(mayPen.value(count("Rosa"))).isEqualTo("1");
            }
        }
    }

    /// Method: whatever has been silent for half a second is cut.
    @Test
    void behindSomethingThatCutsSilentConnectionsChangesStillArrive() throws Exception {
        try (Central serving = Central.open(central.settings());
                var cutting = new CountingRelay(serving.port(), Duration.ofMillis(500))) {
            TestInstance mayPen = satellite("may-pen", cutting.port());
            try (Satellite _ = serve(mayPen)) {
                for (String name : List.of("Ida", "Rosa", "Una")) {
                    mayPen.run("insert into party (name) values ('" + name + "')");
                    await(central, count(name), "1");
                    central.run("update party set born = '1958-03-27' where name = '" + name + "'");
                    await(
                            mayPen,
                            "select born from party where name = '" + name + "'",
                            "1958-03-27");
                }
            }
        }
    }

    /// Central closes first, while a request waits there; then the satellite, whose request waits
    /// at another central.
    @Test
    void neitherProgramIsHeldUpByARequestThatWaits() throws Exception {
        Central first = Central.open(central.settings());
        TestInstance mayPen = satellite("may-pen", port);
        Satellite serving = serve(mayPen);
        central.run("insert into party (name) values ('Ida')");
        await(mayPen, count("Ida"), "1");

        long start = System.nanoTime();
        first.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);

        try (Central _ = Central.open(central.settings())) {
            central.run("insert into party (name) values ('Rosa')");
            await(mayPen, count("Rosa"), "1");
            start = System.nanoTime();
            serving.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        }
    }

    @Test
    void oneProcessWorksPromptlyAndAnotherTakesOver() throws Exception {
        String leaders =
                "select count(*) from pg_locks where locktype = 'advisory' and database ="
                        + " (select oid from pg_database where datname = current_database())";
        try (Central _ = Central.open(central.settings())) {
            TestInstance mayPen = satellite("may-pen", port);
            Satellite first = serve(mayPen);
            try (Satellite _ = serve(mayPen)) {
                await(mayPen, leaders, "1");
                first.close();
                mayPen.run("insert into party (name) values ('Ida')");
                await(central, count("Ida"), "1");
            }
        }
    }
}
