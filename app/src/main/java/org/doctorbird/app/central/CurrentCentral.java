package org.doctorbird.app.central;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.FeedLookout;
import org.doctorbird.app.postgres.Fingerprint;
import org.doctorbird.app.postgres.HistoryRetention;
import org.doctorbird.app.postgres.Installation;
import org.doctorbird.app.postgres.Installer;
import org.doctorbird.app.postgres.PostgresCentralStore;
import org.doctorbird.app.postgres.SearchUpkeep;
import org.doctorbird.app.settings.CentralSettings;
import org.doctorbird.app.tasks.CentralWork;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Hello;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.PlanGiven;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.exchange.VerifyReport;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Central's exchange with the plan that is in force now: when `install` has put another one into
/// force, every running program follows within seconds, and at once when a cycle begins.
final class CurrentCentral implements CentralCalls, CentralWork {

    /// What is installed is looked up at most so often, but for the beginning of a cycle.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /// Steps of the computation of interest before the plan in force is looked up again.
    private static final int STEPS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(CurrentCentral.class);

    private final DataSource source;
    private final CentralSettings settings;
    private final ExchangeListener listener;
    private final InstantSource clock;
    private volatile Seen seen;

    /// What is installed, as it was seen last.
    private record Seen(
            String stamp,
            Instant at,
            CentralExchange exchange,
            Published published,
            SearchUpkeep search,
            Optional<HistoryRetention> history) {

        Seen again(Instant now) {
            return new Seen(stamp, now, exchange, published, search, history);
        }
    }

    /// What satellites are given.
    ///
    /// @param version of the plan in force
    record Published(String version, FeedLookout.Feeds feeds) {}

    /// @throws SyncException `NOT_INSTALLED`, `ROLE_WRONG`, `INSTALLED_NEWER`,
    ///   `DATABASE_UNREACHABLE`
    CurrentCentral(
            DataSource source,
            CentralSettings settings,
            ExchangeListener listener,
            InstantSource clock) {
        this.source = source;
        this.settings = settings;
        this.listener = listener;
        this.clock = clock;
        this.seen = load();
    }

    private Seen load() {
        String stamp = stamp();
        InstalledCentral installed = InstalledCentral.load(source);
        return new Seen(
                stamp,
                clock.instant(),
                new CentralExchange(
                        new PostgresCentralStore(source, installed.tables()),
                        installed.models(),
                        listener),
                new Published(
                        installed.models().version(),
                        new FeedLookout.Feeds(installed.tables(), installed.models().givenNames())),
                new SearchUpkeep(source, installed.tables()),
                retention(installed));
    }

