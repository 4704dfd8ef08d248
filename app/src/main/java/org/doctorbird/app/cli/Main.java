package org.doctorbird.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program's entry: `doctorbird COMMAND`.
@Command(
        name = "doctorbird",
        mixinStandardHelpOptions = true,
        versionProvider = Version.Provider.class,
        description = "Keeps the records of many clinics and one central office in step.",
        subcommands = {
            Init.class,
            PlanCommand.class,
            Install.class,
            Uninstall.class,
            InstanceCommand.class,
            Serve.class,
            Sync.class,
            Status.class,
            DigestCommand.class,
            Listing.Quarantine.class,
            Listing.Parked.class,
            Listing.Conflicts.class,
            Listing.Refused.class,
            Version.class
        },
        footer = {
            "",
            "Every command takes --config FILE (else the variable DOCTORBIRD_CONFIG, else ./doctorbird.toml).",
            "Exit codes: 0 done; 1 done, but something needs a person; 2 wrong usage;",
            "3 an error that a person has to mend; 4 an error that may pass by itself; 70 a defect.",
            "",
            "Also: doctorbird demo, doctorbird bench."
        })
public final class Main implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /// Runs one command and ends the JVM with its exit code.
    ///
    /// @param arguments the command and its options
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /// Runs one command.
    ///
    /// @return its exit code
    static int execute(String... arguments) {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(new Failures())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }
}
