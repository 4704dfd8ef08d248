package org.doctorbird.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.codec.FakeCentral;
import org.doctorbird.codec.LinkContract;
import org.doctorbird.exchange.FeedWatch;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Hello;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Requests that wait until there is something new.
final class WaitingRequestsTest {

    private static final int MANY = 500;
    private static final long WAIT_SECONDS = 60;
    private static final Hello HELLO =
            new Hello(Hello.PROTOCOL, new UUID(1, 1), "7", "epoch", 1, 1_000_000);

    /// Everybody waits until it is opened.
    private static final class Gate implements FeedWatch {

        private final CountDownLatch waiting;
        private final CountDownLatch open = new CountDownLatch(1);

        Gate(int expected) {
            waiting = new CountDownLatch(expected);
        }

        @Override
        public boolean await(InstanceId caller, long seen, Duration max)
                throws InterruptedException {
            waiting.countDown();
            return open.await(max.toSeconds(), TimeUnit.SECONDS);
        }

        void awaitAll() throws InterruptedException {
            assertThat(waiting.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static <T> List<Future<T>> start(ExecutorService threads, int count, Callable<T> task) {
        var started = new ArrayList<Future<T>>();
        for (int i = 0; i < count; i++) {
            started.add(threads.submit(task));
        }
        return started;
    }

    @Test
    void fiveHundredWaitWithoutTakingTheFewPlacesOfOthers() throws Exception {
        var gate = new Gate(MANY);
        try (var served = new ServedCentral(new FakeCentral(), gate);
                HttpLink link = served.link();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Greeting>> answers = start(threads, MANY, () -> awaitAtLast(link));
            gate.awaitAll();

            assertThat(link.plan().version()).isEqualTo("7");
            assertThat(answers).noneMatch(Future::isDone);

            gate.open.countDown();
            for (Future<Greeting> answer : answers) {
                assertThat(answer.get(WAIT_SECONDS, TimeUnit.SECONDS).planVersion()).isEqualTo("7");
            }
        }
    }

    /// Where hundreds come in the same moment, some do not get through and some are told to come
    /// again.
    private static Greeting awaitAtLast(HttpLink link) {
        while (true) {
            try {
                return link.await(HELLO, 45);
            } catch (SyncException e) {
                assertThat(e.code()).isIn(ErrorCode.CENTRAL_FAILED, ErrorCode.CENTRAL_UNREACHABLE);
            }
        }
    }

    @Test
    void aWaitIsNotCutByTheTimeForARequest() throws Exception {
        var limits = new RequestLimits(4L << 20, 1, Duration.ofSeconds(1), Duration.ofMillis(300));
        FeedWatch longer =
                (_, _, _) -> {
                    Thread.sleep(Duration.ofMillis(1_500));
                    return true;
                };
        try (var served = new ServedCentral(new FakeCentral(), Optional.of(longer), limits);
                HttpLink link = served.link()) {
            assertThat(link.await(HELLO, 45).epoch()).isEqualTo("epoch");
        }
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void whoHasNotHeardTheLatestIsAnsweredAtOnce(Encoding encoding) {
        var gate = new Gate(1);
        try (var served = new ServedCentral(new FakeCentral(LinkContract.SHAPE), gate);
                HttpLink link = served.link(encoding)) {
            assertThat(link.await(HELLO, 45).changedModels()).containsExactly(LinkContract.MODEL);
        }
        assertThat(gate.waiting.getCount()).isEqualTo(1);
    }

    @Test
    void closingTheLinkEndsItsWaitAtOnce() throws Exception {
        var gate = new Gate(1);
        try (var served = new ServedCentral(new FakeCentral(), gate);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpLink link = served.link();
            Future<Greeting> answer = threads.submit(() -> link.await(HELLO, 45));
            gate.awaitAll();

            link.close();

            assertThat(answer.isDone() || awaitEnd(answer)).isTrue();
            gate.open.countDown();
        }
    }

    private static boolean awaitEnd(Future<?> task) throws InterruptedException {
        try {
            task.get(WAIT_SECONDS, TimeUnit.SECONDS);
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            return true;
        } catch (java.util.concurrent.TimeoutException e) {
            return false;
        }
    }
}
