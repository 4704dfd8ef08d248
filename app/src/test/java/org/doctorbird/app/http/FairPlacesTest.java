package org.doctorbird.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.doctorbird.SyncException;
import org.doctorbird.codec.FakeCentral;
import org.doctorbird.codec.LinkContract;
import org.doctorbird.exchange.PlanGiven;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.Test;

/// Central has few places for requests; no satellite takes them all.
final class FairPlacesTest {

    private static final int PLACES = 4;
    private static final int REQUESTS = 30;
    private static final long WAIT_SECONDS = 60;
    private static final String OTHER = "other";

    /// Does not let go of one satellite's requests until it is told to.
    private static final class SlowForOne extends FakeCentral {

        private final CountDownLatch halfOfThePlaces = new CountDownLatch(PLACES / 2);
        private final CountDownLatch end = new CountDownLatch(1);
        private final AtomicInteger arrived = new AtomicInteger();

        // Whoever waits here must not lock the others out.
        @SuppressWarnings("UnsynchronizedOverridesSynchronized")
        @Override
        public PlanGiven plan(InstanceId caller) {
            if (caller.equals(LinkContract.CLINIC)) {
                arrived.incrementAndGet();
                halfOfThePlaces.countDown();
                await(end);
            }
            return super.plan(caller);
        }

        static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void theRequestsOfOneSatelliteDoNotTakeThePlacesOfOthers() {
        var central = new SlowForOne();
        var limits =
                new RequestLimits(4L << 20, PLACES, Duration.ofMinutes(1), Duration.ofMillis(300));
        try (var served = new ServedCentral(central, limits);
                HttpLink heavy = served.link();
                HttpLink light = new HttpLink(served.settings(OTHER), _ -> LinkContract.SHAPE);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            served.sessions.know(OTHER, new InstanceId(77));
            for (int i = 0; i < REQUESTS; i++) {
                var _ = threads.submit(() -> askInVain(heavy));
            }
            SlowForOne.await(central.halfOfThePlaces);

            assertThat(light.plan().version()).isEqualTo("7");

            assertThat(central.arrived).hasValue(PLACES / 2);
            central.end.countDown();
        }
    }

    /// Who has waited for long for a place of its own is told to come again.
    private static String askInVain(HttpLink heavy) {
        try {
            return heavy.plan().version();
        } catch (SyncException e) {
            return e.code().code();
        }
    }
}
