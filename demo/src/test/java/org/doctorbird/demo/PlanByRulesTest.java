package org.doctorbird.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.doctorbird.app.plan.Finding;
import org.doctorbird.app.plan.PlanCheck;
import org.doctorbird.app.plan.PlanFile;
import org.junit.jupiter.api.Test;

final class PlanByRulesTest {

    @Test
    void thePlanOfTheTransferFitsTheSchema() throws IOException, SQLException {
        var plan = PlanFile.parse(HealthSchema.planByRules());
        try (var databases = new Databases();
                Connection connection = databases.instance(0).getConnection()) {
            assertThat(PlanCheck.checkAtCentral(plan, connection))
                    .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
                    .isEmpty();
        }
        assertThat(plan.model("gnuhealth.patient").orElseThrow().interest().brings())
                .containsExactly("name");
    }

    @Test
    void thePlanOfTheConflictsFitsTheSchemaAndLetsEvaluationsWithOneNumberBeTwo()
            throws IOException, SQLException {
        var plan = PlanFile.parse(HealthSchema.planForConflicts());
        try (var databases = new Databases();
                Connection connection = databases.instance(0).getConnection()) {
            assertThat(PlanCheck.checkAtCentral(plan, connection))
                    .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
                    .isEmpty();
        }
        var evaluation = plan.model("gnuhealth.patient.evaluation").orElseThrow();
        assertThat(evaluation.uniqueIdColumn()).isEmpty();
        assertThat(evaluation.rules().conflicts().numbering().orElseThrow().renumber("7", 2))
                .isEqualTo("7-2");
    }
}
