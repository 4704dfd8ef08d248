package org.doctorbird.app.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.Catalogue.Kind;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.postgres.SyncedTables;
import org.doctorbird.app.postgres.TrytonModels;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.DependencyOrder;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.ModelShape;

/// Makes a first plan from a database, for a person to go through: every table that can be
/// synchronised, in the order in which records are stored, and in comments what was left out and
/// why.
///
/// Equal databases give equal plans. What it makes passes [PlanCheck] without an error.
public final class InitialPlan {

    /// Tables in which programs note what they did to this one database.
    private static final Set<String> HOUSEKEEPING =
            Set.of(
                    "alembic_version",
                    "ar_internal_metadata",
                    "databasechangelog",
                    "databasechangeloglock",
                    "django_migrations",
                    "flyway_schema_history",
                    "schema_migrations",
                    "scheduled_tasks",
                    "spatial_ref_sys");

    /// Reference data of Tryton that each site loads by itself, by table: the column by which its
    /// records meet. Tryton keeps none of them unique.
    private static final Map<String, String> TRYTONS_REFERENCE_DATA =
            Map.of(
                    "ir_lang", "code",
                    "country_country", "code",
                    "country_subdivision", "code",
                    "currency_currency", "code");

    /// Tables that Tryton's modules fill on each site alike, and from which nothing is chosen.
    private static final Set<String> TRYTONS_MODULE_DATA =
            Set.of("party_address_format", "party_address_subdivision_type");

    /// What every table of a Tryton model has, whatever its name.
    private static final Set<String> TRYTONS_COLUMNS =
            Set.of("create_uid", "create_date", "write_uid", "write_date");

    private final Catalogue catalogue;
    private final Map<String, String> trytonModels;
    private final Application application;

    /// Why a table is left out, by its name in a plan.
    private final Map<String, String> leftOut = new TreeMap<>();

    private InitialPlan(Catalogue catalogue, Map<String, String> trytonModels) {
        this.catalogue = catalogue;
        this.trytonModels = trytonModels;
        this.application =
                TrytonModels.isTryton(catalogue) ? Application.TRYTON : Application.PLAIN;
    }

    /// Makes the text of a plan file.
    ///
    /// @param trytonModels the models of Tryton by table ([TrytonModels#read]); empty for other
    ///   applications
    /// @return a plan that [PlanFile] reads; only comments if there is no table to synchronise
    public static String of(Catalogue catalogue, Map<String, String> trytonModels) {
        return new InitialPlan(catalogue, trytonModels).text();
    }

    private String text() {
        List<ModelPlan> models = choose();
        Plan plan = new Plan(application, ordered(models));
        return new InitialPlanText(plan, catalogue, leftOut).toString();
    }

    private List<ModelPlan> choose() {
        var models = new LinkedHashMap<String, ModelPlan>();
        for (Table table : catalogue.tables()) {
            Optional<String> reason = reasonAgainst(table);
            if (reason.isPresent()) {
                leftOut.put(table.planName(), reason.get());
            } else {
                models.put(table.planName(), model(table));
            }
        }
        leaveOutWhatCannotWork(models);
        return List.copyOf(models.values());
    }

    private Optional<String> reasonAgainst(Table table) {
        if (table.kind() != Kind.TABLE) {
            return Optional.of("it is " + table.kind().words());
        }
        if (table.isOfExtension()) {
            return Optional.of("it belongs to an extension of PostgreSQL");
        }
        if (HOUSEKEEPING.contains(table.name())) {
            return Optional.of("it belongs to this one database");
        }
        return application == Application.TRYTON ? reasonAgainstTrytons(table) : Optional.empty();
    }

