package org.doctorbird.app.cli;

import java.util.List;
import java.util.Map;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.postgres.AsideLists;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.postgres.HeldChanges;
import org.doctorbird.app.postgres.PostgresCentralStore;
import org.doctorbird.app.postgres.PostgresSatelliteStore;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.postgres.QuarantineDesk;
import org.doctorbird.app.postgres.RecordHistory;
import org.doctorbird.app.postgres.RecordInquiry;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.satellite.InstalledSatellite;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.QuarantineRetry;

/// A look into an instance's database, whatever its role; central need not be reached for it.
final class Look implements AutoCloseable {

    private final Database database;
    private final Role role;
    private final List<SyncedTable> tables;
    private final CentralModels models;
    private final Map<String, List<String>> unknownAtCentral;

    private Look(
            Database database,
            Role role,
            List<SyncedTable> tables,
            CentralModels models,
            Map<String, List<String>> unknownAtCentral) {
        this.database = database;
        this.role = role;
        this.tables = tables;
        this.models = models;
        this.unknownAtCentral = unknownAtCentral;
    }

    static Look open(Settings settings) {
        Database database = Common.database(settings);
        try {
            if (settings.role() == Role.CENTRAL) {
                var installed = InstalledCentral.load(database.source());
                return new Look(
                        database, Role.CENTRAL, installed.tables(), installed.models(), Map.of());
            }
            var installed =
                    InstalledSatellite.load(
                            database.source(), settings.requireSatellite().withheld());
            return new Look(
                    database,
                    Role.SATELLITE,
                    installed.tables(),
                    installed.models(),
                    installed.unknownAtCentral());
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    Role role() {
        return role;
    }

    List<SyncedTable> tables() {
        return tables;
    }

    /// Columns of a satellite that central lacks, by model.
    Map<String, List<String>> unknownAtCentral() {
        return unknownAtCentral;
    }

    PostgresStatus status() {
        return new PostgresStatus(database.source(), tables);
    }

    RecordInquiry inquiry() {
        return new RecordInquiry(database.source(), tables);
    }

    QuarantineDesk quarantine() {
        return new QuarantineDesk(database.source());
    }

    /// Returns what tries records in quarantine again.
    QuarantineRetry<?> retry() {
        var listener = new LoggingListener();
        return role == Role.CENTRAL
                ? QuarantineRetry.atCentral(
                        new PostgresCentralStore(database.source(), tables), models, listener)
                : QuarantineRetry.atSatellite(
                        new PostgresSatelliteStore(database.source(), tables), models, listener);
    }

    HeldChanges held() {
        return new HeldChanges(database.source());
    }

    RecordHistory history() {
        return new RecordHistory(database.source(), tables);
    }

    AsideLists lists() {
        return new AsideLists(database.source());
    }

    @Override
    public void close() {
        database.close();
    }
}
