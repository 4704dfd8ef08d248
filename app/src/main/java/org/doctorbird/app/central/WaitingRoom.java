package org.doctorbird.app.central;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.LookoutPace;
import org.doctorbird.app.postgres.FeedLookout;
import org.doctorbird.exchange.FeedWatch;
import org.doctorbird.record.InstanceId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where requests wait until the feeds have something for their instance: any number of them, and
/// one thread with one connection that looks for all. Without anybody who waits it does nothing.
final class WaitingRoom implements FeedWatch, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingRoom.class);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final DataSource source;
    private final CurrentCentral central;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition somebodyCame = lock.newCondition();
    private final Map<InstanceId, Waiting> waiting = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Looking takes a tenth of the time, unless it takes long.
    private final LookoutPace pace =
            new LookoutPace(Duration.ofMillis(10), Duration.ofMillis(2), 9);

    private boolean isAnybodyNew;
    private String version;

    private WaitingRoom(DataSource source, CurrentCentral central) {
        this.source = source;
        this.central = central;
        this.version = central.version();
    }

    /// Opens it.
    static WaitingRoom open(DataSource source, CurrentCentral central) {
        var room = new WaitingRoom(source, central);
        var _ = Thread.ofVirtual().name("waiting-room").start(room::run);
        return room;
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /// One who waits.
    private static final class Waiting {

        private final CountDownLatch end = new CountDownLatch(1);
        private volatile boolean hasNews;
        private long seen;

        Waiting(long seen) {
            this.seen = seen;
        }

        void end(boolean withNews) {
            hasNews = withNews;
            end.countDown();
        }
    }

    @Override
    public boolean await(InstanceId caller, long seen, Duration max) throws InterruptedException {
        var mine = new Waiting(seen);
        lock.lock();
        try {
            if (isClosed()) {
                return false;
            }
            Waiting before = waiting.put(caller, mine);
            if (before != null) {
                before.end(false);
            }
            isAnybodyNew = true;
            somebodyCame.signal();
        } finally {
            lock.unlock();
        }
        try {
            var _ = mine.end.await(max.toNanos(), TimeUnit.NANOSECONDS);
            return mine.hasNews;
        } finally {
            lock.lock();
            try {
                waiting.remove(caller, mine);
            } finally {
                lock.unlock();
            }
        }
    }

    /// Whoever waits at a failure begins anew, and is told of it.
    private void run() {
        while (awaitSomebody()) {
            try (FeedLookout lookout = FeedLookout.open(source)) {
                while (awaitSomebody()) {
                    long start = System.nanoTime();
                    look(lookout);
                    pause(pace.after(start));
                }
            } catch (RuntimeException e) {
                if (isClosed()) {
                    return;
                }
                LOG.atWarn()
                        .addKeyValue("code", code(e).code())
                        .log("cannot look for news; those who wait are let go");
                endAll(true);
                pause(PAUSE_AFTER_FAILURE);
            }
        }
    }

    private static ErrorCode code(RuntimeException failure) {
        return failure instanceof SyncException known ? known.code() : ErrorCode.INTERNAL;
    }

    private void pause(Duration pause) {
        try {
            var _ = closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            close();
        }
    }

    /// @return false at the end
    private boolean awaitSomebody() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !isClosed()) {
                somebodyCame.awaitUninterruptibly();
            }
            return !isClosed();
        } finally {
            lock.unlock();
        }
    }

    private void look(FeedLookout lookout) {
        boolean hasCommitted = lookout.hasCommitted();
        Map<InstanceId, Waiting> present = present(hasCommitted);
        if (present.isEmpty()) {
            return;
        }
        CurrentCentral.Published published = central.published();
        if (!published.version().equals(version)) {
            version = published.version();
            endAll(true);
            return;
        }
        Map<InstanceId, Long> seen = new HashMap<>();
        present.forEach((instance, one) -> seen.put(instance, one.seen));
        FeedLookout.News news = lookout.look(published.feeds(), seen);
        if (!news.concerned().isEmpty()) {
            pace.found();
        }
        present.forEach((instance, one) -> {
            if (news.concerned().contains(instance)) {
                one.end(true);
            } else {
                one.seen = Math.max(one.seen, news.horizon());
            }
        });
    }

    /// Returns those who wait, if it is worth looking.
    private Map<InstanceId, Waiting> present(boolean hasCommitted) {
        lock.lock();
        try {
            boolean isWorthIt = hasCommitted || isAnybodyNew;
            isAnybodyNew = false;
            return isWorthIt ? Map.copyOf(waiting) : Map.of();
        } finally {
            lock.unlock();
        }
    }

    private void endAll(boolean withNews) {
        lock.lock();
        try {
            Set.copyOf(waiting.values()).forEach(one -> one.end(withNews));
        } finally {
            lock.unlock();
        }
    }

    /// Lets everybody go at once, and whoever comes later.
    @Override
    public void close() {
        lock.lock();
        try {
            closed.countDown();
            somebodyCame.signal();
        } finally {
            lock.unlock();
        }
        endAll(false);
    }
}
