package org.doctorbird.app.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.app.postgres.Catalogue.Column;
import org.doctorbird.app.postgres.Catalogue.ForeignKey;
import org.doctorbird.app.postgres.Catalogue.Identity;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;

/// What becomes of one column of a model's table.
public sealed interface ColumnUse {

    /// Returns the column.
    Column column();

    /// It travels as a plain value.
    record Travels(Column column) implements ColumnUse {}

    /// It travels as the uid of the record that it points to.
    ///
    /// @param model the model of that record
    record Refers(Column column, String model) implements ColumnUse {}

    /// The key: every instance has its own values. Does not travel.
    record Key(Column column) implements ColumnUse {}

    /// The plan leaves it out.
    record LeftOut(Column column) implements ColumnUse {}

    /// PostgreSQL makes its value from the other columns, or always from a sequence. Does not
    /// travel.
    record Generated(Column column) implements ColumnUse {}

    /// It points to a table that is not in the plan. Its values are local keys and do not travel.
    ///
    /// @param key the foreign key that says so
    record PointsOutside(Column column, ForeignKey key) implements ColumnUse {}

    /// The application's own note of who wrote the row and when. Does not travel; the engine sets
    /// it.
    record Stamped(Column column) implements ColumnUse {}

    /// The columns of Tryton that belong to the instance.
    Set<String> TRYTON_STAMPS = Set.of("create_uid", "write_uid", "write_date");

    /// Says what becomes of each column, in the order of the table.
    static List<ColumnUse> of(Plan plan, ModelPlan model, Table table, Catalogue catalogue) {
        var uses = new ArrayList<ColumnUse>();
        for (Column column : table.columns()) {
            uses.add(of(plan, model, table, catalogue, column));
        }
        return uses;
    }

    private static ColumnUse of(
            Plan plan, ModelPlan model, Table table, Catalogue catalogue, Column column) {
        String name = column.name();
        if (table.primaryKey().contains(name)) {
            return isUniqueIdKey(model, column) ? new Travels(column) : new Key(column);
        }
        if (plan.application() == Application.TRYTON && TRYTON_STAMPS.contains(name)) {
            return new Stamped(column);
        }
        if (model.leaveOut().contains(name)) {
            return new LeftOut(column);
        }
        if (column.isGenerated() || column.identity() == Identity.ALWAYS) {
            return new Generated(column);
        }
        return pointing(plan, table, catalogue, column);
    }

    private static boolean isUniqueIdKey(ModelPlan model, Column column) {
        return model.uniqueIdColumn().equals(Optional.of(column.name()))
                && "uuid".equals(column.baseType());
    }

    private static ColumnUse pointing(Plan plan, Table table, Catalogue catalogue, Column column) {
        Optional<ColumnUse> outside = Optional.empty();
        for (ForeignKey key : table.foreignKeys()) {
            int place = key.columns().indexOf(column.name());
            Optional<Table> target = place < 0 ? Optional.empty() : targetOf(key, catalogue);
            if (target.isEmpty()
                    || !target.get().primaryKey().equals(List.of(key.targetColumns().get(place)))) {
                continue;
            }
            Optional<ModelPlan> pointed = modelOf(plan, target.get(), catalogue);
            if (pointed.isPresent()) {
                return new Refers(column, pointed.get().name());
            }
            outside = Optional.of(new PointsOutside(column, key));
        }
        return outside.orElse(new Travels(column));
    }

    private static Optional<Table> targetOf(ForeignKey key, Catalogue catalogue) {
        return catalogue.table(key.targetSchema() + "." + key.targetTable());
    }

    private static Optional<ModelPlan> modelOf(Plan plan, Table table, Catalogue catalogue) {
        return plan.models().stream()
                .filter(model -> catalogue.table(model.table()).equals(Optional.of(table)))
                .findFirst();
    }
}
