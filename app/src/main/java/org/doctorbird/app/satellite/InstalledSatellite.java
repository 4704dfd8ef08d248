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
import org.doctorbird.app.postgres.Fingerprint;
import org.doctorbird.app.postgres.Installation;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.postgres.SyncedTables;
import org.doctorbird.app.postgres.TakenPlan;
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
/// @param fingerprint of the tables that the triggers were made for
/// @param taken what was noted with the plan
/// @param stamp changes when somebody installs something else
public record InstalledSatellite(
        List<SyncedTable> tables,
        CentralModels models,
        List<String> order,
        Map<String, List<String>> unknownAtCentral,
        String fingerprint,
        TakenPlan taken,
        String stamp) {

    /// Reads what is installed.
    ///
    /// @throws SyncException `NOT_INSTALLED`, `ROLE_WRONG`, `DATABASE_UNREACHABLE`
    public static InstalledSatellite load(DataSource source, Set<String> withheld) {
        try (Connection connection = source.getConnection()) {
            String stamp = Installation.stamp(connection);
            Installation installation = Installation.read(connection);
            if (installation.role() != Role.SATELLITE) {
                throw new SyncException(
                        ErrorCode.ROLE_WRONG, "central is installed in this database");
            }
            Plan plan = without(withheld, PlanFile.parse(installation.planText()));
            TakenPlan taken = TakenPlan.read(connection);
            List<SyncedTable> all = SyncedTables.of(plan, Catalogue.read(connection));
            List<SyncedTable> tables = all.stream().map(taken::shared).toList();
            List<ModelShape> shapes = tables.stream().map(SyncedTable::shape).toList();
            var unknown = new TreeMap<String, List<String>>();
            all.forEach(table -> {
                List<String> columns = taken.unknownAtCentral(table);
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
                    installation.fingerprint(),
                    taken,
                    stamp);
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    /// Says whether nobody has installed something else since this was read.
    boolean isInForce(DataSource source) {
        try (Connection connection = source.getConnection()) {
            return Installation.stamp(connection).equals(stamp);
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    /// Says whether triggers and notes fit the tables and settings as they are now; otherwise the
    /// plan has to be put into force again.
    boolean isWhole(DataSource source, Set<String> withheld) {
        try (Connection connection = source.getConnection()) {
            return taken.version().equals(models.version())
                    && taken.withheld().equals(withheld)
                    && Fingerprint.read(connection).equals(fingerprint);
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static SyncException unreachable(SQLException cause) {
        return new SyncException(
                ErrorCode.DATABASE_UNREACHABLE, "cannot read what is installed", cause);
    }

    /// Returns the plan without the models that the satellite withholds.
    static Plan without(Set<String> withheld, Plan plan) {
        List<ModelPlan> models =
                plan.models().stream().filter(model -> !withheld.contains(model.name())).toList();
        return new Plan(plan.application(), models);
    }
}
