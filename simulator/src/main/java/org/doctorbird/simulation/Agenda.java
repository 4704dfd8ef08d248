package org.doctorbird.simulation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Simulated time, and all that is to happen: what is due first happens first, and of what is due
/// at once that which was entered first.
///
/// An actor is work that lets time pass, such as a cycle that waits for an answer. Each has a
/// thread, but only one of all threads runs at any time, so everything is repeatable.
final class Agenda implements AutoCloseable {

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private final Set<Actor> living = new LinkedHashSet<>();
    private @Nullable Actor running;
    private long now;
    private long end;
    private long numbers;

    private record Entry(long time, long number, Runnable what) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /// An actor was killed, as by `kill -9`.
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed on purpose");
        }
    }

    /// Work that lets time pass.
    static final class Actor {
        private final Semaphore go = new Semaphore(0);
        private final Semaphore back = new Semaphore(0);
        private volatile @Nullable Throwable failure;
        private volatile boolean isKilled;
        private volatile boolean isOver;

        boolean isOver() {
            return isOver;
        }
    }

    /// Returns the time in microseconds since the beginning.
    long now() {
        return now;
    }

    /// Enters something.
    ///
    /// @param time not before now
    void at(long time, Runnable what) {
        entries.add(new Entry(Math.max(time, now), numbers++, what));
    }

    /// Lets everything happen up to and including a time.
    void runUntil(long time) {
        end = time;
        while (!entries.isEmpty() && entries.peek().time() <= time) {
            Entry next = entries.remove();
            now = Math.max(now, next.time());
            next.what().run();
        }
        now = time;
    }

    /// Starts an actor; it runs until it first lets time pass.
    Actor start(Runnable work) {
        var actor = new Actor();
        living.add(actor);
        var _ =
                Thread.ofVirtual()
                        .start(() -> {
                            actor.go.acquireUninterruptibly();
                            try {
                                work.run();
                            } catch (Killed e) {
                                // That is all that is left of it.
                            } catch (RuntimeException | Error e) {
                                actor.failure = e;
                            } finally {
                                actor.isOver = true;
                                actor.back.release();
                            }
                        });
        resume(actor);
        return actor;
    }

    private void resume(Actor actor) {
        if (actor.isOver) {
            return;
        }
        running = actor;
        actor.go.release();
        actor.back.acquireUninterruptibly();
        running = null;
        if (actor.isOver) {
            living.remove(actor);
        }
        switch (actor.failure) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> {}
        }
    }

    /// Lets time pass for the actor that calls.
    ///
    /// @throws Killed if it was killed meanwhile
    void pause(long micros) {
        Actor actor = running;
        if (actor == null) {
            throw new IllegalStateException("only an actor can wait");
        }
        long time = now + micros;
        boolean isNext = time <= end && (entries.isEmpty() || entries.peek().time() > time);
        if (isNext) {
            now = time;
            return;
        }
        at(time, () -> resume(actor));
        actor.back.release();
        actor.go.acquireUninterruptibly();
        if (actor.isKilled) {
            throw new Killed();
        }
    }

    /// Kills an actor where it waits.
    void kill(Actor actor) {
        actor.isKilled = true;
        at(now, () -> resume(actor));
    }

    /// Kills all processes.
    @Override
    public void close() {
        for (Actor actor : List.copyOf(living)) {
            actor.isKilled = true;
            resume(actor);
        }
    }
}
