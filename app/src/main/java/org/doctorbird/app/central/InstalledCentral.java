package org.doctorbird.app.central;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.Installation;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.postgres.SyncedTables;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.plan.Plan;

/// The plan that is installed at central, laid over its tables.
///
/// @param tables all models of the plan
/// @param models the same, as the exchange needs them
public record InstalledCentral(List<SyncedTable> tables, CentralModels models) {

    /// Reads what is installed.
    ///
    /// @throws SyncException `NOT_INSTALLED`, `ROLE_WRONG`, `DATABASE_UNREACHABLE`
    public static InstalledCentral load(DataSource source) {
        try (Connection connection = source.getConnection()) {
            Installation installation = Installation.read(connection);
            if (installation.role() != Role.CENTRAL) {
                throw new SyncException(
                        ErrorCode.ROLE_WRONG, "a satellite is installed in this database");
            }
            Plan plan = PlanFile.parse(installation.planText());
            List<SyncedTable> tables = SyncedTables.of(plan, Catalogue.read(connection));
            return new InstalledCentral(
                    tables,
                    new CentralModels(
                            installation.planVersion(),
                            installation.planText(),
                            plan,
                            tables.stream().map(SyncedTable::shape).toList()));
        } catch (SQLException e) {
            throw new SyncException(
                    ErrorCode.DATABASE_UNREACHABLE, "cannot read what is installed", e);
        }
    }
}
