package org.doctorbird.exchange;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.doctorbird.SyncException;
import org.doctorbird.record.PushedRecord;

/// Pushes what waits, batch by batch: while batches are at central, the next one is read and the
/// answers to earlier ones are noted. Used once.
final class PushPipeline {

    /// Batches at central at one time.
    static final int DEPTH = 2;

    private final int depth;
    private final Aside aside;
    private final Function<Optional<String>, Pending> read;
    private final Function<List<PushedRecord>, List<PushAnswer>> push;
    private final BiConsumer<List<PushedRecord>, List<PushAnswer>> settle;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private long records;

    /// @param depth batches at central at one time, 1 or more
    /// @param read gives the batch that begins at a place
    PushPipeline(
            int depth,
            Aside aside,
            Function<Optional<String>, Pending> read,
            Function<List<PushedRecord>, List<PushAnswer>> push,
            BiConsumer<List<PushedRecord>, List<PushAnswer>> settle) {
        this.depth = depth;
        this.aside = aside;
        this.read = read;
        this.push = push;
        this.settle = settle;
    }

    private record Sent(List<PushedRecord> batch, Future<List<PushAnswer>> answers) {}

    /// Pushes everything.
    ///
    /// @return how many records
    /// @throws SyncException the first failure; requests that are under way are given up then, and
    ///   their records are pushed again another time
    long run() {
        try {
            var next = Optional.<String>empty();
            do {
                Pending pending = read.apply(next);
                send(pending.records());
                next = pending.next();
            } while (next.isPresent());
            while (!sent.isEmpty()) {
                settleOldest();
            }
            return records;
        } finally {
            sent.forEach(some -> some.answers().cancel(true));
        }
    }

    private void send(List<PushedRecord> batch) {
        if (batch.isEmpty()) {
            return;
        }
        while (sent.size() == depth) {
            settleOldest();
        }
        sent.add(new Sent(batch, aside.start(() -> push.apply(batch))));
        while (!sent.isEmpty() && sent.getFirst().answers().isDone()) {
            settleOldest();
        }
    }

    private void settleOldest() {
        Sent oldest = sent.getFirst();
        List<PushAnswer> answers = Aside.await(oldest.answers());
        settle.accept(oldest.batch(), answers);
        sent.removeFirst();
        records += oldest.batch().size();
    }
}
