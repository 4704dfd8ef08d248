package org.doctorbird.app.satellite;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.Defects;
import org.doctorbird.app.LookoutPace;
import org.doctorbird.app.postgres.LocalChanges;
import org.doctorbird.app.postgres.SyncedTable;
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

    /// Another process has the work in hand.
    private static final Duration WAIT_FENCED = Duration.ofMillis(250);

    private static final Duration FAILED_FIRST = Duration.ofSeconds(1);
    private static final Duration FAILED_LONGEST = Duration.ofMinutes(1);
    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final DataSource source;
    private final Satellite satellite;
    private final Thread thread;
    private final Ending ending = new Ending();

    /// Looking takes a fifth of the time at most, unless it takes long.
    private final LookoutPace pace = new LookoutPace(Duration.ofMillis(5), Duration.ofMillis(1), 4);

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
        while (!ending.isAsked()) {
            try (LocalChanges changes = LocalChanges.open(source)) {
                while (!ending.isAsked() && !changes.lead()) {
                    ending.pause(LEAD_EVERY);
                }
                lead(changes);
            } catch (RuntimeException e) {
                log("prompt work is interrupted; the cycles go on", e);
                ending.pause(failures.next());
            }
        }
    }

    private void lead(LocalChanges changes) {
        LOG.atInfo().log("this process works promptly");
        try (var _ = PromptNews.start(source, satellite)) {
            var leases = new KeptLeases(satellite.leases());
            while (!ending.isAsked()) {
                long start = System.nanoTime();
                Set<String> waiting = changes.hasCommitted() ? waiting(changes) : Set.<String>of();
                if (waiting.isEmpty()) {
                    ending.pause(pace.after(start));
                } else {
                    push(changes, waiting, leases);
                    pace.found();
                }
            }
        }
    }

    private Set<String> waiting(LocalChanges changes) {
        List<SyncedTable> pushing =
                satellite.current().tables().stream()
                        .filter(table -> table.plan().mode().pushes())
                        .toList();
        return pushing.isEmpty() ? Set.of() : changes.waiting(pushing);
    }

    /// What fails is tried again after a pause, also if nothing more is written here.
    private void push(LocalChanges changes, Set<String> waiting, KeptLeases leases) {
        try {
            satellite.push(waiting, leases);
            failures.reset();
        } catch (SyncException e) {
            leases.forget();
            changes.lookAgain();
            if (e.code() == ErrorCode.FENCED) {
                ending.pause(WAIT_FENCED);
            } else {
                log("changes could not be pushed at once; tried again", e);
                ending.pause(failures.next());
            }
        }
    }

    /// Of a defect the log tells where it is, too.
    static void log(String sentence, RuntimeException failure) {
        if (failure instanceof SyncException known) {
            LOG.atInfo().addKeyValue("code", known.code().code()).log(sentence);
        } else {
            LOG.atWarn()
                    .addKeyValue("code", ErrorCode.INTERNAL.code())
                    .addKeyValue("defect", Defects.text(failure))
                    .log(sentence);
        }
    }

    /// Lets what is under way end, and returns then.
    @Override
    public void close() {
        ending.ask();
        awaitEnd(thread);
    }

    static void awaitEnd(Thread thread) {
        try {
            if (!thread.join(END_MAX)) {
                LOG.atWarn().addKeyValue("thread", thread.getName()).log("does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
