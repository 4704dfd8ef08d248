package org.doctorbird.app.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.Finding;
import org.doctorbird.app.plan.PlanCheck;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.InstallReport;
import org.doctorbird.app.postgres.Installer;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.plan.Plan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `doctorbird install`.
@Command(
        name = "install",
        description =
                "Installs Doctorbird in the instance's database, or brings it up to date: schema, companions, triggers,"
                        + " and uids for the rows that are there. A satellite fetches the plan from central.")
final class Install implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Override
    public Integer call() {
        Settings settings = common.settings();
        InstallReport report =
                settings.role() == Role.CENTRAL ? central(settings) : Satellite.install(settings);
        long adopted = report.models().stream().mapToLong(InstallReport.ModelReport::adopted).sum();
        report.models().stream()
                .filter(model -> model.change() != InstallReport.Change.NONE)
                .forEach(model ->
                        common.say(
                                "%-50s %-8s %,12d rows adopted"
                                        .formatted(
                                                model.model(),
                                                model.change()
                                                        .name()
                                                        .toLowerCase(java.util.Locale.ROOT),
                                                model.adopted())));
        common.say(
                "Installed: %d models, %,d rows adopted."
                        .formatted(report.models().size(), adopted));
        report.unindexed()
                .forEach(column ->
                        common.say(
                                "%s has no index, and this role may not make one: moves of records cost more than they need."
                                        .formatted(column)));
        common.print(
                Map.of(
                        "unindexed",
                        report.unindexed(),
                        "role",
                        settings.role().word(),
                        "models",
                        report.models(),
                        "adopted",
                        adopted));
        return 0;
    }

    private static InstallReport central(Settings settings) {
        String text = PlanCommand.text(settings.requireCentral().planFile());
        Plan plan = PlanFile.parse(text);
        try (var database = Common.database(settings);
                Connection connection = database.source().getConnection()) {
            requireFitting(PlanCheck.checkAtCentral(plan, connection));
            return Installer.installCentral(connection, text, plan);
        } catch (SQLException e) {
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot reach the database", e)
                    .with("sqlstate", String.valueOf(e.getSQLState()));
        }
    }

    /// @throws SyncException `PLAN_DOES_NOT_FIT` with the first error
    static void requireFitting(List<Finding> findings) {
        findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .findFirst()
                .ifPresent(finding -> {
                    throw new SyncException(
                                    ErrorCode.PLAN_DOES_NOT_FIT,
                                    "the plan does not fit the database")
                            .with("model", finding.model())
                            .with("finding", finding.sentence());
                });
    }
}
