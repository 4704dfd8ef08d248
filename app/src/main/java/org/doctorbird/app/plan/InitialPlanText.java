package org.doctorbird.app.plan;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.Catalogue.Column;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.ColumnUse;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;

/// The text of a first plan, with comments for the person who goes through it.
final class InitialPlanText {

    private static final String BEGINNING =
            """
            # What is synchronised, and how. Made from the database; go through it before you use it:
            #
            # - mode: full (the default) pushes, pulls and brings new records; update lets central write only;
            #   push only sends; push_update sends and brings changes of known records; none moves nothing and
            #   only resolves references.
            # - unique_id_column: by what records of different sites are the same. A unique uuid column, or for
            #   reference data that every site loads by itself a unique code. Without it each record gets a
            #   random id when the engine first sees it.
            # - leave_out: columns that never travel.
            # - Every instance gets every record, unless rules say otherwise: where, follows, all = false. Rules
            #   in comments are proposals; they only make sense together, beginning with the patients.
            #
            # Afterwards run: doctorbird plan check
            """;

    /// Names of columns that often say which record of reference data it is.
    private static final Set<String> TELLING =
            Set.of("code", "ref", "puid", "key", "symbol", "slug", "iso_code", "icd_code", "name");

    private final StringBuilder text = new StringBuilder(BEGINNING);
    private final Plan plan;
    private final Catalogue catalogue;
    private final RuleProposals proposals;

    /// @param plan in the order in which it is written
    /// @param leftOut why tables are left out, by their names
    InitialPlanText(Plan plan, Catalogue catalogue, Map<String, String> leftOut) {
        this.plan = plan;
        this.catalogue = catalogue;
        this.proposals = new RuleProposals(plan, catalogue);
        line("format = " + PlanFile.FORMAT);
        line("application = " + TomlText.string(plan.application().word()));
        plan.models().forEach(this::model);
        if (!leftOut.isEmpty()) {
            line("");
            line("# Left out:");
            leftOut.forEach((table, reason) -> comment("- " + table + ": " + reason));
        }
    }

    private void model(ModelPlan model) {
        Table table = catalogue.table(model.table()).orElseThrow();
        line("");
        line("[[model]]");
        line("name = " + TomlText.string(model.name()));
        line("table = " + TomlText.string(model.table()));
        line("mode = " + TomlText.string(model.mode().word()));
        model.uniqueIdColumn()
                .ifPresentOrElse(
                        column -> line("unique_id_column = " + TomlText.string(column)),
                        () -> candidate(model, table));
        proposals.of(model).forEach(this::comment);
        for (ColumnUse use : ColumnUse.of(plan, model, table, catalogue)) {
            switch (use) {
                case ColumnUse.PointsOutside outside ->
                        comment(
                                outside.column().name()
                                        + " does not travel: it points to "
                                        + PlanCheck.target(outside.key())
                                        + ", which is not in this plan.");
                case ColumnUse.Generated generated ->
                        comment(
                                generated.column().name()
                                        + " does not travel: every database generates its own.");
                case ColumnUse.Travels _,
                        ColumnUse.Refers _,
                        ColumnUse.Key _,
                        ColumnUse.LeftOut _,
                        ColumnUse.Stamped _ -> {}
            }
        }
    }

    /// Names unique text columns by which records could meet. None is chosen: in a table whose
    /// numbers each site counts by itself it would take different records for one.
    private void candidate(ModelPlan model, Table table) {
        List<String> unique =
                ColumnUse.of(plan, model, table, catalogue).stream()
                        .filter(ColumnUse.Travels.class::isInstance)
                        .map(ColumnUse::column)
                        .filter(column -> isText(column) && table.isUnique(column.name()))
                        .map(Column::name)
                        .sorted(
                                java.util.Comparator.comparing(
                                        name -> !TELLING.contains(name.toLowerCase(Locale.ROOT))))
                        .toList();
        if (!unique.isEmpty()) {
            comment(
                    "unique_id_column = "
                            + TomlText.string(unique.getFirst())
                            + "  # if equal values mean the same record on every site");
        }
        if (unique.size() > 1) {
            comment(
                    "also unique: "
                            + String.join(", ", unique.subList(1, unique.size()))
                            + "; two sites that make equal values collide");
        }
    }

    private static boolean isText(Column column) {
        return "character varying".equals(column.baseType())
                || "text".equals(column.baseType())
                || "character".equals(column.baseType());
    }

    private void comment(String words) {
        line("# " + TomlText.comment(words));
    }

    private void line(String words) {
        text.append(words).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
