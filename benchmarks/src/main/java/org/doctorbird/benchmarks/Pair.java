package org.doctorbird.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.app.Closer;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.central.Instances;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Installer;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.satellite.InstalledSatellite;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.settings.SettingsFile;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.postgresql.ds.PGSimpleDataSource;

/// Central and one satellite of Doctorbird: their programs in this JVM, HTTP between them.
final class Pair implements AutoCloseable {

    /// What satellites speak unless they are told otherwise.
    static final String COMPACT = "compact";

    /// What everybody understands.
    static final String XML = "xml";

    /// The login of the first satellite.
    static final String LOGIN = "clinic";

    private static final String EVERY_TWO_SECONDS = "cycle = \"*/2 * * * * *\"";

    /// The ordinary cycle starts once a year.
    private static final String PROMPT = "cycle = \"0 0 0 1 1 *\"\nprompt = true";

    private final Servers servers;
    private final String centralDatabase;
    private final String satelliteDatabase;
    private final String encoding;
    private final Path folder;
    private final Relay line;
    private final Closer programs = new Closer();
    private final int centralPort;
    private InstanceId instance = new InstanceId(1);

    private Pair(Servers servers, String centralDatabase, String satelliteDatabase, String encoding)
            throws IOException {
        this.servers = servers;
        this.centralDatabase = centralDatabase;
        this.satelliteDatabase = satelliteDatabase;
        this.encoding = encoding;
        this.folder =
                Files.createDirectories(
                        servers.folder().resolve(centralDatabase + "-" + satelliteDatabase));
        this.centralPort = CentralSettingsFile.freePort();
        this.line = new Relay(centralPort);
    }

    /// Installs Doctorbird in both databases; starts central.
    ///
    /// @param plan the plan file's text
    static Pair install(
            Servers servers, String centralDatabase, String satelliteDatabase, String plan)
            throws IOException, SQLException {
        return install(servers, centralDatabase, satelliteDatabase, plan, COMPACT);
    }

    /// As the other one.
    ///
    /// @param encoding what the satellite speaks, [#COMPACT] or [#XML]
    static Pair install(
            Servers servers,
            String centralDatabase,
            String satelliteDatabase,
            String plan,
            String encoding)
            throws IOException, SQLException {
        var pair = new Pair(servers, centralDatabase, satelliteDatabase, encoding);
        try {
            pair.install(plan);
            return pair;
        } catch (IOException | SQLException | RuntimeException e) {
            pair.close();
            throw e;
        }
    }

    private void install(String plan) throws IOException, SQLException {
        writeCentralSettings(plan);
        try (Connection connection = servers.central().connect(centralDatabase)) {
            var _ = Installer.installCentral(connection, plan, PlanFile.parse(plan));
        }
        var _ = programs.add(Central.open(SettingsFile.read(centralSettings())));
        instance = add(LOGIN, satelliteDatabase);
    }

    /// Adds a satellite and installs Doctorbird in its database.
    InstanceId add(String login, String database) throws IOException {
        var instances =
                new Instances(centralSource(), InstanceId.LIMIT_DEFAULT, new SecureRandom());
        Instances.Added added = instances.add(login, Optional.empty());
        Files.writeString(folder.resolve("password-" + login), added.password());
        Files.writeString(settings(login), settings(login, database, EVERY_TWO_SECONDS));
        Files.writeString(promptSettings(login), settings(login, database, PROMPT));
        var _ = Satellite.install(SettingsFile.read(settings(login)));
        return added.id();
    }

    private void writeCentralSettings(String plan) throws IOException {
        Files.writeString(folder.resolve("plan.toml"), plan);
        CentralSettingsFile.write(
                centralSettings(),
                servers.central().address(centralDatabase),
                InstanceId.LIMIT_DEFAULT,
                centralPort);
    }

    private String settings(String login, String database, String tasks) {
        return """
        role = "satellite"
        [database]
        url = "%s"
        user = "%s"
        [central]
        url = "http://127.0.0.1:%d/central/"
        login = "%s"
        password_file = "password-%s"
        encoding = "%s"
        [tasks]
        %s
        """
                .formatted(
                        servers.satellite().address(database),
                        Server.USER,
                        line.port(),
                        login,
                        login,
                        encoding,
                        tasks);
    }

