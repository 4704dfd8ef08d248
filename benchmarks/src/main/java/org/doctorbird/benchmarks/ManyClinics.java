package org.doctorbird.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.doctorbird.app.Closer;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.central.Instances;
import org.doctorbird.app.http.HttpLink;
import org.doctorbird.app.http.LinkSettings;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.postgres.Installer;
import org.doctorbird.record.ModelShape;

/// One database of central, two of its programs on it, and the way of many clinics to them.
final class ManyClinics implements AutoCloseable {

    private static final String DATABASE = "scale_central";
    private static final int INSTANCES_MAX = 1_000;

    private final Servers servers;
    private final int satellites;
    private final Path folder;
    private final Closer opened = new Closer();
    private final List<Program> programs = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<Relay> lines = new ArrayList<>();
    private final ModelShape shape;
    private final String password;

    /// @param satellites how many, 1 to 1,000
    ManyClinics(Servers servers, int satellites)
            throws IOException, SQLException, InterruptedException {
        this.servers = servers;
        this.satellites = satellites;
        this.folder = Files.createDirectories(servers.folder().resolve(DATABASE));
        try {
            install();
            try (var database = open()) {
                this.shape =
                        InstalledCentral.load(database.source())
                                .models()
                                .shape(SimulatedSatellite.MODEL);
                this.password = addInstances(database);
            }
            serve("first");
            serve("second");
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    private Database open() {
        return Database.open(servers.central().address(DATABASE), Server.USER, "", 2);
    }

    private void install() throws IOException, SQLException {
        servers.central().drop(DATABASE);
        servers.central().create(DATABASE, "template1");
        String plan = Clinic.text("plan-scale.toml");
        Files.writeString(folder.resolve("plan.toml"), plan);
        run("create table visit (id serial primary key, clinic text, note text)");
        try (Connection connection = servers.central().connect(DATABASE)) {
            var _ = Installer.installCentral(connection, plan, PlanFile.parse(plan));
        }
    }

    /// All have one password: to make its hash takes long on purpose.
    private String addInstances(Database database) throws SQLException {
        Instances.Added first =
                new Instances(database.source(), INSTANCES_MAX, new SecureRandom())
                        .add("clinic-1", Optional.of(1));
        run(
                """
                insert into doctorbird.engine_instance (id, name, password_hash)
                select i, 'clinic-' || i, f.password_hash
                from generate_series(2, %d) i, doctorbird.engine_instance f where f.id = 1;
                update doctorbird.engine_instance
                set attributes = jsonb_build_object('clinic', id::text) where id > 0
                """
                        .formatted(satellites));
        return first.password();
    }

    private void serve(String name) throws IOException, InterruptedException {
        int port = CentralSettingsFile.freePort();
        Path settings = folder.resolve(name + ".toml");
        CentralSettingsFile.write(
                settings, servers.central().address(DATABASE), INSTANCES_MAX, port);
        ports.add(port);
        programs.add(opened.add(Program.serveCentral(settings, port)));
        lines.add(opened.add(new Relay(port)));
    }

    /// Makes the satellite of a clinic; the programs of central have half of them each.
    ///
    /// @param number 1 to the number of satellites
    SimulatedSatellite satellite(int number) {
        int port = lines.get(number % 2).port();
        var settings =
                LinkSettings.of(
                        URI.create("http://127.0.0.1:" + port + "/central/"),
                        "clinic-" + number,
                        () -> password);
        return new SimulatedSatellite(number, new HttpLink(settings, _ -> shape));
    }

    /// Returns the program that runs to the end.
    Program survivor() {
        return programs.getLast();
    }

    /// Ends one program of central by force; what spoke to it speaks to the other from now on.
    void killOne() throws IOException, InterruptedException {
        programs.getFirst().kill();
        lines.getFirst().turnTo(ports.getLast());
    }

    /// Runs statements of central's application.
    void run(String sql) throws SQLException {
        servers.central().run(DATABASE, sql);
    }

    /// Connects as central's application.
    Connection connect() throws SQLException {
        return servers.central().connect(DATABASE);
    }

    /// Counts central's records whose note begins with a word.
    long records(String word) throws SQLException {
        return Long.parseLong(
                servers.central()
                        .value(
                                DATABASE,
                                "select count(*) from visit where note like '" + word + "%'"));
    }

    @Override
    public void close() {
        opened.close();
    }
}
