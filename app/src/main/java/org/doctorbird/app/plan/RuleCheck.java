package org.doctorbird.app.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.Catalogue.Column;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.ColumnUse;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;

/// Checks one model's rules by themselves: that what they name is there and of use.
///
/// @param plan the whole plan
/// @param catalogue of the database
/// @param model the plan's part
/// @param table its table, an ordinary one
/// @param findings what is found goes there
record RuleCheck(Plan plan, Catalogue catalogue, ModelPlan model, Table table, Findings findings) {

    /// Types by which new records can be put into an order that people understand.
    private static final Set<String> ORDERED =
            Set.of(
                    "bigint",
                    "date",
                    "double precision",
                    "integer",
                    "numeric",
                    "real",
                    "smallint",
                    "timestamp with time zone",
                    "timestamp without time zone");

    void check() {
        Interest interest = model.interest();
        if (model.mode() == Mode.NONE && !interest.equals(Interest.ALL)) {
            findings.warn(
                    "The mode none moves no record, so nothing comes of the rule on who gets them."
                            + " Take it out.");
        }
        for (String field : interest.follows()) {
            checkMoving("follows", field);
        }
        for (String field : new TreeSet<>(interest.brings())) {
            checkMoving("brings", field);
            if (interest.isAll()) {
                findings.warn(
                        "brings names %s, but every record of %s goes to everybody, and what it points"
                                + " to comes along. Take the field out of brings.",
                        field, model.name());
            }
        }
        for (String field : new TreeSet<>(interest.leavesBehind())) {
            checkLeftBehind(field);
        }
        model.rules().newestFirst().ifPresent(this::checkNewest);
        checkSearch();
    }

    private void checkMoving(String key, String field) {
        Optional<ColumnUse.Refers> reference = reference(key, field);
        Optional<ModelPlan> target = reference.flatMap(use -> plan.model(use.model()));
        target.filter(found -> found.mode() == Mode.NONE)
                .ifPresent(found ->
                        findings.error(
                                "%s names %s, which points to %s, and its mode none moves no record: they"
                                        + " go to nobody and nothing can go with them. Give it another mode, or"
                                        + " take the field out of %s.",
                                key, field, found.name(), key));
    }

    private void checkLeftBehind(String field) {
        reference("leave_behind", field)
                .filter(use -> use.column().isRequired())
                .ifPresent(_ ->
                        findings.error(
                                "leave_behind names %s, which is NOT NULL: a record that arrives without"
                                        + " the one it points to cannot be stored. Allow NULL, or take the field"
                                        + " out of leave_behind.",
                                field));
    }

    private Optional<ColumnUse.Refers> reference(String key, String field) {
        Optional<ColumnUse.Refers> reference = use(model, field, ColumnUse.Refers.class);
        if (reference.isEmpty()) {
            List<String> references = names(model, ColumnUse.Refers.class);
            findings.error(
                    "%s names %s, which is not a column of %s that points to a model of the plan and"
                            + " travels.%s",
                    key,
                    field,
                    model.table(),
                    references.isEmpty()
                            ? " No column of it does."
                            : Nearest.to(field, references)
                                    .map(word -> " Did you mean " + word + "?")
                                    .orElse(" These do: " + String.join(", ", references) + "."));
        }
        return reference;
    }

    private void checkNewest(String field) {
        Optional<Column> column = table.column(field);
        if (column.isEmpty()) {
            findings.error(
                    "newest_first names %s, which %s does not have.%s",
                    field,
                    model.table(),
                    PlanCheck.didYouMean(
                            field,
                            table.columns().stream()
                                    .filter(other -> ORDERED.contains(other.baseType()))
                                    .map(Column::name)
                                    .toList()));
        } else if (!ORDERED.contains(column.get().baseType())) {
            findings.error(
                    "newest_first names %s, which has the type %s and says nothing of what is newer."
                            + " Name a date, a time with its date, or a number.",
                    field, column.get().type());
        } else if (!model.mode().takesNew()) {
            findings.warn(
                    "newest_first has no effect: the mode %s brings no new records.",
                    model.mode().word());
        }
    }

    private void checkSearch() {
        List<String> searchable = model.rules().search().searchable();
        List<String> shown = model.rules().search().shown();
        searchable.forEach(path -> checkPath("searchable", path));
        shown.forEach(path -> checkPath("shown", path));
        if (searchable.isEmpty() && !shown.isEmpty()) {
            findings.warn(
                    "shown has no effect: without searchable nobody can search %s.", model.name());
        } else if (!searchable.isEmpty() && shown.isEmpty()) {
            findings.warn(
                    "Whoever searches %s is shown nothing but that there is such a record. Name"
                            + " columns in shown by which people tell them apart.",
                    model.name());
        }
        if (!searchable.isEmpty() && !model.mode().takesNew()) {
            findings.warn(
                    "Records of %s can be searched but not fetched: the mode %s brings no new records.",
                    model.name(), model.mode().word());
        }
    }

    private void checkPath(String key, String path) {
        var steps = new ArrayList<>(List.of(path.split("\\.")));
        String last = steps.removeLast();
        ModelPlan at = model;
        for (String step : steps) {
            Optional<ColumnUse.Refers> reference = use(at, step, ColumnUse.Refers.class);
            if (reference.isEmpty()) {
                findings.error(
                        "%s names %s, but %s is not a column of %s that points to a model of the plan"
                                + " and travels.%s",
                        key,
                        path,
                        step,
                        at.table(),
                        PlanCheck.didYouMean(step, names(at, ColumnUse.Refers.class)));
                return;
            }
            at = plan.model(reference.get().model()).orElseThrow();
        }
        List<ColumnUse> ends = new ArrayList<>(uses(at, ColumnUse.Travels.class));
        ends.addAll(uses(at, ColumnUse.Refers.class));
        Optional<ColumnUse> end =
                ends.stream().filter(use -> use.column().name().equals(last)).findFirst();
        if (end.isEmpty()) {
            findings.error(
                    "%s names %s, but %s is not a column of %s that travels.%s",
                    key,
                    path,
                    last,
                    at.table(),
                    PlanCheck.didYouMean(
                            last, ends.stream().map(use -> use.column().name()).toList()));
        } else if ("bytea".equals(end.get().column().baseType())) {
            findings.error(
                    "%s names %s, which holds files or pictures. Name a column that people read.",
                    key, path);
        }
    }

    private <T extends ColumnUse> Optional<T> use(ModelPlan at, String column, Class<T> kind) {
        return uses(at, kind).stream()
                .filter(use -> use.column().name().equals(column))
                .findFirst();
    }

    private <T extends ColumnUse> List<String> names(ModelPlan at, Class<T> kind) {
        return uses(at, kind).stream().map(use -> use.column().name()).toList();
    }

    /// A model's table is there: a reference was found by it.
    private <T extends ColumnUse> List<T> uses(ModelPlan at, Class<T> kind) {
        Table of = catalogue.table(at.table()).orElseThrow();
        return ColumnUse.of(plan, at, of, catalogue).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
