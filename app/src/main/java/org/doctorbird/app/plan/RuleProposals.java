package org.doctorbird.app.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.ColumnUse;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;

/// Rules that often make sense for a database of patients, for the comments of a first plan. None
/// is turned on by itself.
final class RuleProposals {

    /// Columns that say nothing of whether a table only links others.
    private static final Set<String> NOTES = Set.of("create_date", "sequence", "active");

    private final Plan plan;
    private final Catalogue catalogue;
    private final Map<String, List<String>> lines = new HashMap<>();

    /// @param plan parents before children
    RuleProposals(Plan plan, Catalogue catalogue) {
        this.plan = plan;
        this.catalogue = catalogue;
        var belonging = new HashSet<String>();
        for (ModelPlan model : plan.models()) {
            if (model.mode() != Mode.NONE) {
                lines.put(model.name(), propose(model, belonging));
            }
        }
    }

    /// Returns lines of TOML with a comment behind them.
    List<String> of(ModelPlan model) {
        return lines.getOrDefault(model.name(), List.of());
    }

    /// @param belonging models whose records belong to a patient's so far
    private List<String> propose(ModelPlan model, Set<String> belonging) {
        Table table = catalogue.table(model.table()).orElseThrow();
        List<ColumnUse> uses = ColumnUse.of(plan, model, table, catalogue);
        List<ColumnUse.Refers> required =
                uses.stream()
                        .filter(ColumnUse.Refers.class::isInstance)
                        .map(ColumnUse.Refers.class::cast)
                        .filter(use -> use.column().isRequired())
                        .toList();
        var proposed = new ArrayList<String>();
        if (table.name().equals("patient") || table.name().endsWith("_patient")) {
            belonging.add(model.name());
            proposed.add(
                    "all = false  # only to who made or asked for them; or a where with :attributes of the"
                            + " instance");
            required.stream()
                    .filter(use -> plan.model(use.model()).orElseThrow().mode() != Mode.NONE)
                    .findFirst()
                    .ifPresent(use ->
                            proposed.add(
                                    "brings = [%s]  # the record of %s belongs to the patient"
                                            .formatted(
                                                    TomlText.string(use.column().name()),
                                                    use.model())));
        } else {
            required.stream()
                    .filter(use -> belonging.contains(use.model()))
                    .findFirst()
                    .ifPresent(use -> {
                        belonging.add(model.name());
                        proposed.add(
                                "follows = %s  # goes where the record of %s goes"
                                        .formatted(
                                                TomlText.string(use.column().name()), use.model()));
                    });
        }
        if (isLink(uses)) {
            proposed.add("deletes = \"keep\"  # it only links others, so deletions are passed on");
        }
        return proposed;
    }

    private static boolean isLink(List<ColumnUse> uses) {
        long references = uses.stream().filter(ColumnUse.Refers.class::isInstance).count();
        return references >= 2
                && uses.stream()
                        .filter(ColumnUse.Travels.class::isInstance)
                        .allMatch(use -> NOTES.contains(use.column().name()));
    }
}
