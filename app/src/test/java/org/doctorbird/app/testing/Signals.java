package org.doctorbird.app.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Stops processes where they are, as a machine that sleeps does, and lets them go on.
public final class Signals {

    private Signals() {}

    /// They do nothing any more until [#goOn]; nobody who is connected to them is told.
    public static void stop(List<ProcessHandle> processes)
            throws IOException, InterruptedException {
        send("-STOP", processes);
    }

    /// They go on as if nothing had happened.
    public static void goOn(List<ProcessHandle> processes)
            throws IOException, InterruptedException {
        send("-CONT", processes);
    }

    /// Some may have ended by themselves.
    private static void send(String signal, List<ProcessHandle> processes)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of("kill", signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        var _ =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
    }
}
