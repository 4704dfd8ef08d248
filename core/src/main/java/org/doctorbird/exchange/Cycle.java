package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.doctorbird.exchange.Continuity.Greeted;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.record.Cursor;

/// One cycle of a satellite: what the tasks `synchronise_push_all`, `synchronise_pull_all` and
/// `synchronise_new` do, in this order, each model after those it refers to. The task engine runs
/// the same pieces spread over workers.
public final class Cycle {

    /// Bounds one cycle when thousands of ends are refused again and again.
    private static final int RELEASES_MAX = 100;

    private final SatelliteStore store;
    private final Link link;
    private final Continuity continuity;
    private final SatelliteExchange exchange;
    private final CentralModels models;
    private final List<String> order;
    private final Function<String, Lease> leases;
    private final Aside aside;

    /// The three kinds of work of a cycle.
    public enum Work {
        /// Local changes go to central.
        PUSH,
        /// Changes of known records come.
        PULL,
        /// New records come.
        NEW
    }

    /// What a cycle did.
    ///
    /// @param pushed records pushed
    /// @param pulled changes received
    /// @param taken new records received
    public record Sum(long pushed, long pulled, long taken) {}

    /// @param models the plan that this satellite works with, with its own fields
    /// @param order the models' names, each after those it refers to
    /// @param leases takes over a piece of work by its name
    /// @param aside makes requests while other work goes on
    public Cycle(
            SatelliteStore store,
            Link link,
            SatelliteExchange exchange,
            CentralModels models,
            List<String> order,
            Function<String, Lease> leases,
            Aside aside) {
        this.store = store;
        this.link = link;
        this.continuity = new Continuity(store, link, models);
        this.exchange = exchange;
        this.models = models;
        this.order = List.copyOf(order);
        this.leases = leases;
        this.aside = aside;
    }

    /// Greets central: one small request, whatever the size of the stores, unless central has begun
    /// another epoch and has to be told what is held here. Whoever gets a greeting with another
    /// plan version fetches that plan before going on.
    ///
    /// @param clockMicros the satellite's clock, microseconds since 1970 UTC
    public Greeting begin(long clockMicros) {
        return begin(clockMicros, link::begin);
    }

    /// As the other one.
    ///
    /// @param asking hands the hello to central, such as [Link#await]
    public Greeting begin(long clockMicros, Function<Hello, Greeting> asking) {
        Greeted greeted =
                continuity.greet(
                        transaction ->
                                new Hello(
                                        Hello.PROTOCOL,
                                        transaction.incarnation(),
                                        models.version(),
                                        transaction.epoch(),
                                        seen(transaction.places()),
                                        Optional.of(transaction.checkpoint()),
                                        clockMicros),
                        asking);
        Greeting greeting = greeted.greeting();
        store.inTransaction(transaction -> {
            continuity.note(transaction, greeted, order);
            boolean isSameEpoch = greeting.epoch().equals(greeted.hello().epoch());
            if (isSameEpoch && !greeting.changedModels().isEmpty()) {
                transaction.moveForward(unchanged(greeting));
            }
            transaction.keepOwnConflicts(greeting.conflicts());
            return 0;
        });
        if (greeting.planVersion().equals(models.version())) {
            continuity.present();
        }
        return greeting;
    }

    /// Greets, and lets the feeds that have nothing for this satellite pass by what central has
    /// looked at. [#begin] does so only when another feed has something: an idle cycle writes
    /// nothing.
    ///
    /// @param beginning calls [#begin]
    public void passBy(Supplier<Greeting> beginning) {
        Greeting greeting = beginning.get();
        store.inTransaction(transaction -> {
            transaction.moveForward(unchanged(greeting));
            return 0;
        });
    }

    /// Goes on in the place of the database before, because this one was restored from a backup:
    /// the next cycle brings back what is missing and pushes what was changed here since.
    /// Repeatable after a failure.
    public void resync() {
        continuity.resync();
    }

    /// Takes part as another instance from the next cycle on, because this database is a copy of
    /// one that goes on. The login is that other instance's already.
    ///
    /// @param clockMicros the satellite's clock, microseconds since 1970 UTC
    /// @throws org.doctorbird.SyncException `INSTANCE_TAKEN` if a database has used that login
    public void separate(long clockMicros) {
        continuity.separate(clockMicros);
    }

