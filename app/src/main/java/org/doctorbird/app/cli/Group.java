package org.doctorbird.app.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command that only has commands below it.
abstract class Group implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Name what to do: %s %s."
                        .formatted(
                                spec.qualifiedName(),
                                String.join("|", spec.subcommands().keySet())));
    }
}
