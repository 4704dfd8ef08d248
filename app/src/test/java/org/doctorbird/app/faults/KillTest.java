package org.doctorbird.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.testing.Cluster;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is killed in the middle of a cycle, no write that an application was promised is lost
/// and none is doubled.
final class KillTest {

    /// To repeat a choice of victims and moments: `-Dseed=`.
    private static final long SEED = Long.getLong("seed", 7);

    private static final List<String> HEAP = List.of("-Xmx256m");
    private static final int ROUNDS = 5;
    private static final int ROWS = 750;
    private static final int BATCH = 50;
    private static final int KILL_AFTER_MS_MIN = 100;
    private static final int KILL_AFTER_MS_MAX = 3000;
    private static final int CYCLES_MAX = 10;
    private static final int WRITER_SECONDS_MAX = 30;

    @TempDir Path folder = Path.of("");

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    private final List<Program> programs = new ArrayList<>();
    private final List<Cluster> clusters = new ArrayList<>();
    private final List<String> story = new ArrayList<>();

    private enum Victim {
        SATELLITE,
        CENTRAL,
        POSTGRES
    }

    @AfterEach
    void endProcesses() {
        programs.forEach(Program::close);
        clusters.forEach(Cluster::close);
    }

    private Program doctorbird(Region.Place place, String command) {
        Program program = Program.doctorbird(place.file(), HEAP, command);
        programs.add(program);
        return program;
    }

    private Program serve(Region region) throws InterruptedException {
        return doctorbird(region.central(), "serve").awaitSaid("central listens");
    }

    @Test
    void whateverIsKilledNothingPromisedIsLostAndNothingIsDoubled()
            throws IOException, SQLException, InterruptedException {
        var cluster = new Cluster(Files.createDirectory(folder.resolve("cluster")));
        clusters.add(cluster);
        var region = new Region(folder, cluster::database, BATCH);
        Region.Place clinic = region.satellite("may_pen", 1);
        Program central = serve(region);
        var _ = Satellite.install(clinic.settings());
        List<Application> applications =
                List.of(new Application(region.central()), new Application(clinic));

        for (int round = 0; round < ROUNDS; round++) {
            for (Application application : applications) {
                application.insertMany(round, ROWS);
            }
            Victim victim = Victim.values()[round < 3 ? round : random.nextInt(3)];
            Program sync = doctorbird(clinic, "sync");
            killAmidst(victim, List.of(sync, central), cluster, applications);
            int code = sync.awaitEnd();
            story.add(
                    "%s killed, sync ended with %d after %d lines"
                            .formatted(victim, code, sync.said().lines().count()));
            assertThat(code)
                    .as("seed %d, %s: %s", SEED, story, sync.said())
                    .isIn(victim == Victim.SATELLITE ? List.of(0, 137) : List.of(0, 4));
            if (victim == Victim.CENTRAL) {
                central = serve(region);
            }
        }

        synchroniseToTheEnd(clinic);
        new Agreement(region.central(), clinic)
                .assertNothingLostOrDoubled(applications, "seed %d, %s".formatted(SEED, story));
    }

    private void killAmidst(
            Victim victim,
            List<Program> syncAndCentral,
            Cluster cluster,
            List<Application> applications)
            throws IOException, InterruptedException {
        var isOver = new AtomicBoolean();
        List<CompletableFuture<Boolean>> writing =
                applications.stream().map(writer -> writer.writeUntil(isOver)).toList();
        Thread.sleep(random.nextInt(KILL_AFTER_MS_MIN, KILL_AFTER_MS_MAX));
        switch (victim) {
            case SATELLITE -> syncAndCentral.getFirst().kill();
            case CENTRAL -> syncAndCentral.getLast().kill();
            case POSTGRES -> cluster.kill();
        }
        isOver.set(true);
        for (var writer : writing) {
            boolean hasStayed = writer.orTimeout(WRITER_SECONDS_MAX, TimeUnit.SECONDS).join();
            assertThat(hasStayed || victim == Victim.POSTGRES)
                    .as("seed %d, %s: the application could write", SEED, story)
                    .isTrue();
        }
        if (victim == Victim.POSTGRES) {
            cluster.start();
        }
    }

    /// The first cycles may meet what the killed have left behind.
    private void synchroniseToTheEnd(Region.Place clinic) {
        try (var satellite = Satellite.open(clinic.settings(), ExchangeListener.NONE)) {
            for (int i = 0; i < CYCLES_MAX; i++) {
                try {
                    Cycle.Sum sum = satellite.synchronise(EnumSet.allOf(Cycle.Work.class));
                    if (sum.equals(new Cycle.Sum(0, 0, 0))) {
                        assertThat(satellite.status().models())
                                .as("seed %d, %s", SEED, story)
                                .allMatch(Agreement::isInStep);
                        return;
                    }
                } catch (SyncException e) {
                    story.add(e.code().name());
                    assertThat(e.code().action())
                            .as("seed %d, %s", SEED, story)
                            .isEqualTo(ErrorCode.Action.RETRY);
                }
            }
        }
        throw new AssertionError("seed %d, %s: it never comes to rest".formatted(SEED, story));
    }
}