    /// The transaction below which every feed of this satellite was read.
    private long seen(List<Place> places) {
        Map<String, Map<Feed, Cursor>> byModel = new HashMap<>();
        places.forEach(place ->
                byModel.computeIfAbsent(place.model(), _ -> new HashMap<>())
                        .put(place.feed(), place.cursor()));
        long seen = Long.MAX_VALUE;
        for (String model : models.givenNames()) {
            for (Feed feed : feeds(models.plan(model))) {
                Cursor cursor =
                        byModel.getOrDefault(model, Map.of()).getOrDefault(feed, Cursor.START);
                seen =
                        Math.min(
                                seen,
                                isWhole(cursor) ? cursor.transaction() + 1 : cursor.transaction());
            }
        }
        return seen == Long.MAX_VALUE ? 0 : seen;
    }

    /// A place behind the last possible uid has its whole transaction read.
    private static boolean isWhole(Cursor cursor) {
        return cursor.uid().equals(UidRange.ALL.last());
    }

    private static Set<Feed> feeds(ModelPlan plan) {
        var feeds = EnumSet.noneOf(Feed.class);
        if (plan.mode().pulls()) {
            feeds.add(Feed.PULL);
        }
        if (plan.mode().takesNew()) {
            feeds.add(Feed.NEW);
        }
        return feeds;
    }

    /// What ended at central before it knows that it is here is passed by too: it is given again
    /// when its receipt has come in.
    private List<Place> unchanged(Greeting greeting) {
        var places = new ArrayList<Place>();
        var end = new Cursor(greeting.horizon() - 1, UidRange.ALL.last());
        for (String model : models.givenNames()) {
            if (!greeting.changedModels().contains(model)) {
                feeds(models.plan(model)).forEach(feed -> places.add(new Place(model, feed, end)));
            }
        }
        return places;
    }

    /// Runs the chosen kinds of work to their end.
    ///
    /// @param greeting of this cycle, with the plan version of this satellite
    /// @throws org.doctorbird.SyncException at the first failure of link or database; what was done
    ///   stays done, and the next cycle goes on from there
    public Sum run(Greeting greeting, Set<Work> chosen) {
        return run(greeting, chosen, this::run);
    }

    /// Runs one kind of work on one model.
    public interface Piece {
        /// @return how many records
        long run(Work work, String model);

        /// New records of the model came together with those of others; [#run] is called only if
        /// there are more.
        default void takenTogether(String model, long records) {}
    }

    /// Runs the chosen kinds of work, each piece by somebody who wants to know how it ends.
    ///
    /// @throws org.doctorbird.SyncException as the other `run`
    public Sum run(Greeting greeting, Set<Work> chosen, Piece piece) {
        var sums = new EnumMap<Work, Long>(Work.class);
        for (Work work : Work.values()) {
            if (chosen.contains(work)) {
                List<String> due = due(work, greeting);
                SatelliteExchange.Together together =
                        work == Work.NEW ? takeNewTogether(due) : SatelliteExchange.Together.NONE;
                together.records().forEach(piece::takenTogether);
                List<String> rest = together.isAll() ? List.of() : due;
                sums.put(
                        work,
                        together.sum()
                                + rest.stream().mapToLong(model -> piece.run(work, model)).sum());
            }
        }
        if (chosen.contains(Work.PULL) || chosen.contains(Work.NEW)) {
            finish();
        }
        return new Sum(
                sums.getOrDefault(Work.PUSH, 0L),
                sums.getOrDefault(Work.PULL, 0L),
                sums.getOrDefault(Work.NEW, 0L));
    }

    /// Returns the models that have work of a kind, each after those it refers to.
    public List<String> due(Work work, Greeting greeting) {
        return switch (work) {
            case PUSH -> List.copyOf(waiting().keySet());
            case PULL -> among(greeting.changedModels());
            case NEW -> {
                Set<String> due = new HashSet<>(greeting.changedModels());
                due.addAll(store.inTransaction(SatelliteTransaction::modelsWithReceipts));
                yield among(due);
            }
        };
    }

    private List<String> among(Set<String> chosen) {
        return order.stream().filter(chosen::contains).toList();
    }

