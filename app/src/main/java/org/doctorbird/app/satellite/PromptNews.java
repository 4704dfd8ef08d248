package org.doctorbird.app.satellite;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.LocalChanges;
import org.doctorbird.exchange.Greeting;

/// The half of [Prompt] that takes what central has: a request hangs there all the time.
final class PromptNews implements AutoCloseable {

    private static final Duration FAILED_FIRST = Duration.ofSeconds(1);
    private static final Duration FAILED_LONGEST = Duration.ofMinutes(1);
    private static final Duration IN_VAIN_FIRST = Duration.ofMillis(20);
    private static final Duration IN_VAIN_LONGEST = Duration.ofSeconds(5);

    /// How often an old central is asked whether it is new by now.
    private static final Duration OLD_CENTRAL = Duration.ofMinutes(10);

    /// An answer without news that comes sooner is no answer to a wait.
    private static final Duration SOON = Duration.ofSeconds(1);

    private final DataSource source;
    private final Satellite satellite;
    private final Thread thread;
    private final Ending ending = new Ending();
    private final Pauses failures = new Pauses(FAILED_FIRST, FAILED_LONGEST);
    private final Pauses inVain = new Pauses(IN_VAIN_FIRST, IN_VAIN_LONGEST);
    private final KeptLeases leases;

    private PromptNews(DataSource source, Satellite satellite) {
        this.source = source;
        this.satellite = satellite;
        this.leases = new KeptLeases(satellite.leases());
        this.thread = Thread.ofVirtual().name("prompt-news").unstarted(this::run);
    }

    static PromptNews start(DataSource source, Satellite satellite) {
        var news = new PromptNews(source, satellite);
        news.thread.start();
        return news;
    }

    private void run() {
        while (!ending.isAsked()) {
            try {
                step();
                failures.reset();
            } catch (RuntimeException e) {
                if (!ending.isAsked()) {
                    leases.forget();
                    Prompt.log("no news from central for now; the cycles go on", e);
                    ending.pause(pause(e));
                }
            }
        }
    }

    private Duration pause(RuntimeException failure) {
        return failure instanceof SyncException known && known.code() == ErrorCode.METHOD_UNKNOWN
                ? OLD_CENTRAL
                : failures.next();
    }

    /// Waits for news and takes them. News that bring nothing, because somebody else is fetching
    /// them or they are not given yet, are asked for again after a growing pause.
    private void step() {
        long start = System.nanoTime();
        Greeting greeting = satellite.await(leases, ending);
        boolean isInVain =
                greeting.changedModels().isEmpty()
                        ? System.nanoTime() - start < SOON.toNanos()
                        : take(greeting) == 0;
        if (isInVain) {
            ending.pause(inVain.next());
        } else {
            inVain.reset();
        }
    }

    private long take(Greeting greeting) {
        Set<String> models = new HashSet<>(greeting.changedModels());
        models.removeAll(LocalChanges.beingFetched(source));
        return models.isEmpty() ? 0 : satellite.take(leases, greeting.of(models));
    }

    /// Breaks the request off, and returns when the work has ended.
    @Override
    public void close() {
        ending.ask();
        Prompt.awaitEnd(thread);
    }
}
