package org.doctorbird.app.satellite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.CentralFields;
import org.doctorbird.app.postgres.Fingerprint;
import org.doctorbird.app.postgres.Installation;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.postgres.SyncedTables;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.plan.DependencyOrder;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.ModelShape;

/// The plan that is installed at a satellite, laid over its tables.
///
/// @param tables all models that this satellite takes part in, with the columns that central has
///   too
/// @param models the same, as the exchange needs them
/// @param order the models' names, each after those it refers to
/// @param unknownAtCentral columns of this satellite that central lacks, by model; they do not
///   travel
/// @param isUpToDate the triggers fit the tables as they are now
public record InstalledSatellite(
        List<SyncedTable> tables,
        CentralModels models,
        List<String> order,
        Map<String, List<String>> unknownAtCentral,
        boolean isUpToDate) {

    /// Reads what is installed.
    ///
    /// @throws SyncException `NOT_INSTALLED`, `ROLE_WRONG`, `DATABASE_UNREACHABLE`
    public static InstalledSatellite load(DataSource source, Set<String> withheld) {
        try (Connection connection = source.getConnection()) {
            Installation installation = Installation.read(connection);
            if (installation.role() != Role.SATELLITE) {
                throw new SyncException(
                        ErrorCode.ROLE_WRONG, "central is installed in this database");
            }
            Plan plan = without(withheld, PlanFile.parse(installation.planText()));
            CentralFields fields = CentralFields.read(connection);
            List<SyncedTable> all = SyncedTables.of(plan, Catalogue.read(connection));
            List<SyncedTable> tables = all.stream().map(fields::shared).toList();
            List<ModelShape> shapes = tables.stream().map(SyncedTable::shape).toList();
            var unknown = new TreeMap<String, List<String>>();
            all.forEach(table -> {
                List<String> columns = fields.unknownAtCentral(table);
                if (!columns.isEmpty()) {
                    unknown.put(table.model(), columns);
                }
            });
            return new InstalledSatellite(
                    tables,
                    new CentralModels(
                            installation.planVersion(), installation.planText(), plan, shapes),
                    DependencyOrder.of(shapes).stream().map(ModelShape::model).toList(),
                    unknown,
                    Fingerprint.read(connection).equals(installation.fingerprint()));
        } catch (SQLException e) {
            throw new SyncException(
                    ErrorCode.DATABASE_UNREACHABLE, "cannot read what is installed", e);
        }
    }

    /// Returns the plan without the models that the satellite withholds.
    static Plan without(Set<String> withheld, Plan plan) {
        List<ModelPlan> models =
                plan.models().stream().filter(model -> !withheld.contains(model.name())).toList();
        return new Plan(plan.application(), models);
    }
}
