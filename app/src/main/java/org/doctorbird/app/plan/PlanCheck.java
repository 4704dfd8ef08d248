package org.doctorbird.app.plan;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.Catalogue.Column;
import org.doctorbird.app.postgres.Catalogue.ForeignKey;
import org.doctorbird.app.postgres.Catalogue.Kind;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.ColumnUse;
import org.doctorbird.app.postgres.Participant;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.postgres.SyncedTables;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.DependencyOrder;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.ModelShape;

/// Holds a plan against a database and says in sentences what is wrong or dangerous, and what to
/// do.
///
/// A plan without a finding of severity ERROR can be installed.
public final class PlanCheck {

    private static final Set<String> TRYTON_COLUMNS =
            Set.of("create_uid", "create_date", "write_uid", "write_date");

    private final Plan plan;
    private final Catalogue catalogue;

    private PlanCheck(Plan plan, Catalogue catalogue) {
        this.plan = plan;
        this.catalogue = catalogue;
    }

    /// Checks what every instance's database must have, and not the rules on who gets records.
    ///
    /// @return errors before warnings, each in the order of the plan
    public static List<Finding> check(Plan plan, Catalogue catalogue) {
        return sorted(new PlanCheck(plan, catalogue).structure());
    }

    /// Checks the whole plan against central's database.
    ///
    /// @param connection no transaction may be open; nothing stays in the database
    /// @return errors before warnings, each in the order of the plan
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE`, `RIGHTS_MISSING`
    public static List<Finding> checkAtCentral(Plan plan, Connection connection) {
        var check = new PlanCheck(plan, Catalogue.read(connection));
        List<Finding> findings = check.structure();
        List<Participant> instances =
                Participant.list(connection).stream()
                        .filter(instance -> instance.retired().isEmpty())
                        .toList();
        for (ModelPlan model : plan.models()) {
            check.ordinaryTable(model)
                    .ifPresent(table ->
                            findings.addAll(check.rules(model, table, connection, instances)));
        }
        if (hasNoError(findings)) {
            findings.addAll(new FlowCheck(plan, check.shapes()).check());
        }
        return sorted(findings);
    }

    private static List<Finding> sorted(List<Finding> findings) {
        return findings.stream().sorted(Comparator.comparing(Finding::severity)).toList();
    }

    private static boolean hasNoError(List<Finding> findings) {
        return findings.stream().noneMatch(f -> f.severity() == Finding.Severity.ERROR);
    }

    private List<Finding> structure() {
        var findings = new ArrayList<Finding>();
        plan.models().forEach(model -> findings.addAll(check(model)));
        if (hasNoError(findings)) {
            findings.addAll(circles());
        }
        return findings;
    }

    private Optional<Table> ordinaryTable(ModelPlan model) {
        return catalogue.table(model.table()).filter(table -> table.kind() == Kind.TABLE);
    }

    private List<Finding> rules(
            ModelPlan model, Table table, Connection connection, List<Participant> instances) {
        var findings = new Findings(model.name());
        new RuleCheck(plan, catalogue, model, table, findings).check();
        new ConflictCheck(plan, catalogue, model, table, findings).check();
        new ConditionCheck(model, table, ColumnUse.of(plan, model, table, catalogue), findings)
                .check(connection, instances);
        return findings.list();
    }

    private List<ModelShape> shapes() {
        return SyncedTables.of(plan, catalogue).stream().map(SyncedTable::shape).toList();
    }

    private List<Finding> check(ModelPlan model) {
        var findings = new Findings(model.name());
        Optional<Table> table = catalogue.table(model.table());
        if (table.isEmpty()) {
            findings.error(
                    "The database has no table %s.%s Correct the name, create the table, or take"
                            + " the model out of the plan.",
                    model.table(),
                    didYouMean(
                            model.table(),
                            catalogue.tables().stream().map(Table::planName).toList()));
        } else if (table.get().kind() != Kind.TABLE) {
            findings.error(
                    "%s is %s, and only ordinary tables can be synchronised. Name the ordinary"
                            + " tables that hold the rows, or take the model out of the plan.",
                    model.table(), table.get().kind().words());
        } else {
            check(model, table.get(), findings);
        }
        return findings.list();
    }

    private void check(ModelPlan model, Table table, Findings findings) {
        List<ColumnUse> uses = ColumnUse.of(plan, model, table, catalogue);
        new KeyCheck(model, table, findings).check(uses);
        new ColumnCheck(plan, model, table, findings).check(uses);
        checkLeftOut(model, table, findings);
        checkApplication(table, findings);
        for (ColumnUse use : uses) {
            if (use instanceof ColumnUse.Refers refers) {
                checkModes(model, refers, findings);
            }
        }
    }

    private static void checkLeftOut(ModelPlan model, Table table, Findings findings) {
        List<String> columns = table.columns().stream().map(Column::name).toList();
        model.leaveOut().stream()
                .filter(name -> !columns.contains(name))
                .sorted()
                .forEach(name ->
                        findings.warn(
                                "leave_out names the column %s, which %s does not have.%s"
                                        + " Correct it, or leave it if another instance has it.",
                                name, table.planName(), didYouMean(name, columns)));
    }

    private void checkApplication(Table table, Findings findings) {
        List<String> missing =
                TRYTON_COLUMNS.stream()
                        .filter(column -> table.column(column).isEmpty())
                        .sorted()
                        .toList();
        if (plan.application() == Application.TRYTON && !missing.isEmpty()) {
            findings.warn(
                    "The plan says application = \"tryton\", but %s has no %s. If it is not a table"
                            + " of Tryton, write application = \"plain\".",
                    table.planName(), String.join(", ", missing));
        }
    }

    /// A record can only be stored where the record it must point to is.
    private void checkModes(ModelPlan model, ColumnUse.Refers use, Findings findings) {
        ModelPlan target = plan.model(use.model()).orElseThrow();
        if (!use.column().isRequired() || target.name().equals(model.name())) {
            return;
        }
        boolean meetsByItself = target.uniqueIdColumn().isPresent();
        if (model.mode().takesNew() && !target.mode().takesNew() && !meetsByItself) {
            findings.error(
                    "%s must point to a record of %s, whose mode %s brings no new records to a"
                            + " satellite: what arrives there would wait for ever. Give %s the mode full"
                            + " or update, or a unique_id_column by which its records meet.",
                    use.column().name(), target.name(), target.mode().word(), target.name());
        } else if (model.mode().pushes() && !target.mode().pushes() && !meetsByItself) {
            findings.warn(
                    "%s must point to a record of %s, whose mode %s lets none out of a satellite:"
                            + " a record of %s that points to one made there waits at central. Give %s the"
                            + " mode full or push, or do not make such records on satellites.",
                    use.column().name(),
                    target.name(),
                    target.mode().word(),
                    model.name(),
                    target.name());
        }
    }

    private List<Finding> circles() {
        var findings = new Findings("");
        for (List<String> circle : DependencyOrder.requiredCircles(shapes())) {
            findings.error(
                    "The models %s point to each other in a circle of NOT NULL columns, so none of"
                            + " them can be stored first. Let one of these columns be NULL, or leave"
                            + " it out and give it a default.",
                    String.join(", ", circle));
        }
        return findings.list();
    }

    /// Returns " Did you mean …?" or nothing.
    static String didYouMean(String written, List<String> known) {
        return Nearest.to(written, known).map(word -> " Did you mean " + word + "?").orElse("");
    }

    /// Returns a foreign key's target as a plan writes it.
    static String target(ForeignKey key) {
        return Catalogue.SCHEMA_DEFAULT.equals(key.targetSchema())
                ? key.targetTable()
                : key.targetSchema() + "." + key.targetTable();
    }
}
