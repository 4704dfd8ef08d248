package org.doctorbird.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.random.RandomGeneratorFactory;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Capturing misses no change, however many connections write and however late they commit.
///
/// `-Dwriters.connections=100 -Dwriters.seconds=60` is the whole; `./check` takes a share.
final class ManyWritersTest {

    private static final long SEED = Long.getLong("seed", 3);
    private static final int CONNECTIONS = Integer.getInteger("writers.connections", 30);
    private static final int SECONDS = Integer.getInteger("writers.seconds", 6);

    /// Every so many-th connection keeps its transactions open.
    private static final int SLOW_EVERY = 4;

    private static final int BATCH = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir Path folder = Path.of("");

    private final SplittableGenerator random =
            RandomGeneratorFactory.<SplittableGenerator>of("L64X128MixRandom").create(SEED);

    @Test
    void whileCyclesRunNoCommitOfAnyConnectionIsMissed()
            throws IOException, SQLException, InterruptedException, ExecutionException {
        var region = new Region(folder, _ -> TestPostgres.NEWEST.freshDatabase().url(), BATCH);
        Region.Place clinic = region.satellite("may_pen", 1);
        Files.writeString(
                clinic.file(),
                "[tasks]\ncycle = \"* * * * * *\"\nprompt = true\n",
                StandardOpenOption.APPEND);
        try (var _ = Central.open(region.central().settings())) {
            var _ = Satellite.install(clinic.settings());
            try (var satellite = Satellite.serve(clinic.settings(), ExchangeListener.NONE)) {
                List<String> written = write(region.central(), clinic);
                assertHasMoved(clinic, region.central());
                assertHasMoved(region.central(), clinic);
                var agreement = new Agreement(region.central(), clinic);
                synchroniseToTheEnd(satellite, region.central(), clinic, agreement);

                for (Region.Place place : List.of(region.central(), clinic)) {
                    assertSame(place.written(), written, place.name());
                }
            }
        }
    }

    /// @return what must be there in the end
    private List<String> write(Region.Place central, Region.Place clinic)
            throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        var written = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> writing = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Region.Place place = i % 2 == 0 ? clinic : central;
                boolean isSlow = i / 2 % SLOW_EVERY == 0;
                writing.add(threads.submit(new Clerk(place, i, isSlow, random.split(), end)));
            }
            for (Future<List<String>> one : writing) {
                written.addAll(one.get());
            }
        }
        return written;
    }

    /// The exchange has gone on beside the writers.
    private static void assertHasMoved(Region.Place from, Region.Place to) throws SQLException {
        assertThat(to.written())
                .as("seed %d, at %s", SEED, to.name())
                .anyMatch(text -> text.startsWith(from.name()));
    }

    /// Tells only what differs: there are thousands.
    private static void assertSame(List<String> actual, List<String> expected, String where) {
        assertThat(actual).as("seed %d, at %s", SEED, where).doesNotHaveDuplicates();
        var missing = new HashSet<>(expected);
        actual.forEach(missing::remove);
        assertThat(missing).as("seed %d, missing at %s", SEED, where).isEmpty();
        var tooMuch = new HashSet<>(actual);
        expected.forEach(tooMuch::remove);
        assertThat(tooMuch).as("seed %d, left over at %s", SEED, where).isEmpty();
    }

    /// What waits for something else, such as a visit that came before its party, is tried again,
    /// at central too: a visit may have been parked while its party was being stored.
    private static void synchroniseToTheEnd(
            Satellite satellite, Region.Place central, Region.Place clinic, Agreement agreement)
            throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && !agreement.isReached()) {
            central.hurry();
            clinic.hurry();
            try {
                var _ = satellite.synchronise(EnumSet.allOf(Cycle.Work.class));
            } catch (SyncException e) {
                // The worker beside it may be at the same piece.
                assertThat(e.code().action()).as("%s", e.code()).isEqualTo(ErrorCode.Action.RETRY);
            }
        }
        assertThat(agreement.isReached())
                .as("seed %d: %s; %s", SEED, differing(central, clinic), agreement)
                .isTrue();
    }

    /// Returns the texts that only one place has: they say who wrote them. Where there is none, a
    /// record is there twice, or a companion says that one is there that is not.
    private static String differing(Region.Place central, Region.Place clinic) throws SQLException {
        List<String> here = clinic.written();
        List<String> there = central.written();
        var onlyHere = new HashSet<>(here);
        there.forEach(onlyHere::remove);
        var onlyThere = new HashSet<>(there);
        here.forEach(onlyThere::remove);
        return "%d texts at central, %d at the clinic; only at central %s, only at the clinic %s"
                .formatted(there.size(), here.size(), onlyThere, onlyHere);
    }
}
