package org.doctorbird.app.cli;

import java.util.List;
import java.util.Map;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.postgres.AsideLists;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.postgres.RecordHistory;
import org.doctorbird.app.postgres.RecordInquiry;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.satellite.InstalledSatellite;
import org.doctorbird.app.settings.Settings;

/// A look into an instance's database, whatever its role; central need not be reached for it.
final class Look implements AutoCloseable {

    private final Database database;
    private final Role role;
    private final List<SyncedTable> tables;
    private final Map<String, List<String>> unknownAtCentral;

    private Look(
            Database database,
            Role role,
            List<SyncedTable> tables,
            Map<String, List<String>> unknownAtCentral) {
        this.database = database;
        this.role = role;
        this.tables = tables;
        this.unknownAtCentral = unknownAtCentral;
    }

    static Look open(Settings settings) {
        Database database = Common.database(settings);
        try {
            if (settings.role() == Role.CENTRAL) {
                return new Look(
                        database,
                        Role.CENTRAL,
                        InstalledCentral.load(database.source()).tables(),
                        Map.of());
            }
            var installed =
                    InstalledSatellite.load(
                            database.source(), settings.requireSatellite().withheld());
            return new Look(
                    database, Role.SATELLITE, installed.tables(), installed.unknownAtCentral());
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
