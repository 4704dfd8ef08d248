package org.doctorbird.app.http;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// Interrupts work that takes too long. An interrupted read of a socket ends, and with it the
/// transaction.
final class Deadline implements AutoCloseable {

    private final ScheduledThreadPoolExecutor timer;

    Deadline() {
        timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("request-deadline").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Does the work in this thread.
    ///
    /// @throws SyncException `TIMED_OUT` if the work failed after it was interrupted
    <T> T within(Duration timeMax, Callable<T> work) throws Exception {
        var watch = new Watch(Thread.currentThread());
        ScheduledFuture<?> alarm =
                timer.schedule(watch::ring, timeMax.toNanos(), TimeUnit.NANOSECONDS);
        try {
            return work.call();
        } catch (Exception e) {
            if (watch.end()) {
                throw new SyncException(ErrorCode.TIMED_OUT, "the request took too long", e);
            }
            throw e;
        } finally {
            alarm.cancel(false);
            if (watch.end()) {
                // The interrupt was meant for the work, which has ended.
                Thread.interrupted();
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /// Rings at most once, and never after the end.
    private static final class Watch {

        private final Thread worker;
        private boolean hasEnded;
        private boolean hasRung;

        Watch(Thread worker) {
            this.worker = worker;
        }

        synchronized void ring() {
            if (!hasEnded) {
                hasRung = true;
                worker.interrupt();
            }
        }

        synchronized boolean end() {
            hasEnded = true;
            return hasRung;
        }
    }
}
