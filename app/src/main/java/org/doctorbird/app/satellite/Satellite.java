package org.doctorbird.app.satellite;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.Closer;
import org.doctorbird.app.http.HttpLink;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.postgres.InstallReport;
import org.doctorbird.app.postgres.Leases;
import org.doctorbird.app.postgres.PostgresSatelliteStore;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.postgres.RecordInquiry;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.settings.SatelliteSettings;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.app.tasks.SatelliteTasks;
import org.doctorbird.app.tasks.SatelliteWork;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.Comparison;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Lease;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.SatelliteExchange;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Verification;
import org.doctorbird.record.ModelShape;

/// A satellite's program. Read [#open] to see what it is made of: there is no other wiring. Any
/// number of them may work on one database.
public final class Satellite implements SatelliteWork, AutoCloseable {

    /// Connections beyond one for each worker: for the task engine itself, and for prompt work.
    private static final int CONNECTIONS_SPARE = 6;

    private final Closer opened;
    private final DataSource source;
    private final HttpLink link;
    private final Aside requests;
    private final SatelliteSettings settings;
    private final ExchangeListener listener;
    private final InstantSource clock;
    private volatile InstalledSatellite installed;

    private Satellite(
            Closer opened,
            DataSource source,
            SatelliteSettings settings,
            ExchangeListener listener,
            InstantSource clock) {
        this.opened = opened;
        this.source = source;
        this.settings = settings;
        this.listener = listener;
        this.clock = clock;
        this.installed = InstalledSatellite.load(source, settings.withheld());
        this.link = opened.add(new HttpLink(settings.link(), this::shape));
        this.requests = opened.add(Executors.newVirtualThreadPerTaskExecutor())::submit;
    }

    private ModelShape shape(String model) {
        return installed.models().shape(model);
    }

