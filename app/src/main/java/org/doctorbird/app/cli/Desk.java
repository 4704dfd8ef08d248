package org.doctorbird.app.cli;

import java.util.function.Function;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.postgres.PostgresCentralStore;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.exchange.CentralExchange;

/// Central's exchange on its own database, for a command that decides something there.
final class Desk {

    private Desk() {}

    static <T> T with(Settings settings, Function<CentralExchange, T> work) {
        try (Database database = Common.database(settings)) {
            InstalledCentral installed = InstalledCentral.load(database.source());
            return work.apply(
                    new CentralExchange(
                            new PostgresCentralStore(database.source(), installed.tables()),
                            installed.models(),
                            new LoggingListener()));
        }
    }
}
