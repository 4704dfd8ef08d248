package org.doctorbird.app.plan;

import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.doctorbird.app.postgres.Catalogue.Column;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.ColumnUse;
import org.doctorbird.app.postgres.ConditionProbe;
import org.doctorbird.app.postgres.ConditionText;
import org.doctorbird.app.postgres.ConditionUse;
import org.doctorbird.app.postgres.Participant;
import org.doctorbird.plan.ModelPlan;

/// Checks the condition of one model's rule against the database.
///
/// @param model the plan's part
/// @param table an ordinary table
/// @param uses what becomes of its columns
/// @param findings what is found goes there
record ConditionCheck(ModelPlan model, Table table, List<ColumnUse> uses, Findings findings) {

    /// @param instances the instances that there are
    void check(Connection connection, List<Participant> instances) {
        model.interest()
                .condition()
                .ifPresent(text -> {
                    ConditionText condition = ConditionText.of(text);
                    switch (ConditionProbe.use(connection, table, condition)) {
                        case ConditionUse.OnOwnRow(
                                        List<String> columns,
                                        Map<String, Set<String>> types) -> {
                            checkColumns(columns);
                            types.forEach(
                                    (name, of) -> checkAttribute(name, of, instances, connection));
                        }
                        case ConditionUse.LooksElsewhere(List<String> relations) ->
                                findings.error(
                                        "where looks at %s, but it may only look at columns of %s: it is worked out"
                                                + " again only when the record itself changes. Follow a reference with"
                                                + " follows, or keep what it needs in a column.",
                                        relations.isEmpty()
                                                ? "more than one row"
                                                : String.join(", ", relations),
                                        model.table());
                        case ConditionUse.Changes(List<String> words) ->
                                findings.error(
                                        "where depends on the time, on settings or on chance%s, but it is worked out"
                                                + " only when the record changes: what it says would be out of date. Use"
                                                + " columns and :attributes, and functions that are immutable.",
                                        words.isEmpty()
                                                ? ""
                                                : " (" + String.join(", ", words) + ")");
                        case ConditionUse.TypeUnclear(String attribute) ->
                                findings.error(
                                        "where does not say of which type :%s is. Write cast(:%s as text), or the"
                                                + " type that it has.",
                                        attribute, attribute);
                        case ConditionUse.Wrong wrong -> checkWrong(wrong);
                    }
                });
    }

    private void checkWrong(ConditionUse.Wrong wrong) {
        String word = wrong.word().isEmpty() ? "something" : wrong.word();
        switch (wrong.reason()) {
            case NO_COLUMN ->
                    findings.error(
                            "where names %s, which is not a column of %s.%s",
                            word,
                            model.table(),
                            PlanCheck.didYouMean(
                                    word, table.columns().stream().map(Column::name).toList()));
            case NO_FUNCTION ->
                    findings.error(
                            "where uses %s, and the database knows no such function, operator or type for"
                                    + " what stands there. Name it with its schema, or convert with cast.",
                            word);
            case NO_VALUE ->
                    findings.error(
                            "where compares with %s, which is no value of that type. Correct it.",
                            word);
            case TYPE ->
                    findings.error(
                            "where must be true or false for a record, and its types must fit: see at %s"
                                    + " (%s).",
                            word, wrong.sqlState());
            case SYNTAX ->
                    findings.error(
                            "where cannot be read by the database: see at %s (%s). Write what could stand"
                                    + " behind WHERE in SQL.",
                            word, wrong.sqlState());
        }
    }

    /// A change of what does not travel makes no version, so nothing is worked out again.
    private void checkColumns(List<String> columns) {
        for (ColumnUse use : uses) {
            if (!columns.contains(use.column().name())) {
                continue;
            }
            switch (use) {
                case ColumnUse.LeftOut _, ColumnUse.PointsOutside _, ColumnUse.Stamped _ ->
                        findings.warn(
                                "where looks at %s, which does not travel: a change of it alone goes"
                                        + " unnoticed until something else of the record changes.",
                                use.column().name());
                case ColumnUse.Travels _,
                        ColumnUse.Refers _,
                        ColumnUse.Key _,
                        ColumnUse.Generated _ -> {}
            }
        }
    }

    private void checkAttribute(
            String name, Set<String> types, List<Participant> instances, Connection connection) {
        if (!instances.isEmpty()
                && instances.stream().noneMatch(i -> i.attributes().containsKey(name))) {
            var known = new TreeSet<String>();
            instances.forEach(instance -> known.addAll(instance.attributes().keySet()));
            findings.warn(
                    "where names the attribute :%s, which no instance has, so the condition holds for"
                            + " nobody.%s Give it with: doctorbird instance set NAME %s=VALUE",
                    name, PlanCheck.didYouMean(name, List.copyOf(known)), name);
        }
        for (Participant instance : instances) {
            Optional<String> value = Optional.ofNullable(instance.attributes().get(name));
            for (String type : types) {
                if (value.isPresent() && !ConditionProbe.isValue(connection, value.get(), type)) {
                    findings.error(
                            "The attribute %s of instance %s is no value of the type %s, and where compares"
                                    + " it with one. Correct it with: doctorbird instance set %s %s=VALUE",
                            name, instance.name(), type, instance.name(), name);
                }
            }
        }
    }
}