    /// Connects and wires a satellite that works only when it is told to.
    ///
    /// @throws SyncException `NOT_INSTALLED`, `ROLE_WRONG`, `INSTALLED_NEWER`,
    ///   `DATABASE_UNREACHABLE`, `SETTINGS_MALFORMED`
    public static Satellite open(Settings settings, ExchangeListener listener) {
        SatelliteSettings satellite = settings.requireSatellite();
        var opened = new Closer();
        try {
            var database =
                    opened.add(
                            Database.open(
                                    settings.database().url(),
                                    settings.database().user(),
                                    settings.database().password(),
                                    settings.tasks().workers() + CONNECTIONS_SPARE));
            return new Satellite(
                    opened, database.source(), satellite, listener, InstantSource.system());
        } catch (RuntimeException e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    /// Connects, wires and starts a satellite that runs its cycles by itself.
    ///
    /// @throws SyncException as [#open]
    public static Satellite serve(Settings settings, ExchangeListener listener) {
        Satellite satellite = open(settings, listener);
        try {
            satellite.opened.add(
                    SatelliteTasks.start(satellite.source, satellite, settings.tasks()));
            if (settings.tasks().isPrompt()) {
                satellite.opened.add(Prompt.start(satellite.source, satellite));
            }
            return satellite;
        } catch (RuntimeException e) {
            satellite.opened.closeAfter(e);
            throw e;
        }
    }

    /// Fetches the plan from central and installs companions and triggers, or brings them up to
    /// date.
    ///
    /// @throws SyncException `CENTRAL_UNREACHABLE`, `LOGIN_REFUSED`, `PLAN_DOES_NOT_FIT`,
    ///   `RIGHTS_MISSING` …
    public static InstallReport install(Settings settings) {
        SatelliteSettings satellite = settings.requireSatellite();
        try (var database =
                        Database.open(
                                settings.database().url(),
                                settings.database().user(),
                                settings.database().password(),
                                2);
                var link = new HttpLink(satellite.link(), Satellite::noShapeYet)) {
            return PlanActivation.activate(database.source(), link.plan(), satellite.withheld());
        }
    }

    private static ModelShape noShapeYet(String model) {
        throw new IllegalStateException("no records move while installing: " + model);
    }

    /// Returns all models that this satellite takes part in.
    public List<SyncedTable> tables() {
        return installed.tables();
    }

    /// Returns the columns that central lacks, by model; they do not travel.
    public Map<String, List<String>> unknownAtCentral() {
        return installed.unknownAtCentral();
    }

    /// Returns what `status` shows.
    public PostgresStatus status() {
        return new PostgresStatus(source, installed.tables());
    }

    /// Returns the way to central; closed by [#close].
    public Link link() {
        return link;
    }

    /// Returns what answers questions on single records.
    public RecordInquiry inquiry() {
        return new RecordInquiry(source, installed.tables());
    }

    /// Returns what is installed now: another process may have put a new plan into force.
    InstalledSatellite current() {
        InstalledSatellite known = installed;
        if (known.isInForce(source)) {
            return known;
        }
        known = InstalledSatellite.load(source, settings.withheld());
        installed = known;
        return known;
    }

    private Cycle cycle() {
        return cycle(leases());
    }

    private Cycle cycle(Function<String, Lease> leases) {
        return cycle(current(), leases);
    }

    private Cycle cycle(InstalledSatellite current, Function<String, Lease> leases) {
        var store = new PostgresSatelliteStore(source, current.tables());
        return new Cycle(
                store,
                link,
                new SatelliteExchange(store, link, listener),
                current.models(),
                current.order(),
                leases,
                requests);
    }

    /// Greets central. When plan, tables or settings have changed, the plan is put into force anew
    /// first.
    @Override
    public Greeting begin() {
        return begun().greeting();
    }

    /// A cycle that central was greeted for.
    private record Begun(Cycle cycle, Greeting greeting) {}

    private Begun begun() {
        return noting(this::greet, _ -> status().noteCycle(), status()::noteCycleFailure);
    }

    private Begun greet() {
        InstalledSatellite current = current();
        if (!current.isWhole(source, settings.withheld())) {
            current = renewed();
        }
        Begun begun = greet(current);
        if (begun.greeting().planVersion().equals(current.models().version())) {
            return begun;
        }
        current = renewed();
        begun = greet(current);
        if (!begun.greeting().planVersion().equals(current.models().version())) {
            throw new SyncException(
                    ErrorCode.CENTRAL_FAILED, "the plan changes from one request to the next");
        }
        return begun;
    }

    private Begun greet(InstalledSatellite current) {
        Cycle cycle = cycle(current, leases());
        return new Begun(cycle, cycle.begin(clockMicros()));
    }

    private long clockMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    private InstalledSatellite renewed() {
        var _ = PlanActivation.activate(source, link.plan(), settings.withheld());
        InstalledSatellite loaded = InstalledSatellite.load(source, settings.withheld());
        installed = loaded;
        return loaded;
    }

    @Override
    public List<String> due(Cycle.Work work, Greeting greeting) {
        return cycle().due(work, greeting);
    }

    @Override
    public Map<String, Long> waiting() {
        return cycle().waiting();
    }

    @Override
    public int batch(String model) {
        return installed.models().plan(model).batch();
    }

    @Override
    public long run(Cycle.Work work, String model) {
        return noting(model, word(work), () -> cycle().run(work, model));
    }

    @Override
    public long push(String model, UidRange range) {
        return noting(model, word(Cycle.Work.PUSH), () -> cycle().pushAll(model, range));
    }

    private static String word(Cycle.Work work) {
        return work.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean takeNewTogether(List<String> due) {
        SatelliteExchange.Together together = cycle().takeNewTogether(due);
        together.records().forEach(this::noteTaken);
        return together.isAll();
    }

    private void noteTaken(String model, long records) {
        status().noteSuccess(model, word(Cycle.Work.NEW), records);
    }

    @Override
    public void finish() {
        cycle().finish();
    }

    @Override
    public void retryRefused() {
        cycle().retryDue();
    }

    /// Takes over pieces of work by their names.
    Function<String, Lease> leases() {
        return new Leases(source)::take;
    }

    /// Pushes what waits of these models.
    void push(Set<String> models, KeptLeases leases) {
        Cycle cycle = cycle(leases);
        for (String model : installed.order()) {
            if (models.contains(model)) {
                var _ =
                        noting(
                                model,
                                word(Cycle.Work.PUSH),
                                () -> cycle.pushAll(model, UidRange.ALL));
            }
        }
    }

    /// Greets central as soon as it has something for this satellite, or when the time is over;
    /// brings the plan up to date.
    ///
    /// @param ending may break it off
    Greeting await(KeptLeases leases, Ending ending) {
        Greeting greeting =
                cycle(leases)
                        .begin(
                                clockMicros(),
                                hello ->
                                        ending.hang(
                                                () -> link.await(hello, Link.WAIT_SECONDS_MAX)));
        return greeting.planVersion().equals(installed.models().version()) ? greeting : begin();
    }

    /// Takes what a greeting says that central has.
    ///
    /// @return how many records
    long take(KeptLeases leases, Greeting greeting) {
        Cycle cycle = cycle(leases);
        Cycle.Sum sum =
                cycle.run(greeting, EnumSet.of(Cycle.Work.PULL, Cycle.Work.NEW), noting(cycle));
        return sum.pulled() + sum.taken();
    }

    /// Runs one cycle in the foreground, and compares what central wants compared.
    ///
    /// @throws SyncException at the first failure; what was done stays done
    public Cycle.Sum synchronise(Set<Cycle.Work> chosen) {
        Begun begun = begun();
        Cycle.Sum sum = run(begun, chosen);
        if (begun.greeting().order().isPresent()) {
            verifyAsOrdered();
        }
        return sum;
    }

    private Cycle.Sum run(Begun begun, Set<Cycle.Work> chosen) {
        return begun.cycle().run(begun.greeting(), chosen, noting(begun.cycle()));
    }

    /// Notes how each piece of a cycle ended.
    private Cycle.Piece noting(Cycle cycle) {
        return new Cycle.Piece() {
            @Override
            public long run(Cycle.Work work, String model) {
                return noting(model, word(work), () -> cycle.run(work, model));
            }

            @Override
            public void takenTogether(String model, long records) {
                noteTaken(model, records);
            }
        };
    }

    /// What a verification found, and what is left of it after repairs.
    ///
    /// @param found one for each model that moves, in the order of the plan's references
    /// @param left the same models; the same as `found` if nothing was to be repaired
    public record Verified(List<Comparison> found, List<Comparison> left) {}

    /// Runs cycles and compares models with central. The result is noted for `status`.
    ///
    /// @param chosen names of models; none: all
    /// @param isDeep values count too
    /// @param repairs whether to repair what is damaged
    /// @throws SyncException `VERSION_MISMATCH` if central is too old, `MODEL_UNKNOWN`, and as
    ///   [#synchronise]
    public Verified verify(List<String> chosen, boolean isDeep, boolean repairs) {
        var _ = begin();
        InstalledSatellite current = current();
        List<String> models = chosen.isEmpty() ? current.order() : chosen;
        models.forEach(model -> current.models().plan(model));
        var verification =
                new Verification(
                        new PostgresSatelliteStore(source, current.tables()),
                        link,
                        current.models(),
                        requests,
                        this::synchroniseBesideOthers);
        return noting(
                () -> {
                    List<Comparison> found = verification.compare(models, isDeep);
                    return new Verified(
                            found, repairs ? verification.repair(found, isDeep) : found);
                },
                verified -> verified.left().forEach(this::noteVerified),
                code ->
                        models.forEach(
                                model -> status().noteFailure(model, PostgresStatus.VERIFY, code)));
    }

    private void noteVerified(Comparison left) {
        status().noteVerified(left.model(), left.damaged());
    }

    /// Work that others take over meanwhile is done by them. What this satellite has pushed itself
    /// is passed by afterwards, so that it does not look as if it were still to come.
    private void synchroniseBesideOthers() {
        try {
            var _ = run(begun(), EnumSet.allOf(Cycle.Work.class));
            cycle().passBy(this::begin);
        } catch (SyncException e) {
            if (e.code() != ErrorCode.FENCED) {
                throw e;
            }
        }
    }

    @Override
    public void verify() {
        var _ = verify(List.of(), false, false);
    }

    @Override
    public void verifyAsOrdered() {
        begin().order().ifPresent(order -> link.verified(OrderedVerification.run(this, order)));
    }

    /// Goes on in the place of the database before, because this one was restored from a backup.
    ///
    /// @throws SyncException `CENTRAL_UNREACHABLE`, `INSTANCE_TAKEN` …
    public void resync() {
        cycle().resync();
    }

    /// Takes part as another instance, whose login the settings have.
    ///
    /// @throws SyncException `CENTRAL_UNREACHABLE`; `INSTANCE_TAKEN` if another database has used
    ///   that login
    public void separate() {
        cycle().separate(clockMicros());
    }

    /// Notes how a piece of work ended, for `status`.
    private long noting(String model, String work, Supplier<Long> piece) {
        return noting(
                piece,
                records -> status().noteSuccess(model, work, records),
                code -> status().noteFailure(model, work, code));
    }

    private static <T> T noting(
            Supplier<T> piece, Consumer<T> success, Consumer<ErrorCode> failure) {
        T result;
        try {
            result = piece.get();
        } catch (SyncException e) {
            if (e.code() != ErrorCode.FENCED) {
                noteFailure(failure, e.code(), e);
            }
            throw e;
        } catch (RuntimeException e) {
            noteFailure(failure, ErrorCode.INTERNAL, e);
            throw e;
        }
        success.accept(result);
        return result;
    }

    /// When the database itself is gone there is nothing to note it in; the first failure counts.
    private static void noteFailure(
            Consumer<ErrorCode> note, ErrorCode code, RuntimeException failure) {
        try {
            note.accept(code);
        } catch (SyncException e) {
            failure.addSuppressed(e);
        }
    }

    /// Lets running work finish, then closes everything, last opened first.
    @Override
    public void close() {
        opened.close();
    }
}
