package org.doctorbird.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.doctorbird.app.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `doctorbird plan …`.
@Command(
        name = "plan",
        description = "Works on the plan.",
        subcommands = {PlanCommand.Check.class, PlanDifference.class})
final class PlanCommand extends Group {

    /// Reads the plan file of the settings.
    static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SyncException(
                            ErrorCode.PLAN_MALFORMED,
                            "the plan file cannot be read; 'init' writes one")
                    .with("file", file);
        }
    }

    /// `doctorbird plan check`.
    @Command(
            name = "check",
            description =
                    "Says in sentences what is wrong or dangerous in the plan. Exit code 0: nothing; 1: warnings; 3: errors.")
    static final class Check implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Override
        public Integer call() {
            Settings settings = common.settings();
            Path file = settings.requireCentral().planFile();
            var plan = PlanFile.parse(text(file));
            List<Finding> findings;
            try (var database = Common.database(settings);
                    Connection connection = database.source().getConnection()) {
                findings = PlanCheck.checkAtCentral(plan, connection);
            } catch (SQLException e) {
                throw new SyncException(
                        ErrorCode.DATABASE_UNREACHABLE, "cannot read the database's catalogue", e);
            }
            boolean hasErrors =
                    findings.stream()
                            .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
            findings.forEach(finding -> common.say(line(finding)));
            common.say(
                    findings.isEmpty()
                            ? "The plan fits the database: %d models."
                                    .formatted(plan.models().size())
                            : "%d findings in %d models."
                                    .formatted(findings.size(), plan.models().size()));
            common.print(Map.of("models", plan.models().size(), "findings", findings));
            return hasErrors ? 3 : findings.isEmpty() ? 0 : 1;
        }

        private static String line(Finding finding) {
            String what = finding.severity() == Finding.Severity.ERROR ? "ERROR    " : "warning  ";
            return what
                    + (finding.model().isEmpty() ? "" : finding.model() + ": ")
                    + finding.sentence();
        }
    }
}
