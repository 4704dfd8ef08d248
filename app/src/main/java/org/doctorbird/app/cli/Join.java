package org.doctorbird.app.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.satellite.Satellite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `doctorbird join`.
@Command(
        name = "join",
        description =
                "On a satellite whose database is a copy of another one's: takes part as an instance of its own. Its settings"
                        + " have the login that 'instance add' gave for it.")
final class Join implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Option(
            names = "--as-new",
            required = true,
            description = "The login is that of a new instance, which no database has used yet.")
    private boolean isNew;

    @Override
    public Integer call() {
        try (Satellite satellite = Satellite.open(common.settings(), new LoggingListener())) {
            satellite.separate();
        }
        common.say(
                "This database takes part as an instance of its own; what waits here is pushed with the next cycle.");
        common.print(Map.of("joined", isNew));
        return 0;
    }
}