    /// Returns how many changes wait to be pushed, by model: those that have any, each after those
    /// it refers to.
    public Map<String, Long> waiting() {
        List<String> pushing =
                order.stream().filter(model -> models.plan(model).mode().pushes()).toList();
        Map<String, Long> waiting =
                store.inTransaction(transaction -> transaction.waiting(pushing));
        var ordered = new LinkedHashMap<String, Long>();
        among(waiting.keySet())
                .forEach(model -> ordered.put(model, Objects.requireNonNull(waiting.get(model))));
        return ordered;
    }

    /// Runs one kind of work on one model to its end.
    ///
    /// @return how many records
    public long run(Work work, String model) {
        return switch (work) {
            case PUSH -> pushAll(model, UidRange.ALL);
            case PULL -> pullAll(model);
            case NEW -> takeAllNew(model);
        };
    }

    /// Pushes everything that waits in one slice of a model.
    ///
    /// @return how many records
    public long pushAll(String model, UidRange range) {
        Lease lease = leases.apply("push/" + model + "/" + range.first());
        return exchange.push(models.plan(model), models.shape(model), range, lease, aside);
    }

    /// Pulls all changes of one model.
    ///
    /// @return how many records
    private long pullAll(String model) {
        Lease lease = leases.apply("pull/" + model);
        return repeat(() -> exchange.pull(models.plan(model), models.shape(model), lease));
    }

    /// Takes all new records of one model.
    ///
    /// @return how many records
    private long takeAllNew(String model) {
        Lease lease = leases.apply("new/" + model);
        return repeat(() -> exchange.takeNew(models.plan(model), models.shape(model), lease));
    }

    /// Takes the new records of all these models in one transaction, if there are few enough, and
    /// hands their receipts in; otherwise the first of them.
    ///
    /// @param due the models that have new records, each after those it refers to
    /// @return what was taken; not all if the rest has to be taken model by model, such as of an
    ///   only one
    public SatelliteExchange.Together takeNewTogether(List<String> due) {
        if (due.size() < 2) {
            return SatelliteExchange.Together.NONE;
        }
        Map<String, Lease> taken = new HashMap<>();
        due.forEach(model -> taken.put(model, leases.apply("new/" + model)));
        due.forEach(
                model -> exchange.handInReceipts(model, Objects.requireNonNull(taken.get(model))));
        SatelliteExchange.Together together =
                exchange.takeNewTogether(
                        due, models, model -> Objects.requireNonNull(taken.get(model)));
        if (together.isAll()) {
            due.forEach(model ->
                    exchange.handInReceipts(model, Objects.requireNonNull(taken.get(model))));
        }
        return together;
    }

    /// Ends a cycle: removes withdrawn records, those before others that they point to, stores
    /// parked records of which nothing is missing any more, and tries those in quarantine again
    /// whose time has come.
    public void finish() {
        Unfinished unfinished =
                store.inTransaction(transaction ->
                        new Unfinished(transaction.modelsWithWithdrawals(), transaction.hasKept()));
        for (String model : order.reversed()) {
            if (unfinished.withdrawing().contains(model)) {
                withdrawAll(model);
            }
        }
        if (unfinished.hasKept() || !unfinished.withdrawing().isEmpty()) {
            releaseReady();
            retryDue();
        }
    }

    private record Unfinished(Set<String> withdrawing, boolean hasKept) {}

    /// Tries central's versions in quarantine again whose time has come.
    public void retryDue() {
        if (exchange.retryDue(models).stored() > 0) {
            releaseReady();
        }
    }

    private void withdrawAll(String model) {
        Lease lease = leases.apply("withdraw/" + model);
        Optional<UUID> after = Optional.empty();
        while (true) {
            var step = exchange.withdraw(models.plan(model), models.shape(model), after, lease);
            if (!step.hasMore()) {
                break;
            }
            after = step.last();
        }
        exchange.handInReceipts(model, lease);
    }

    /// Stores parked records of which nothing is missing any more, and then those that waited for
    /// them. An end of a record that is still refused stays parked for the next cycle.
    private void releaseReady() {
        for (int i = 0; i < RELEASES_MAX; i++) {
            Retried released = exchange.releaseReady(models);
            if (released.stored() == 0 && released.sum() < PushReceipt.RELEASE_MAX) {
                return;
            }
        }
    }

    private static long repeat(Supplier<SatelliteExchange.Step> batch) {
        long sum = 0;
        while (true) {
            var step = batch.get();
            sum += step.records();
            if (!step.hasMore()) {
                return sum;
            }
        }
    }
}
