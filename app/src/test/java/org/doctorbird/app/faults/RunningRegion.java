package org.doctorbird.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.doctorbird.app.Closer;
import org.doctorbird.app.testing.Cluster;
import org.doctorbird.app.testing.Disk;
import org.doctorbird.app.testing.TestKeys;

/// Central and a clinic as they run in life: each with a PostgreSQL on a disk of its own, the
/// clinic with two processes that share its work, TLS over a line that can be harmed, applications
/// that write on both sides, and somebody who starts again whatever has ended.
final class RunningRegion implements AutoCloseable {

    private static final int BATCH = 50;
    private static final int DISK_MEBIBYTES = 256;
    private static final int ROWS = 300;
    private static final int LOOK_AGAIN_MS = 100;
    private static final int WRITER_SECONDS_MAX = 60;

    private final Closer opened = new Closer();
    private final List<String> javaOptions;
    private final Region region;
    private final Region.Place clinic;
    private final FaultProxy line;
    private final Site atCentral;
    private final Site atClinic;
    private final Agreement agreement;
    private final List<Application> applications;
    private final List<Program> programs = new ArrayList<>();
    private int rounds;

    /// What stands in one place.
    ///
    /// @param disk empty if this machine permits no small disks
    /// @param running its programs, all `serve`
    record Site(Cluster cluster, Optional<Disk> disk, List<Program> running) {}

    RunningRegion(Path folder) throws IOException, SQLException, InterruptedException {
        try {
            this.atCentral = site(folder.resolve("home"));
            this.atClinic = site(folder.resolve("away"));
            this.region = new Region(folder, this::database, BATCH);
            this.clinic = region.satellite("may_pen", 1);
            this.line = opened.add(new FaultProxy(region.port()));
            TestKeys keys = TestKeys.make(folder);
            this.javaOptions =
                    List.of(
                            "-Xmx192m",
                            "-XX:TieredStopAtLevel=1",
                            "-Djavax.net.ssl.trustStore=" + keys.store(),
                            "-Djavax.net.ssl.trustStorePassword=" + TestKeys.PASSWORD);
            overTls(folder, keys);
            atCentral.running().add(serve(region.central()).awaitSaid("central listens"));
            assertThat(start(clinic, "install").awaitEnd()).isZero();
            atClinic.running().addAll(List.of(serve(clinic), serve(clinic)));
            this.agreement = new Agreement(region.central(), clinic);
            this.applications = List.of(new Application(region.central()), new Application(clinic));
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    private Site site(Path folder) throws IOException, SQLException, InterruptedException {
        Optional<Disk> small = Disk.small(folder.resolve("disk"), DISK_MEBIBYTES);
        Disk disk = small.isPresent() ? small.get() : Disk.folder(folder.resolve("disk"));
        opened.add(disk);
        Cluster cluster = opened.add(new Cluster(disk, folder.resolve("postgres.log")));
        return new Site(cluster, small, new ArrayList<>());
    }

    private String database(String name) {
        return (name.equals("central") ? atCentral : atClinic).cluster().database(name);
    }

    private void overTls(Path folder, TestKeys keys) throws IOException {
        Files.writeString(folder.resolve("keys.password"), TestKeys.PASSWORD);
        Files.writeString(
                region.central().file(),
                Files.readString(region.central().file())
                        + """
                        tls_key_store = "%s"
                        tls_password_file = "keys.password"
                        """
                                .formatted(keys.store().getFileName()));
        Files.writeString(
                clinic.file(),
                Files.readString(clinic.file())
                                .replace(
                                        "http://127.0.0.1:" + region.port(),
                                        "https://127.0.0.1:" + line.port())
                        + """
                        [tasks]
                        cycle = "* * * * * *"
                        prompt = true
                        """);
    }

    private Program serve(Region.Place place) {
        return start(place, "serve");
    }

    private Program start(Region.Place place, String command) {
        Program program = Program.doctorbird(place.file(), javaOptions, command);
        opened.add(program);
        programs.add(program);
        return program;
    }

    Site atCentral() {
        return atCentral;
    }

    Site atClinic() {
        return atClinic;
    }

    FaultProxy line() {
        return line;
    }

    /// Starts again whatever has ended, as an administrator's machine does.
    private void restartWhatHasEnded() throws IOException, InterruptedException {
        restartWhatHasEnded(atCentral, region.central());
        restartWhatHasEnded(atClinic, clinic);
    }

    private void restartWhatHasEnded(Site site, Region.Place place)
            throws IOException, InterruptedException {
        if (!site.cluster().isRunning()) {
            site.cluster().start();
        }
        site.running().replaceAll(program -> program.isRunning() ? program : serve(place));
    }

    /// What goes wrong, more than once.
    interface Misfortune {

        /// It is over when this returns.
        void strike() throws IOException, InterruptedException;
    }

    /// While applications write at both places, a misfortune comes again and again.
    void suffer(Misfortune misfortune, long nanos)
            throws IOException, SQLException, InterruptedException {
        rounds++;
        for (Application application : applications) {
            application.insertMany(rounds, ROWS);
        }
        var isOver = new AtomicBoolean();
        List<CompletableFuture<Void>> writing =
                applications.stream().map(one -> one.writeThroughout(isOver)).toList();
        long end = System.nanoTime() + nanos;
        do {
            misfortune.strike();
            restartWhatHasEnded();
        } while (System.nanoTime() < end);
        isOver.set(true);
        for (var one : writing) {
            var _ = one.orTimeout(WRITER_SECONDS_MAX, TimeUnit.SECONDS).join();
        }
    }

    /// Waits until both sides are equal by themselves, and sees that nothing is lost.
    void assertAllIsWellAgain(int seconds, String when)
            throws IOException, SQLException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!agreement.isReached()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "%s: it never comes to rest: %s\n%s".formatted(when, agreement, said()));
            }
            Thread.sleep(LOOK_AGAIN_MS);
            region.central().hurry();
            clinic.hurry();
            restartWhatHasEnded();
        }
        agreement.assertNothingLostOrDoubled(applications, when);
        assertThat(said().lines().filter(line -> line.contains("DRB-9001"))).as(when).isEmpty();
    }

    private String said() {
        var said = new StringBuilder();
        for (Program program : programs) {
            said.append(program.said()).append('\n');
        }
        return said.toString();
    }

    @Override
    public void close() {
        opened.close();
    }
}
