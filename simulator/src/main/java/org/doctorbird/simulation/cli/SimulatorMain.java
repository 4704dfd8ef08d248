package org.doctorbird.simulation.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `./doctorbird simulate` and `./doctorbird soak`.
@Command(
        name = "doctorbird",
        subcommands = {Simulate.class, Soak.class},
        description = "The engine in an invented world.")
public final class SimulatorMain {

    private SimulatorMain() {}

    /// Runs a command and ends the JVM with its exit code.
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SimulatorMain()).execute(arguments));
    }
}
