package org.doctorbird.app.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.doctorbird.app.testing.Disk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Real programs, real servers and a real line; each test brings one misfortune over them again and
/// again while applications write on both sides. Afterwards both sides come into step by
/// themselves, and every write whose commit was confirmed is at both, once.
///
/// `-Dfaults.seconds=300` lets the misfortunes last so long altogether; `-Dseed=` chooses other
/// moments. All tests share one region, so that each meets what the ones before have left.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SystemFaultsTest {

    private static final long SEED = Long.getLong("seed", 11);
    private static final int SECONDS = Integer.getInteger("faults.seconds", 30);
    private static final int TESTS = 15;

    /// After a failure prompt work pauses for a minute at most, and a request hangs for one.
    private static final int REST_SECONDS_MAX = 180;

    private RunningRegion region;
    private RandomGenerator random;
    private String name;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException, SQLException, InterruptedException {
        region = new RunningRegion(folder);
    }

    @AfterAll
    void close() {
        region.close();
    }

    @BeforeEach
    void chooseMoments(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED * 31 + name.hashCode());
    }

    private void suffer(RunningRegion.Misfortune misfortune)
            throws IOException, SQLException, InterruptedException {
        region.suffer(
                () -> {
                    pause(50, 1_000);
                    misfortune.strike();
                },
                TimeUnit.SECONDS.toNanos(SECONDS) / TESTS);
        region.assertAllIsWellAgain(REST_SECONDS_MAX, name + ", seed " + SEED);
    }

    private void pause(int fromMs, int toMs) throws InterruptedException {
        Thread.sleep(random.nextInt(fromMs, toMs));
    }

    private static void kill(RunningRegion.Site site) {
        site.running().forEach(Program::kill);
    }

    private void sleep(List<Program> programs) throws IOException, InterruptedException {
        for (Program program : programs) {
            program.stop();
        }
        pause(500, 3_000);
        for (Program program : programs) {
            program.goOn();
        }
    }

    private void harm(FaultProxy.Mode mode, int fromMs, int toMs) throws InterruptedException {
        region.line().become(mode);
        pause(fromMs, toMs);
        region.line().become(new FaultProxy.Mode.Pass());
    }

    @Test
    void theClinicsProgramsAreKilled() throws IOException, SQLException, InterruptedException {
        suffer(() -> kill(region.atClinic()));
    }

    @Test
    void oneOfTheClinicsTwoWorkersIsKilledAndTheOtherGoesOn()
            throws IOException, SQLException, InterruptedException {
        suffer(() -> region.atClinic().running().get(random.nextInt(2)).kill());
    }

    @Test
    void centralsProgramIsKilled() throws IOException, SQLException, InterruptedException {
        suffer(() -> kill(region.atCentral()));
    }

    @Test
    void theClinicsDatabaseIsKilled() throws IOException, SQLException, InterruptedException {
        suffer(region.atClinic().cluster()::kill);
    }

    @Test
    void centralsDatabaseIsKilled() throws IOException, SQLException, InterruptedException {
        suffer(region.atCentral().cluster()::kill);
    }

    @Test
    void theClinicLosesItsPowerDatabaseAndAll()
            throws IOException, SQLException, InterruptedException {
        suffer(() -> {
            region.atClinic().cluster().kill();
            kill(region.atClinic());
        });
    }

    @Test
    void theClinicsProgramsStandStillAndGoOn()
            throws IOException, SQLException, InterruptedException {
        suffer(() -> sleep(region.atClinic().running()));
    }

    @Test
    void centralsProgramStandsStillAndGoesOn()
            throws IOException, SQLException, InterruptedException {
        suffer(() -> sleep(region.atCentral().running()));
    }

    @Test
    void theDatabasesStandStillAndGoOn() throws IOException, SQLException, InterruptedException {
        suffer(() -> {
            var site = random.nextBoolean() ? region.atCentral() : region.atClinic();
            site.cluster().stop();
            pause(500, 3_000);
            site.cluster().goOn();
        });
    }

    @Test
    void theLineIsSlow() throws IOException, SQLException, InterruptedException {
        suffer(() ->
                harm(
                        new FaultProxy.Mode.Slow(
                                random.nextInt(20, 300), random.nextInt(4_000, 100_000)),
                        1_000,
                        3_000));
    }

    @Test
    void theLineIsCutInTheMiddleOfRequestsAndAnswers()
            throws IOException, SQLException, InterruptedException {
        suffer(() -> {
            int bytes = random.nextInt(20_000);
            harm(
                    random.nextBoolean()
                            ? new FaultProxy.Mode.CutRequestAfter(bytes)
                            : new FaultProxy.Mode.CutAnswerAfter(bytes),
                    300,
                    1_500);
        });
    }

    @Test
    void theLineSwallowsEverything() throws IOException, SQLException, InterruptedException {
        suffer(() -> harm(new FaultProxy.Mode.BlackHole(), 500, 3_000));
    }

    @Test
    void theLineChangesWhatItCarries() throws IOException, SQLException, InterruptedException {
        suffer(() -> harm(new FaultProxy.Mode.Corrupt(random.nextInt(50, 10_000)), 500, 2_000));
    }

    @Test
    void theClinicsDiskIsFull() throws IOException, SQLException, InterruptedException {
        sufferFullDisk(region.atClinic());
    }

    @Test
    void centralsDiskIsFull() throws IOException, SQLException, InterruptedException {
        sufferFullDisk(region.atCentral());
    }

    /// The server may refuse single statements, or end because its log has no room: then it is
    /// started again when there is some.
    private void sufferFullDisk(RunningRegion.Site site)
            throws IOException, SQLException, InterruptedException {
        assumeTrue(
                site.disk().isPresent(),
                "a small disk needs file systems in user namespaces: permit unshare -Urm");
        Disk disk = site.disk().orElseThrow();
        suffer(() -> {
            disk.fill();
            pause(1_000, 2_000);
            disk.makeRoom();
        });
    }
}
