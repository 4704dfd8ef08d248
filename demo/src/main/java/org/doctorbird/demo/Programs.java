package org.doctorbird.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs Doctorbird's own commands as processes of their own, as an administrator would.
final class Programs {

    private static final String MAIN = "org.doctorbird.app.cli.Main";
    private static final Duration TIME_MAX = Duration.ofMinutes(10);

    private final Path logs;
    private int number;

    /// @param logs folder for what the programs print
    Programs(Path logs) {
        this.logs = logs;
    }

    /// Runs a command to its end.
    ///
    /// @return what it said
    /// @throws IOException if it does not end with 0; the message holds what it told
    String run(Path settings, String... arguments) throws IOException, InterruptedException {
        Ended ended = attempt(settings, arguments);
        if (ended.exitCode() != 0) {
            throw new IOException(
                    "'%s' ended with %d: %s"
                            .formatted(
                                    String.join(" ", arguments),
                                    ended.exitCode(),
                                    ended.errors().strip()));
        }
        return ended.output();
    }

    /// How a command ended, and what it said.
    record Ended(int exitCode, String output, String errors) {}

    /// Runs a command to its end, whichever.
    Ended attempt(Path settings, String... arguments) throws IOException, InterruptedException {
        Path output = logs.resolve(++number + ".out");
        Path errors = logs.resolve(number + ".err");
        Process process =
                process(settings, arguments)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
        if (!process.waitFor(TIME_MAX.toSeconds(), TimeUnit.SECONDS)) {
            end(process);
            throw new IOException("'" + String.join(" ", arguments) + "' did not end");
        }
        return new Ended(
                process.exitValue(),
                Files.readString(output, StandardCharsets.UTF_8),
                Files.readString(errors, StandardCharsets.UTF_8));
    }

    /// Starts a command that goes on; [#end] ends it.
    Process start(Path settings, String... arguments) throws IOException {
        Path log = logs.resolve(++number + "-" + arguments[0] + ".log");
        return process(settings, arguments)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static ProcessBuilder process(Path settings, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path")));
        command.add(MAIN);
        command.addAll(List.of(arguments));
        command.addAll(List.of("--config", settings.toString()));
        return new ProcessBuilder(command);
    }

    /// Ends a process politely, then by force.
    static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
