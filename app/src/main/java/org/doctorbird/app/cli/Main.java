package org.doctorbird.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
            Resync.class,
            Join.class,
            Status.class,
            DigestCommand.class,
            Verify.class,
            Search.class,
            Import.class,
            Release.class,
            Why.class,
            Holders.class,
            History.class,
            QuarantineCommand.class,
            Listing.ParkedGroup.class,
            ConflictsCommand.class,
            Listing.RefusedGroup.class,
            Listing.HeldGroup.class,
            Version.class
        },
        footer = {
            "",
            "Every command takes --config FILE (else the variable DOCTORBIRD_CONFIG, else ./doctorbird.toml),",
            "--json and --help.",
            "",
            "Exit codes:",
            "   0  done",
            "   1  done, but something needs a person: 'plan check' with warnings, 'status --check',",
            "      'verify' with damage left",
            "   2  wrong usage",
            "   3  an error that a person has to mend, such as a wrong password",
            "   4  an error that may pass by itself, such as a network that is down",
            "  70  a defect in this program",
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
        var line = new CommandLine(new Main());
        line.getSubcommands().values().forEach(Main::addCommonOptions);
        return line.setExecutionExceptionHandler(new Failures())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }

    private static void addCommonOptions(CommandLine command) {
        command.getSubcommands().values().forEach(Main::addCommonOptions);
        command.getCommandSpec()
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("Explain this command.")
                                .build())
                .addOption(
                        OptionSpec.builder(Failures.TRACE)
                                .description(
                                        "With an error, print where in the program it came up.")
                                .build());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }
}
