package org.doctorbird.app.cli;

import java.util.concurrent.Callable;
import org.doctorbird.app.HeapRoom;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `doctorbird serve`.
@Command(
        name = "serve",
        description =
                "Runs the instance until it is ended: central answers satellites; a satellite runs its cycles.")
final class Serve implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = common.settings();
        if (settings.role() == Role.CENTRAL) {
            Central central = Central.open(settings);
            awaitEnd("central listens on port " + central.port(), central::close);
        } else {
            Satellite satellite = Satellite.serve(settings, new LoggingListener());
            awaitEnd(
                    "satellite runs; cycles start at " + settings.tasks().cycle(),
                    satellite::close);
        }
        return 0;
    }

    /// Ctrl-C or a TERM signal lets running work finish before the process ends.
    private void awaitEnd(String ready, Runnable close) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(close, "close"));
        common.say(ready);
        new HeapRoom().lookAfter();
    }
}
