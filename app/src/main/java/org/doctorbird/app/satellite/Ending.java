package org.doctorbird.app.satellite;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.jspecify.annotations.Nullable;

/// Asks a thread to end. It breaks off pauses and a request that hangs, but no work with the
/// database.
final class Ending {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread hanging;

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /// Waits for so long, or until it is asked to end.
    void pause(Duration pause) {
        try {
            var _ = asked.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            ask();
        }
    }

    /// Makes a request that may be broken off.
    ///
    /// @throws SyncException `CENTRAL_UNREACHABLE` when it was broken off, and what the request
    ///   throws
    <T> T hang(Supplier<T> request) {
        hang(Thread.currentThread());
        try {
            return request.get();
        } finally {
            hang((Thread) null);
        }
    }

    private void hang(@Nullable Thread thread) {
        lock.lock();
        try {
            if (thread != null && isAsked()) {
                throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "nobody waits any more");
            }
            hanging = thread;
            if (thread == null && isAsked()) {
                // The interrupt was meant for the request.
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    void ask() {
        lock.lock();
        try {
            asked.countDown();
            if (hanging != null) {
                hanging.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
