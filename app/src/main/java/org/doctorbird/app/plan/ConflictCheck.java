package org.doctorbird.app.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.ColumnUse;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.plan.Policy;

/// Checks what the plan says of one model's conflicts: that what it names is there and of use.
///
/// @param findings what is found goes there
record ConflictCheck(
        Plan plan, Catalogue catalogue, ModelPlan model, Table table, Findings findings) {

    private static final Set<String> TEXTS = Set.of("text", "character varying");

    void check() {
        ConflictRules rules = model.rules().conflicts();
        if (!model.mode().pushes() && !rules.equals(ConflictRules.DEFAULT)) {
            findings.warn(
                    "The mode %s pushes nothing, so there are no conflicts to settle. Take the policies"
                            + " out.",
                    model.mode().word());
        }
        for (String field : new TreeSet<>(rules.byField().keySet())) {
            if (isThere("policies", field) && rules.byField().get(field) == Policy.APPEND) {
                requireText("policies", field);
            }
        }
        for (Set<String> group : rules.together()) {
            new TreeSet<>(group).forEach(field -> isThere("together", field));
        }
        rules.numbering()
                .filter(numbering -> isThere("renumber", numbering.field()))
                .ifPresent(numbering -> requireText("renumber", numbering.field()));
    }

    private boolean isThere(String key, String field) {
        List<String> names = new ArrayList<>();
        for (ColumnUse use : ColumnUse.of(plan, model, table, catalogue)) {
            switch (use) {
                case ColumnUse.Travels _, ColumnUse.Refers _ -> names.add(use.column().name());
                default -> {}
            }
        }
        if (!names.contains(field)) {
            findings.error(
                    "%s names %s, which is not a column of %s that travels.%s",
                    key, field, model.table(), PlanCheck.didYouMean(field, names));
            return false;
        }
        return true;
    }

    private void requireText(String key, String field) {
        String type = table.column(field).orElseThrow().baseType();
        if (!TEXTS.contains(type)) {
            findings.error(
                    "%s needs a text in %s, which has the type %s. Name a column of type text.",
                    key, field, type);
        }
    }
}
