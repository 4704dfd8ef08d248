package org.doctorbird.app.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.Catalogue.Column;
import org.doctorbird.app.postgres.Catalogue.Identity;
import org.doctorbird.app.postgres.Catalogue.Kind;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.SyncedTable.Stamp;
import org.doctorbird.app.postgres.SyncedTable.UidSource;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;

/// Lays a plan over a database.
public final class SyncedTables {

    /// The types that a model's key may have.
    public static final Set<String> KEY_TYPES = Set.of("smallint", "integer", "bigint", "uuid");

    private SyncedTables() {}

    /// Returns every model of the plan as this database has it, in the order of the plan.
    ///
    /// @throws SyncException `PLAN_DOES_NOT_FIT` for the first model that cannot be synchronised;
    ///   the check of the plan names all of them and what to do
    public static List<SyncedTable> of(Plan plan, Catalogue catalogue) {
        return plan.models().stream().map(model -> of(plan, model, catalogue)).toList();
    }

    private static SyncedTable of(Plan plan, ModelPlan model, Catalogue catalogue) {
        Table table =
                catalogue
                        .table(model.table())
                        .orElseThrow(() -> unfit(model, "the database has no such table"));
        if (table.kind() != Kind.TABLE) {
            throw unfit(model, "the table is " + table.kind().words());
        }
        Column key =
                table.key().orElseThrow(() -> unfit(model, "the primary key is not one column"));
        if (!KEY_TYPES.contains(key.baseType())) {
            throw unfit(model, "the key's type is not smallint, integer, bigint or uuid");
        }
        List<ColumnUse> uses = ColumnUse.of(plan, model, table, catalogue);
        Optional<Column> uniqueId = uniqueId(model, table, uses);
        boolean isUidItsKey = uniqueId.equals(Optional.of(key)) && "uuid".equals(key.baseType());
        if (!isUidItsKey && key.maker().isEmpty()) {
            throw unfit(model, "the key has no default");
        }
        return new SyncedTable(
                model,
                table.schema(),
                table.name(),
                key.name(),
                key.baseType(),
                isUidItsKey ? Optional.empty() : key.maker(),
                key.identity() == Identity.ALWAYS,
                uniqueId.map(SyncedTables::sourceOf).orElse(UidSource.RANDOM),
                columns(uses),
                stamps(plan, table));
    }

    private static Optional<Column> uniqueId(ModelPlan model, Table table, List<ColumnUse> uses) {
        Optional<Column> column = model.uniqueIdColumn().flatMap(table::column);
        if (model.uniqueIdColumn().isPresent() && column.isEmpty()) {
            throw unfit(model, "the table has no such unique_id_column");
        }
        if (column.isPresent() && !uses.contains(new ColumnUse.Travels(column.get()))) {
            throw unfit(model, "the unique_id_column does not travel as it is");
        }
        return column;
    }

    private static UidSource sourceOf(Column column) {
        return "uuid".equals(column.baseType()) ? UidSource.UUID_COLUMN : UidSource.NATURAL_KEY;
    }

    private static List<SyncedColumn> columns(List<ColumnUse> uses) {
        var columns = new ArrayList<SyncedColumn>();
        for (ColumnUse use : uses) {
            Column column = use.column();
            switch (use) {
                case ColumnUse.Travels _ ->
                        columns.add(
                                synced(
                                        column,
                                        FieldShape.plain(
                                                column.name(),
                                                kindOf(column),
                                                column.isRequired())));
                case ColumnUse.Refers refers ->
                        columns.add(
                                synced(
                                        column,
                                        FieldShape.reference(
                                                column.name(),
                                                refers.model(),
                                                column.isRequired())));
                case ColumnUse.Key _,
                        ColumnUse.LeftOut _,
                        ColumnUse.Generated _,
                        ColumnUse.PointsOutside _,
                        ColumnUse.Stamped _ -> {}
            }
        }
        return columns;
    }

    private static SyncedColumn synced(Column column, FieldShape shape) {
        return new SyncedColumn(shape, column.number() - 1, column.type());
    }

    /// Returns the kind of a column's values; a domain's is that of the type below it.
    static FieldKind kindOf(Column column) {
        return switch (column.baseType()) {
            case "boolean" -> FieldKind.BOOLEAN;
            case "smallint", "integer", "bigint" -> FieldKind.INTEGER;
            case "real", "double precision" -> FieldKind.FLOAT;
            case "numeric" -> FieldKind.NUMERIC;
            case "date" -> FieldKind.DATE;
            case "time without time zone" -> FieldKind.TIME;
            case "timestamp without time zone" -> FieldKind.TIMESTAMP;
            case "bytea" -> FieldKind.BINARY;
            default -> FieldKind.TEXT;
        };
    }

    private static List<Stamp> stamps(Plan plan, Table table) {
        if (plan.application() != Application.TRYTON) {
            return List.of();
        }
        // User 0 is Tryton's root, which every database has. A new write_date makes an open form
        // notice the change.
        return List.of(
                        new Stamp("create_uid", "0", Optional.empty()),
                        new Stamp("write_uid", "null", Optional.of("0")),
                        new Stamp(
                                "write_date",
                                "null",
                                Optional.of("(pg_catalog.clock_timestamp() at time zone 'UTC')")))
                .stream()
                .filter(stamp -> table.column(stamp.column()).isPresent())
                .toList();
    }

    private static SyncException unfit(ModelPlan model, String why) {
        return new SyncException(ErrorCode.PLAN_DOES_NOT_FIT, "the plan does not fit the database")
                .with("model", model.name())
                .with("table", model.table())
                .with("why", why);
    }
}
