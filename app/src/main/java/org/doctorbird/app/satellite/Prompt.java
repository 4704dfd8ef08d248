package org.doctorbird.app.satellite;

import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.LocalChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Prompt work of a satellite: what is committed here is pushed at once, and a request hangs at
/// central, which answers it as soon as there is something for this satellite.
///
/// It comes on top of the cycles and rests on the same rules; whatever goes wrong here is left to
/// them. One process of a satellite works promptly, and another takes over when it ends.
final class Prompt implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Prompt.class);

    /// How often a process that does not work promptly looks whether it may.
    private static final Duration LEAD_EVERY = Duration.ofSeconds(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Duration LOOK_RARELY = Duration.ofMillis(250);

    /// Looking takes a tenth of the time, unless it takes long.
    private static final int PAUSE_TIMES = 9;

    private static final Duration FAILED_FIRST = Duration.ofSeconds(1);
    private static final Duration FAILED_LONGEST = Duration.ofMinutes(1);
    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final DataSource source;
    private final Satellite satellite;
    private final Thread thread;
    private final Pauses failures = new Pauses(FAILED_FIRST, FAILED_LONGEST);

    private Prompt(DataSource source, Satellite satellite) {
        this.source = source;
        this.satellite = satellite;
        this.thread = Thread.ofVirtual().name("prompt-push").unstarted(this::run);
    }

    /// Starts to work.
    static Prompt start(DataSource source, Satellite satellite) {
        var prompt = new Prompt(source, satellite);
        prompt.thread.start();
        return prompt;
    }

    private void run() {
        try {
            while (true) {
                try (LocalChanges changes = LocalChanges.open(source)) {
                    while (!changes.lead()) {
                        Thread.sleep(LEAD_EVERY);
                    }
                    lead(changes);
                } catch (RuntimeException e) {
                    requireOpen();
                    log("prompt work is interrupted; the cycles go on", e);
                    Thread.sleep(failures.next());
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void lead(LocalChanges changes) throws InterruptedException {
        LOG.atInfo().log("this process works promptly");
        try (var _ = PromptNews.start(source, satellite)) {
            var leases = new KeptLeases(satellite.leases());
            while (true) {
                long start = System.nanoTime();
                if (changes.hasCommitted()) {
                    push(changes, leases);
                }
                long pause = PAUSE_TIMES * (System.nanoTime() - start);
                Thread.sleep(
                        Duration.ofNanos(
                                Math.clamp(pause, LOOK_EVERY.toNanos(), LOOK_RARELY.toNanos())));
            }
        }
    }

    /// Pushes what waits. What fails is tried again after a pause, also if nothing more is written
    /// here.
    private void push(LocalChanges changes, KeptLeases leases) throws InterruptedException {
        InstalledSatellite current = satellite.current();
        try {
            var pushing =
                    current.tables().stream()
                            .filter(table -> table.plan().mode().pushes())
                            .toList();
            if (pushing.isEmpty()) {
                return;
            }
            Set<String> waiting = changes.waiting(pushing);
            for (String model : current.order()) {
                if (waiting.contains(model)) {
                    satellite.push(model, leases);
                }
            }
            failures.reset();
        } catch (SyncException e) {
            requireOpen();
            leases.forget();
            changes.lookAgain();
            if (e.code() == ErrorCode.FENCED) {
                Thread.sleep(LOOK_RARELY);
                return;
            }
            log("changes could not be pushed at once; tried again", e);
            Thread.sleep(failures.next());
        }
    }

    /// Work that is interrupted may fail in any way.
    static void requireOpen() throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
    }

    static void log(String sentence, RuntimeException failure) {
        ErrorCode code = failure instanceof SyncException known ? known.code() : ErrorCode.INTERNAL;
        LOG.atInfo()
                .addKeyValue("code", code.code())
                .addKeyValue("kind", failure.getClass().getSimpleName())
                .log(sentence);
    }

    /// Ends what is under way, and returns when it has ended.
    @Override
    public void close() {
        end(thread);
    }

    static void end(Thread thread) {
        thread.interrupt();
        try {
            if (!thread.join(END_MAX)) {
                LOG.atWarn().addKeyValue("thread", thread.getName()).log("does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
