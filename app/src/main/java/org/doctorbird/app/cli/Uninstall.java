package org.doctorbird.app.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.Installer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `doctorbird uninstall`.
@Command(
        name = "uninstall",
        description =
                "Removes every trace of Doctorbird from the instance's database; the application's rows stay. What was"
                        + " not pushed yet is then not pushed any more.")
final class Uninstall implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Option(names = "--yes", description = "Really do it.")
    private boolean isSure;

    @Override
    public Integer call() {
        if (!isSure) {
            Common.progress(
                    "Nothing was done. 'uninstall --yes' removes uids, history, conflicts and all other state of the engine.");
            return 2;
        }
        try (var database = Common.database(common.settings());
                Connection connection = database.source().getConnection()) {
            boolean wasThere = Installer.uninstall(connection);
            common.say(wasThere ? "Removed." : "Nothing was installed.");
            common.print(Map.of("removed", wasThere));
            return 0;
        } catch (SQLException e) {
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot reach the database", e)
                    .with("sqlstate", String.valueOf(e.getSQLState()));
        }
    }
}