    private Optional<HistoryRetention> retention(InstalledCentral installed) {
        return settings.historyDays().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new HistoryRetention(
                                source,
                                installed.tables(),
                                Duration.ofDays(settings.historyDays().getAsInt())));
    }

    private String stamp() {
        try (Connection connection = source.getConnection()) {
            return Installation.stamp(connection);
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private CentralExchange look() {
        Seen known = seen;
        String stamp = stamp();
        known = known.stamp().equals(stamp) ? known.again(clock.instant()) : load();
        seen = known;
        return known.exchange();
    }

    private CentralExchange exchange() {
        Seen known = seen;
        return clock.instant().isBefore(known.at().plus(LOOK_EVERY)) ? known.exchange() : look();
    }

    /// Returns the version of the plan, as it was seen last.
    String version() {
        return seen.published().version();
    }

    /// Returns what the feeds are made of now, after a piece of the computation of who should hold
    /// what has changed.
    Published published() {
        var _ = look().computeInterest(STEPS);
        return seen.published();
    }

    /// Makes the triggers anew when somebody has changed a table that they are on, such as an
    /// upgrade of the application; satellites then hear of the new fields.
    @Override
    public void followTables() {
        try (Connection connection = source.getConnection()) {
            Installation installation = Installation.read(connection);
            if (Fingerprint.read(connection).equals(installation.fingerprint())) {
                return;
            }
            String text = installation.planText();
            var report = Installer.installCentral(connection, text, PlanFile.parse(text));
            LOG.atInfo()
                    .addKeyValue("models", report.models().size())
                    .log("tables have changed; triggers made anew");
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static SyncException unreachable(SQLException cause) {
        return new SyncException(
                ErrorCode.DATABASE_UNREACHABLE, "cannot read what is installed", cause);
    }

    @Override
    public void releaseReady() {
        int released;
        do {
            released = exchange().releaseReady();
        } while (released > 0);
    }

    /// With what is installed now: it may take what was refused before.
    @Override
    public void retryRefused() {
        var _ = look().retryDue();
    }

    /// At most for so long that another process may go on.
    @Override
    public void computeInterest() {
        boolean isDone;
        do {
            isDone = exchange().computeInterest(STEPS);
        } while (!isDone);
    }

    @Override
    public void refreshSearch() {
        boolean isDone;
        do {
            var _ = exchange();
            isDone = seen.search().refresh();
        } while (!isDone);
    }

    @Override
    public void forgetHistory() {
        boolean isDone;
        do {
            var _ = exchange();
            isDone = seen.history().map(HistoryRetention::forget).orElse(true);
        } while (!isDone);
    }

    @Override
    public ModelShape shape(String model) {
        return exchange().shape(model);
    }

    @Override
    public Greeting begin(InstanceId caller, Hello hello) {
        return look().begin(caller, hello);
    }

    @Override
    public void resync(InstanceId caller, UUID incarnation) {
        look().resync(caller, incarnation);
    }

    @Override
    public List<UnknownVersion> present(InstanceId caller, String model, List<Receipt> held) {
        return look().present(caller, model, held);
    }

    @Override
    public PlanGiven plan(InstanceId caller) {
        return look().plan(caller);
    }

    @Override
    public List<PushAnswer> push(InstanceId caller, String model, List<PushedRecord> records) {
        return exchange().push(caller, model, records);
    }

    @Override
    public Page read(InstanceId caller, String model, Feed feed, Cursor after, BatchLimit limit) {
        return exchange().read(caller, model, feed, after, limit);
    }

    @Override
    public int acknowledge(InstanceId caller, String model, List<Receipt> receipts) {
        return exchange().acknowledge(caller, model, receipts);
    }

    @Override
    public int acknowledgeWithdrawn(InstanceId caller, String model, List<Withdrawal> withdrawn) {
        return exchange().acknowledgeWithdrawn(caller, model, withdrawn);
    }

    @Override
    public List<Found> search(InstanceId caller, String model, SearchQuery query) {
        return exchange().search(caller, model, query);
    }

    @Override
    public int pin(InstanceId caller, String model, PinRequest request) {
        return exchange().pin(caller, model, request);
    }

    @Override
    public int release(InstanceId caller, String model, List<UUID> uids) {
        return exchange().release(caller, model, uids);
    }

    @Override
    public List<String> why(InstanceId caller, String model, UUID uid) {
        return exchange().why(caller, model, uid);
    }

    @Override
    public List<Withdrawal> withdrawn(InstanceId caller, String model, List<Receipt> known) {
        return exchange().withdrawn(caller, model, known);
    }

    @Override
    public List<SentRecord> changed(InstanceId caller, String model, List<Receipt> known) {
        return exchange().changed(caller, model, known);
    }

    @Override
    public List<SentRecord> fresh(InstanceId caller, String model) {
        return exchange().fresh(caller, model);
    }

    @Override
    public List<List<RangeFingerprint>> fingerprints(
            InstanceId caller, List<ComparisonQuery> queries) {
        return exchange().fingerprints(caller, queries);
    }

    @Override
    public List<HeldVersion> versions(InstanceId caller, ComparisonQuery query) {
        return exchange().versions(caller, query);
    }

    @Override
    public void verified(InstanceId caller, VerifyReport report) {
        exchange().verified(caller, report);
    }

    @Override
    public int giveAgain(InstanceId caller, String model, List<UUID> uids) {
        return exchange().giveAgain(caller, model, uids);
    }
}
