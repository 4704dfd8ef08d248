package org.doctorbird.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/// Where a story plays: a PostgreSQL of its own with one database an instance, and central's
/// program running.
final class Stage implements AutoCloseable {

    private static final int ATTEMPTS_MAX = 600;

    private final Narrator narrator;
    private final Path folder;
    private final EmbeddedPostgres postgres;
    private final Programs programs;
    private final int port;
    private final List<DemoInstance> instances = new ArrayList<>();
    private final List<Process> running = new CopyOnWriteArrayList<>();
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private Optional<Process> centralProgram = Optional.empty();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Stage(Narrator narrator, Path folder) throws IOException {
        this.narrator = narrator;
        this.folder = folder;
        this.postgres =
                EmbeddedPostgres.builder()
                        .setDataDirectory(folder.resolve("postgres"))
                        .setServerConfig("fsync", "on")
                        .setRegisterShutdownHook(false)
                        .start();
        this.programs = new Programs(Files.createDirectories(folder.resolve("logs")));
        this.port = freePort();
    }

    /// Starts a PostgreSQL in a new folder, with central's database in it.
    static Stage open(Narrator narrator) throws IOException, SQLException {
        var stage = new Stage(narrator, Files.createTempDirectory("doctorbird-demo"));
        try {
            stage.addCentral();
            return stage;
        } catch (IOException | SQLException | RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Narrator narrator() {
        return narrator;
    }

    /// Where people type commands.
    Prompt prompt() {
        return new Prompt(narrator, programs);
    }

    /// Central first, then the satellites in the order they were added.
    List<DemoInstance> instances() {
        return List.copyOf(instances);
    }

    DemoInstance central() {
        return instances.getFirst();
    }

    List<DemoInstance> satellites() {
        return List.copyOf(instances.subList(1, instances.size()));
    }

    /// Something to ask an instance.
    interface Question {
        String ask(DemoInstance instance) throws SQLException;
    }

    /// Says whether central and all satellites give this answer.
    boolean answerAll(Question question, String answer) throws SQLException {
        for (DemoInstance instance : instances) {
            if (!question.ask(instance).equals(answer)) {
                return false;
            }
        }
        return true;
    }

    /// Says what is exchanged, before central opens.
    void writePlan(String text) throws IOException {
        Files.writeString(plan(), text);
    }

    private Path plan() {
        return folder.resolve("plan.toml");
    }

    /// Installs Doctorbird at central and starts its program.
    void openCentralProgram() throws IOException, InterruptedException {
        var _ = programs.run(central().settings(), "install");
        startCentralProgram();
    }

    /// Starts central's program.
    void startCentralProgram() throws IOException, InterruptedException {
        Process central = programs.start(central().settings(), "serve");
        running.add(central);
        centralProgram = Optional.of(central);
        awaitCentral();
    }

    /// Ends central's program.
    void endCentralProgram() throws InterruptedException {
        if (centralProgram.isPresent()) {
            Programs.end(centralProgram.get());
            running.remove(centralProgram.get());
        }
    }

    /// Ends central's program as a power cut does, and starts it again.
    void restartCentralProgram() throws IOException, InterruptedException {
        centralProgram.orElseThrow().destroyForcibly().waitFor();
        startCentralProgram();
    }

    /// Backups and copies of the databases.
    Disks disks() {
        return new Disks(postgres.getPostgresDatabase());
    }

    private void addCentral() throws IOException, SQLException {
        writePlan(HealthSchema.plan());
        addInstance(
                "central",
                "the Ministry's central office",
                "central",
                """
                [plan]
                file = "%s"

                [http]
                listen = "127.0.0.1:%d"
                database = "central"
                """
                        .formatted(plan(), port));
    }

    /// Makes a satellite's database with the demo's application in it.
    DemoInstance addSatellite(String name, String title) throws IOException, SQLException {
        return addInstance(name, title, "satellite", satelliteSettings(name));
    }

    private String satelliteSettings(String login) {
        return """
        [central]
        url = "http://127.0.0.1:%d/central/"
        login = "%s"
        password_file = "password"

        [tasks]
        cycle = "*/5 * * * * *"
        """
                .formatted(port, login);
    }

    /// Adds a copy of a satellite as of its backup, with its login.
    DemoInstance addCopy(DemoInstance original, String name, String title)
            throws IOException, SQLException {
        disks().copyBackup(original, name);
        var copy =
                DemoInstance.open(
                        name,
                        title,
                        folder,
                        url(name),
                        "satellite",
                        satelliteSettings(original.name()));
        Files.copy(
                original.settings().resolveSibling("password"),
                copy.settings().resolveSibling("password"));
        instances.add(copy);
        return copy;
    }

    private String url(String name) {
        return "jdbc:postgresql://127.0.0.1:%d/%s"
                .formatted(postgres.getPort(), Disks.database(name));
    }

    /// Gives a copy a login of its own.
    void giveLogin(DemoInstance copy) throws IOException, InterruptedException {
        Files.delete(copy.settings().resolveSibling("password"));
        addLogin(copy);
        copy.writeSettings(url(copy.name()), "satellite", satelliteSettings(copy.name()));
    }

    private DemoInstance addInstance(String name, String title, String role, String rest)
            throws IOException, SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + Disks.database(name));
        }
        var instance = DemoInstance.open(name, title, folder, url(name), role, rest);
        instances.add(instance);
        try (Connection connection = instance.database().getConnection()) {
            HealthSchema.create(connection);
            ReferenceRows.load(connection, instances.size() - 1);
        }
        return instance;
    }

    /// Gives the satellite its login and installs Doctorbird there.
    void install(DemoInstance satellite) throws IOException, InterruptedException {
        addLogin(satellite);
        var _ = programs.run(satellite.settings(), "install");
    }

    private void addLogin(DemoInstance satellite) throws IOException, InterruptedException {
        Path password = satellite.settings().resolveSibling("password");
        var _ =
                programs.run(
                        central().settings(),
                        "instance",
                        "add",
                        satellite.name(),
                        "--password-out",
                        password.toString());
    }

    /// Starts the satellite's program, which runs a cycle every five seconds.
    Process serve(DemoInstance satellite) throws IOException {
        Process program = programs.start(satellite.settings(), "serve");
        running.add(program);
        return program;
    }

    /// From now on the satellite reaches central over a line of its own.
    Line layLine(DemoInstance satellite) throws IOException {
        var line = new Line(port);
        lines.add(line);
        Path settings = satellite.settings();
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replace("127.0.0.1:" + port, "127.0.0.1:" + line.port()));
        return line;
    }

    /// Waits until central's program answers.
    private void awaitCentral() throws IOException, InterruptedException {
        var health =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        try (var client = HttpClient.newHttpClient()) {
            for (int i = 0; i < ATTEMPTS_MAX; i++) {
                if (!running.getLast().isAlive()) {
                    throw new IOException("central ended; see " + folder.resolve("logs"));
                }
                try {
                    if (client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode()
                            == 200) {
                        return;
                    }
                } catch (IOException e) {
                    // Not listening yet.
                }
                Thread.sleep(100);
            }
        }
        throw new IOException("central does not answer; see " + folder.resolve("logs"));
    }

    /// Ends the programs and PostgreSQL, and removes the folder. Does nothing the second time.
    @Override
    public void close() throws IOException {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        try {
            for (Process process : running.reversed()) {
                Programs.end(process);
            }
        } catch (InterruptedException e) {
            running.forEach(Process::destroyForcibly);
            Thread.currentThread().interrupt();
        }
        for (Line line : lines) {
            line.close();
        }
        instances.forEach(DemoInstance::close);
        postgres.close();
        remove(folder);
    }

    private static void remove(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
