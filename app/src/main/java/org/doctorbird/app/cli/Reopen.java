package org.doctorbird.app.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.doctorbird.record.ETag;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `doctorbird conflicts reopen`.
@Command(
        name = "reopen",
        description =
                "Takes the resolution of a conflict back: what it changed, and nobody has changed since, becomes what it was.")
final class Reopen implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Parameters(paramLabel = "N", description = "The conflict's number.")
    private long number;

    @Override
    public Integer call() {
        Optional<ETag> version = Desk.with(common.settings(), central -> central.reopen(number));
        common.say("The conflict is open again.");
        common.print(Resolve.document(number, version));
        return 0;
    }
}
