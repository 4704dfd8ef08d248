package org.doctorbird.app.satellite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.Finding;
import org.doctorbird.app.plan.PlanCheck;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.InstallReport;
import org.doctorbird.app.postgres.Installer;
import org.doctorbird.app.postgres.NewFields;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.postgres.SyncedTables;
import org.doctorbird.app.postgres.TakenPlan;
import org.doctorbird.exchange.PlanGiven;
import org.doctorbird.plan.Plan;

/// Puts the plan that central gave into force at a satellite.
final class PlanActivation {

    private PlanActivation() {}

    /// Checks the plan against the database, then installs or upgrades companions and triggers.
    ///
    /// When it stops half-way, [InstalledSatellite#isWhole] says so and the next cycle does it
    /// again.
    ///
    /// @throws SyncException `PLAN_DOES_NOT_FIT` with the first thing that is wrong; nothing has
    ///   changed then
    static InstallReport activate(DataSource source, PlanGiven given, Set<String> withheld) {
        Plan plan = InstalledSatellite.without(withheld, PlanFile.parse(given.text()));
        try (Connection connection = source.getConnection()) {
            requireFitting(PlanCheck.check(plan, Catalogue.read(connection)));
            InstallReport report =
                    Installer.installSatellite(connection, given.text(), plan, given.version());
            TakenPlan central = TakenPlan.of(given.version(), withheld, given.fields());
            List<SyncedTable> tables =
                    SyncedTables.of(plan, Catalogue.read(connection)).stream()
                            .map(central::shared)
                            .toList();
            NewFields.takeOver(connection, tables, central.only(tables));
            return report;
        } catch (SQLException e) {
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot install", e)
                    .with("sqlstate", String.valueOf(e.getSQLState()));
        }
    }

    private static void requireFitting(List<Finding> findings) {
        List<Finding> errors =
                findings.stream()
                        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                        .toList();
        if (!errors.isEmpty()) {
            throw new SyncException(
                            ErrorCode.PLAN_DOES_NOT_FIT,
                            "central's plan does not fit this database")
                    .with("model", errors.getFirst().model())
                    .with("finding", errors.getFirst().sentence())
                    .with("findings", errors.size());
        }
    }
}
