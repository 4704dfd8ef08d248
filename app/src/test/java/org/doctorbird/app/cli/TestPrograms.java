package org.doctorbird.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The program in processes of its own; whatever still runs at the end is ended.
final class TestPrograms implements AutoCloseable {

    private static final long MINUTES_MAX = 10;

    private final Path logs;
    private final String heap;
    private final List<Process> running = new ArrayList<>();
    private int number;

    /// @param heap such as `256m`
    TestPrograms(Path logs, String heap) throws IOException {
        this.logs = Files.createDirectories(logs);
        this.heap = heap;
    }

    /// Starts a program.
    Process start(TestInstance instance, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        "org.doctorbird.app.cli.Main"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--config", instance.file().toString()));
        Path log = logs.resolve(++number + "-" + arguments[0] + ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        running.add(process);
        return process;
    }

    /// Runs a program to its end, which must be 0.
    void run(TestInstance instance, String... arguments) throws Exception {
        Process process = start(instance, arguments);
        if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(
                    "%s did not end well: %s"
                            .formatted(
                                    String.join(" ", arguments),
                                    Files.readString(
                                            logs.resolve(number + "-" + arguments[0] + ".log"))));
        }
    }

    /// Returns what all programs have printed.
    String output() throws IOException {
        var output = new StringBuilder();
        try (var files = Files.list(logs)) {
            for (Path file : files.sorted().toList()) {
                output.append(file.getFileName()).append(":\n").append(Files.readString(file));
            }
        }
        return output.toString();
    }

    @Override
    public void close() {
        running.forEach(process -> process.destroyForcibly().onExit().join());
    }
}
