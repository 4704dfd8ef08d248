package org.doctorbird.app.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.doctorbird.app.cli.Main;
import org.doctorbird.app.testing.Signals;

/// A program in a process of its own, with this test's class path.
final class Program implements AutoCloseable {

    private static final int AWAIT_SECONDS_MAX = 60;
    private static final int LOOK_AGAIN_MS = 20;

    private final Process process;
    private final Path log;

    private Program(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /// Starts Doctorbird with one command on one settings file.
    ///
    /// @param options of Java, such as `-Xmx256m`
    static Program doctorbird(Path settings, List<String> options, String command) {
        return start(
                Main.class, settings, options, List.of(command, "--config", settings.toString()));
    }

    /// Starts a class's `main`.
    ///
    /// @param beside the program's output goes to a new file in this file's folder
    static Program start(Class<?> main, Path beside, List<String> options, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()));
        command.addAll(arguments);
        try {
            Path log = Files.createTempFile(beside.toAbsolutePath().getParent(), "program", ".log");
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            process.getOutputStream().close();
            return new Program(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a program", e);
        }
    }

    /// Waits until the program has said something.
    Program awaitSaid(String words) throws InterruptedException {
        for (int i = 0; i < AWAIT_SECONDS_MAX * 1000 / LOOK_AGAIN_MS; i++) {
            if (said().contains(words)) {
                return this;
            }
            if (!process.isAlive()) {
                break;
            }
            Thread.sleep(LOOK_AGAIN_MS);
        }
        throw new IllegalStateException("the program never said '" + words + "':\n" + said());
    }

    /// Returns what the program has said so far.
    String said() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what a program said", e);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /// Waits for the program's end.
    ///
    /// @return its exit code; -1 if it did not end in time and was killed
    int awaitEnd() throws InterruptedException {
        if (process.waitFor(AWAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
            return process.exitValue();
        }
        kill();
        return -1;
    }

    /// Ends the program by SIGKILL.
    void kill() {
        var _ =
                process.destroyForcibly()
                        .onExit()
                        .orTimeout(AWAIT_SECONDS_MAX, TimeUnit.SECONDS)
                        .join();
    }

    /// It does nothing any more until [#goOn].
    void stop() throws IOException, InterruptedException {
        Signals.stop(List.of(process.toHandle()));
    }

    /// It goes on where it was.
    void goOn() throws IOException, InterruptedException {
        Signals.goOn(List.of(process.toHandle()));
    }

    @Override
    public void close() {
        kill();
    }
}