    private Path settings(String login) {
        return folder.resolve(login + ".toml");
    }

    private Path promptSettings(String login) {
        return folder.resolve(login + "-prompt.toml");
    }

    Path centralSettings() {
        return folder.resolve("central.toml");
    }

    Path satelliteSettings() {
        return settings(LOGIN);
    }

    /// Returns the line between the two programs.
    Relay line() {
        return line;
    }

    /// Returns where central answers, without the line in between.
    int centralPort() {
        return centralPort;
    }

    String centralDatabase() {
        return centralDatabase;
    }

    String satelliteDatabase() {
        return satelliteDatabase;
    }

    /// Opens the satellite's program and lets it greet central, so that it is logged in.
    ///
    /// @return the program, which this pair closes
    Satellite open() {
        Satellite satellite =
                programs.add(
                        Satellite.open(SettingsFile.read(satelliteSettings()), new Watching()));
        var _ = satellite.begin();
        return satellite;
    }

    /// Starts a satellite's program so that it works promptly, and runs no cycles meanwhile.
    ///
    /// @return the program, which the caller closes
    Satellite servePromptly(String login) {
        return Satellite.serve(SettingsFile.read(promptSettings(login)), new Watching());
    }

    /// Runs one cycle, as the command `sync` does.
    static Cycle.Sum cycle(Satellite satellite) {
        return satellite.synchronise(EnumSet.allOf(Cycle.Work.class));
    }

    /// Ends both programs; the databases stay.
    void closePrograms() {
        programs.close();
    }

    private DataSource centralSource() {
        return source(servers.central().address(centralDatabase));
    }

    private static DataSource source(String address) {
        var source = new PGSimpleDataSource();
        source.setUrl(address);
        source.setUser(Server.USER);
        return source;
    }

    /// Proves that both sides hold the same rows, that the satellite has nothing left to send, and
    /// that central knows of every record that the satellite holds it in this version.
    void verify() throws SQLException {
        Proof.sameRows(servers.satellite(), satelliteDatabase, servers.central(), centralDatabase);
        DataSource satellite = source(servers.satellite().address(satelliteDatabase));
        var here = InstalledSatellite.load(satellite, Set.of()).tables();
        var status = new PostgresStatus(satellite, here);
        status.models()
                .forEach(model -> {
                    if (model.waiting() + model.held() + model.quarantined() > 0) {
                        throw new IllegalStateException("not everything was sent: " + model);
                    }
                });
        var there = InstalledCentral.load(centralSource()).tables();
        var known = new PostgresStatus(centralSource(), there);
        Proof.equal(
                "what central knows the satellite to hold",
                digests(here, status::digest),
                digests(there, shape -> known.digest(shape, instance)));
    }

    /// Says whether the satellite has nothing to send; counts all its records.
    boolean isInStep() {
        DataSource satellite = source(servers.satellite().address(satelliteDatabase));
        var tables = InstalledSatellite.load(satellite, Set.of()).tables();
        return new PostgresStatus(satellite, tables)
                .models().stream().allMatch(model -> model.waiting() == 0);
    }

    private static Map<String, String> digests(
            Iterable<SyncedTable> tables, Function<ModelShape, String> digest) {
        var digests = new TreeMap<String, String>();
        tables.forEach(table -> digests.put(table.model(), digest.apply(table.shape())));
        return digests;
    }

    @Override
    public void close() throws IOException {
        try (line) {
            programs.close();
        }
    }

    /// Ends the benchmark at the first record that is not simply stored.
    private static final class Watching implements ExchangeListener {

        @Override
        public void batchDone(String work, String model, int records) {}

        @Override
        public void recordKept(
                String model, UUID uid, InstanceId from, ErrorCode code, String reason) {
            throw new IllegalStateException("a record of " + model + " was kept: " + code);
        }
    }
}
