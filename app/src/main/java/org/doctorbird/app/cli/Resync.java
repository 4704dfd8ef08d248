package org.doctorbird.app.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.postgres.CentralEpoch;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `doctorbird resync`.
@Command(
        name = "resync",
        description =
                "Says that this database was restored from a backup. On a satellite: what is missing comes back, and what was"
                        + " changed here since is pushed. On central: the satellites bring back what it has lost.")
final class Resync implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Option(
            names = "--yes",
            description =
                    "Really do it. On a satellite: another copy of this database cannot take part any more.")
    private boolean isSure;

    @Override
    public Integer call() {
        if (!isSure) {
            Common.progress(
                    "Nothing was done. 'resync --yes' is for a database that was restored from a backup.");
            return 2;
        }
        Settings settings = common.settings();
        if (settings.role() == Role.CENTRAL) {
            beginEpoch(settings);
            common.say(
                    "A new epoch has begun; with their next cycles the satellites bring back what is missing here.");
        } else {
            try (Satellite satellite = Satellite.open(settings, new LoggingListener())) {
                satellite.resync();
            }
            common.say(
                    "This database goes on in the place of the one before; the next cycle brings it into step.");
        }
        common.print(Map.of("resync", settings.role().word()));
        return 0;
    }

    private static void beginEpoch(Settings settings) {
        try (var database = Common.database(settings)) {
            var installed = InstalledCentral.load(database.source());
            try (Connection connection = database.source().getConnection()) {
                CentralEpoch.begin(connection, installed.tables());
            }
        } catch (SQLException e) {
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot reach the database", e)
                    .with("sqlstate", String.valueOf(e.getSQLState()));
        }
    }
}