    private Optional<String> reasonAgainstTrytons(Table table) {
        if (referenceColumn(table).isPresent()) {
            return Optional.empty();
        }
        if (table.name().startsWith("ir_") || table.name().startsWith("res_")) {
            return Optional.of("Tryton's own: modules, users, settings of this one database");
        }
        if (table.name().endsWith("_history")) {
            return Optional.of("Tryton's own history of another table");
        }
        if ((table.name() + "_").contains("_configuration_")) {
            return Optional.of("settings of this one database");
        }
        if (TRYTONS_MODULE_DATA.contains(table.planName())) {
            return Optional.of("Tryton fills it on every site alike");
        }
        // A model may choose another name for its table.
        boolean isOfModel =
                TRYTONS_COLUMNS.stream().allMatch(name -> table.column(name).isPresent());
        return trytonModels.isEmpty() || trytonModels.containsKey(table.planName()) || isOfModel
                ? Optional.empty()
                : Optional.of("Tryton knows no model of this name");
    }

    /// Returns the column by which the records of reference data meet; empty for other tables.
    private Optional<String> referenceColumn(Table table) {
        return Optional.ofNullable(TRYTONS_REFERENCE_DATA.get(table.planName()))
                .filter(_ -> application == Application.TRYTON)
                .filter(column -> table.column(column).isPresent());
    }

    private ModelPlan model(Table table) {
        String name = trytonModels.getOrDefault(table.planName(), table.planName());
        Optional<String> referenceColumn = referenceColumn(table);
        return new ModelPlan(
                name.length() > 100
                        ? name.substring(0, 90) + "~" + Integer.toHexString(name.hashCode())
                        : name,
                table.planName(),
                referenceColumn.isPresent() ? Mode.NONE : Mode.FULL,
                referenceColumn.or(() -> uuidColumn(table)),
                Set.of(),
                ModelPlan.BATCH_DEFAULT);
    }

    /// Returns the first unique column of type uuid that is no reference, the key before others.
    private static Optional<String> uuidColumn(Table table) {
        return table.columns().stream()
                .filter(column -> "uuid".equals(column.baseType()))
                .map(Catalogue.Column::name)
                .filter(table::isUnique)
                .filter(name ->
                        table.foreignKeys().stream().noneMatch(key -> key.columns().contains(name)))
                .min(java.util.Comparator.comparing(name -> !table.primaryKey().contains(name)));
    }

    /// Takes models with errors out, until none is left: without one model another may have a
    /// required reference to nowhere.
    private void leaveOutWhatCannotWork(Map<String, ModelPlan> models) {
        boolean isChanged = true;
        while (isChanged && !models.isEmpty()) {
            var plan = new Plan(application, List.copyOf(models.values()));
            var reasons = new HashMap<String, String>();
            for (Finding finding : PlanCheck.check(plan, catalogue)) {
                if (finding.severity() == Finding.Severity.ERROR) {
                    reasons.putIfAbsent(finding.model(), finding.sentence());
                }
            }
            isChanged = !reasons.isEmpty();
            takeOut(models, reasons);
        }
    }

    private void takeOut(Map<String, ModelPlan> models, Map<String, String> reasons) {
        for (ModelPlan model : List.copyOf(models.values())) {
            String reason = reasons.get(model.name());
            if (reason != null) {
                models.remove(model.table());
                leftOut.put(model.table(), reason);
            }
        }
        String circle = reasons.get("");
        if (circle != null && reasons.size() == 1) {
            for (String table : circular(models)) {
                models.remove(table);
                leftOut.put(table, circle);
            }
        }
    }

    private Set<String> circular(Map<String, ModelPlan> models) {
        var plan = new Plan(application, List.copyOf(models.values()));
        var names = new HashSet<String>();
        DependencyOrder.requiredCircles(shapes(plan)).forEach(names::addAll);
        var tables = new HashSet<String>();
        plan.models().stream()
                .filter(model -> names.contains(model.name()))
                .forEach(model -> tables.add(model.table()));
        return tables;
    }

    private List<ModelShape> shapes(Plan plan) {
        return SyncedTables.of(plan, catalogue).stream().map(SyncedTable::shape).toList();
    }

    private List<ModelPlan> ordered(List<ModelPlan> models) {
        var plan = new Plan(application, models);
        var ordered = new ArrayList<ModelPlan>();
        for (ModelShape shape : DependencyOrder.of(shapes(plan))) {
            ordered.add(plan.model(shape.model()).orElseThrow());
        }
        return ordered;
    }
}
