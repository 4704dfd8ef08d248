package org.doctorbird.app.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.plan.PlanCheck;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.InterestDifference;
import org.doctorbird.app.postgres.SyncedTables;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.plan.Plan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `doctorbird plan diff`.
@Command(
        name = "diff",
        description =
                "Counts, before 'install' puts the plan file into force, how many records each instance would gain"
                        + " and lose by it. Changes nothing.")
final class PlanDifference implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Override
    public Integer call() {
        List<InterestDifference> differences = differences(common.settings());
        if (differences.isEmpty()) {
            common.say("No instance gains or loses a record.");
        } else {
            common.say("%-30s %-40s %12s %12s".formatted("instance", "model", "gains", "loses"));
        }
        var documents = new ArrayList<Map<String, Object>>();
        for (InterestDifference one : differences) {
            common.say(
                    "%-30s %-40s %,12d %,12d"
                            .formatted(one.name(), one.model(), one.gains(), one.losses()));
            var document = new LinkedHashMap<String, Object>();
            document.put("id", one.instance().number());
            document.put("instance", one.name());
            document.put("model", one.model());
            document.put("gains", one.gains());
            document.put("loses", one.losses());
            documents.add(document);
        }
        common.print(Map.of("differences", documents));
        return 0;
    }

    private static List<InterestDifference> differences(Settings settings) {
        Plan plan = PlanFile.parse(PlanCommand.text(settings.requireCentral().planFile()));
        try (var database = Common.database(settings)) {
            var _ = InstalledCentral.load(database.source());
            try (Connection connection = database.source().getConnection()) {
                Install.requireFitting(PlanCheck.checkAtCentral(plan, connection));
                return InterestDifference.of(
                        connection, SyncedTables.of(plan, Catalogue.read(connection)));
            }
        } catch (SQLException e) {
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot reach the database", e);
        }
    }
}
