package org.doctorbird.exchange;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ModelShape;

/// A satellite's side of what happens when one of the two databases is not the one that spoke last:
/// it counts the contacts, and tells central what it holds when central does not know any more.
final class Continuity {

    /// Other workers may be answered while this one is on its way.
    private static final int ATTEMPTS = 3;

    private static final Set<ErrorCode> BEHIND =
            Set.of(ErrorCode.SATELLITE_BEHIND, ErrorCode.SATELLITE_COPIED);

    private final SatelliteStore store;
    private final Link link;
    private final CentralModels models;

    Continuity(SatelliteStore store, Link link, CentralModels models) {
        this.store = store;
        this.link = link;
        this.models = models;
    }

    /// A greeting and what it answers.
    record Greeted(Hello hello, Greeting greeting) {}

    /// Greets central. When an earlier attempt was not answered, that contact is ended first: its
    /// token may be in a backup, and nothing may happen that such a backup does not know of before
    /// central has a token that cannot be in it.
    ///
    /// @param words of the hello, for what is remembered of the contacts
    /// @param asking hands the hello to central
    Greeted greet(Function<SatelliteTransaction, Hello> words, Function<Hello, Greeting> asking) {
        if (store.inTransaction(ContinuityTransaction::isContactOpen)) {
            Greeted former = attempt(words, link::begin);
            store.inTransaction(transaction -> {
                noteContact(transaction, former);
                return 0;
            });
        }
        return attempt(words, asking);
    }

    /// A worker that another one has overtaken looks older than it is, and tries again.
    private Greeted attempt(
            Function<SatelliteTransaction, Hello> words, Function<Hello, Greeting> asking) {
        Hello hello = store.inTransaction(words);
        for (int attempt = 1; ; attempt++) {
            try {
                return new Greeted(hello, asking.apply(hello));
            } catch (SyncException e) {
                Hello again = store.inTransaction(words);
                if (!BEHIND.contains(e.code())
                        || attempt == ATTEMPTS
                        || again.checkpoint().equals(hello.checkpoint())) {
                    throw e;
                }
                hello = again;
            }
        }
    }

    private static void noteContact(ContinuityTransaction transaction, Greeted greeted) {
        Checkpoint made = greeted.hello().checkpoint().orElseThrow();
        if (isCounted(greeted)) {
            transaction.noteAnswered(made);
        } else {
            transaction.dropContact(made);
        }
    }

    private static boolean isCounted(Greeted greeted) {
        return greeted.greeting().contact() > 0;
    }

    /// Notes that central has answered. In another epoch it has to be told what is held here; a
    /// central that does not count contacts does not ask for that.
    ///
    /// @param order all models, each after those it refers to
    void note(SatelliteTransaction transaction, Greeted greeted, List<String> order) {
        Greeting greeting = greeted.greeting();
        noteContact(transaction, greeted);
        if (!greeting.epoch().equals(greeted.hello().epoch())) {
            transaction.enterEpoch(greeting.epoch());
            if (isCounted(greeted)) {
                transaction.beginPresenting(
                        order.stream().filter(this::moves).toList(), greeting.horizon());
            }
        }
    }

    private boolean moves(String model) {
        var mode = models.plan(model).mode();
        return mode.pushes() || mode.pulls() || mode.takesNew();
    }

    /// Tells central what is held here, where it has to be told. What central does not know becomes
    /// a change again; what has changed since comes as new. So nothing has to be pulled that is
    /// older than the beginning of this.
    void present() {
        for (Presenting some : store.inTransaction(ContinuityTransaction::presenting)) {
            if (models.has(some.model())) {
                present(some);
            }
            store.inTransaction(transaction -> {
                if (models.has(some.model()) && models.plan(some.model()).mode().pulls()) {
                    transaction.moveForward(
                            List.of(new Place(some.model(), Feed.PULL, end(some.horizon()))));
                }
                transaction.endPresenting(some.model());
                return 0;
            });
        }
    }

    private static Cursor end(long horizon) {
        return new Cursor(Math.max(0, horizon - 1), UidRange.ALL.last());
    }

    /// A version that waits here and that central has lost must not be stored any more: central
    /// would not know of it.
    private void presentUnstored(ModelShape shape, int batch) {
        Optional<UUID> after = Optional.empty();
        while (true) {
            Optional<UUID> from = after;
            List<Receipt> waiting =
                    store.inTransaction(transaction -> transaction.unstored(shape, from, batch));
            if (waiting.isEmpty()) {
                return;
            }
            Set<UUID> unknown = new HashSet<>();
            link.present(shape.model(), waiting).forEach(some -> unknown.add(some.uid()));
            if (!unknown.isEmpty()) {
                store.inTransaction(transaction -> {
                    transaction.giveUp(
                            shape,
                            waiting.stream().filter(some -> unknown.contains(some.uid())).toList());
                    return 0;
                });
            }
            after = Optional.of(waiting.getLast().uid());
        }
    }

    private void present(Presenting some) {
        ModelShape shape = models.shape(some.model());
        int batch = models.plan(some.model()).batch();
        presentUnstored(shape, batch);
        Optional<UUID> after = some.after();
        while (true) {
            Optional<UUID> from = after;
            List<Receipt> held =
                    store.inTransaction(transaction -> transaction.held(shape, from, batch));
            if (held.isEmpty()) {
                return;
            }
            List<UnknownVersion> unknown = link.present(some.model(), held);
            UUID last = held.getLast().uid();
            store.inTransaction(transaction -> {
                if (!unknown.isEmpty()) {
                    transaction.reopen(shape, held, unknown);
                    holdIfForbidden(transaction, shape, unknown);
                }
                transaction.notePresented(some.model(), last);
                return 0;
            });
            after = Optional.of(last);
        }
    }

    /// What the mode does not let out stays here, and is seen, until central sends another version.
    private void holdIfForbidden(
            SatelliteTransaction transaction, ModelShape shape, List<UnknownVersion> unknown) {
        if (models.plan(shape.model()).mode().pushes()) {
            return;
        }
        List<UUID> uids = unknown.stream().map(UnknownVersion::uid).toList();
        transaction.settle(
                shape,
                transaction.lock(shape, uids).values().stream()
                        .filter(local -> local.lastSynchronisation().isEmpty())
                        .map(local ->
                                new Settlement.Held(
                                        local.uid(),
                                        local.revision(),
                                        ErrorCode.MODE_FORBIDS,
                                        "central has lost this version"))
                        .toList());
    }

    /// Goes on in the place of the database before, of which this one is an older state. Repeatable
    /// after a failure.
    void resync() {
        UUID next = store.inTransaction(ContinuityTransaction::nextIncarnation);
        link.resync(next);
        takeIncarnation(next);
    }

    /// Takes part as another instance from now on, unless central knows another database under its
    /// login, such as the one that this is a copy of. Repeatable after a failure.
    void separate(long clockMicros) {
        UUID next = store.inTransaction(ContinuityTransaction::nextIncarnation);
        var _ = link.begin(new Hello(Hello.PROTOCOL, next, models.version(), "", 0, clockMicros));
        takeIncarnation(next);
    }

    private void takeIncarnation(UUID next) {
        store.inTransaction(transaction -> {
            transaction.takeIncarnation(next);
            transaction.enterEpoch("");
            return 0;
        });
    }
}
