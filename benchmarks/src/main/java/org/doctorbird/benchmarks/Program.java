package org.doctorbird.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One of Doctorbird's programs as a process of its own, with the options that `./doctorbird` gives
/// it.
final class Program implements AutoCloseable {

    private static final String MAIN = "org.doctorbird.app.cli.Main";
    private static final Duration START_MAX = Duration.ofMinutes(1);
    private static final Duration RUN_MAX = Duration.ofMinutes(30);
    private static final Duration END_MAX = Duration.ofSeconds(20);

    /// A generation of the serial collector, as `jcmd` tells it.
    private static final Pattern HEAP_USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private final Process process;
    private final Path log;

    private Program(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /// Starts a program; what it prints goes into a file beside its settings.
    static Program start(Path settings, String command) throws IOException {
        return start(settings, command, true);
    }

    /// @param isLight as all but a central's program
    private static Program start(Path settings, String command, boolean isLight)
            throws IOException {
        Path log = settings.resolveSibling(command + "-" + settings.getFileName() + ".log");
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options(isLight));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        line.addAll(List.of(command, "--config", settings.toString()));
        return new Program(
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
    }

    /// Outside of a checkout, as in tests, the JVM's own.
    private static List<String> options(boolean isLight) {
        String launcher = System.getProperty("doctorbird.launcher");
        if (launcher == null) {
            return List.of("--enable-native-access=ALL-UNNAMED");
        }
        Path scripts = Path.of(launcher).resolveSibling("scripts");
        String all = "@" + scripts.resolve("java.args");
        return isLight ? List.of(all, "@" + scripts.resolve("java.light.args")) : List.of(all);
    }

    /// Runs a command to its end, which must be a good one.
    static void run(Path settings, String command) throws IOException, InterruptedException {
        try (Program program = start(settings, command)) {
            if (!program.process.waitFor(RUN_MAX.toSeconds(), TimeUnit.SECONDS)
                    || program.process.exitValue() != 0) {
                throw program.failed();
            }
        }
    }

    /// Starts central's program and waits until it answers.
    ///
    /// @param port that its settings name
    static Program serveCentral(Path settings, int port) throws IOException, InterruptedException {
        Program central = start(settings, "serve", false);
        var health =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                        .timeout(START_MAX)
                        .build();
        long end = System.nanoTime() + START_MAX.toNanos();
        try (var client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < end) {
                central.requireAlive();
                try {
                    if (client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode()
                            == 200) {
                        return central;
                    }
                } catch (IOException e) {
                    // Not listening yet.
                }
                Thread.sleep(Duration.ofMillis(50));
            }
            throw central.failed();
        } catch (IOException | InterruptedException | RuntimeException e) {
            central.close();
            throw e;
        }
    }

    /// Returns how many bytes of it are in memory.
    long residentBytes() throws IOException {
        return Processes.residentBytes(process.pid());
    }

    /// Returns the processor time that it has used.
    double cpuSeconds() throws IOException {
        return Processes.cpuSeconds(process.pid());
    }

    /// Collects its garbage and returns how many bytes of its heap are in use then.
    long heapBytes() throws IOException, InterruptedException {
        var _ = jcmd("GC.run");
        Matcher used = HEAP_USED.matcher(jcmd("GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += 1024 * Long.parseLong(used.group(1));
        }
        return sum;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(process.pid()),
                                command)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd " + command + " failed: " + said);
        }
        return said;
    }

    /// Ends it as a power cut does.
    void kill() throws InterruptedException {
        var _ = process.destroyForcibly().waitFor();
    }

    /// Fails if the program has ended.
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw failed();
        }
    }

    private IOException failed() throws IOException {
        return new IOException(
                "a program of Doctorbird failed: "
                        + Files.readString(log, StandardCharsets.UTF_8).strip());
    }

    /// Ends it politely, then by force.
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(END_MAX.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
