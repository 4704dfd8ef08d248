package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.jspecify.annotations.Nullable;

/// Reads the rows of one model as fields: every value in PostgreSQL's own text form, every
/// reference as the uid of its target.
///
/// In the statements the companion is `c` and the row, which may be missing, is `t`.
final class RowReader {

    private final SyncedTable table;
    private final ModelShape shape;
    private final TablesByModel tables;

    /// @param shape the fields to read; each must be a column of the table
    RowReader(TablesByModel tables, ModelShape shape) {
        this.tables = tables;
        this.table = tables.get(shape.model());
        this.shape = shape;
    }

    /// Returns `companion c left join table t`.
    String source() {
        return "%s c left join %s t on t.%s = c.id"
                .formatted(table.companion(), table.qualified(), Sql.identifier(table.keyColumn()));
    }

    /// Returns the expression that says whether the row is there, and those of all fields, each
    /// with a comma in front.
    String columns() {
        var text = new StringBuilder(", t.").append(Sql.identifier(table.keyColumn()));
        text.append(" is not null");
        shape.fields().forEach(field -> text.append(",\n ").append(value(field.name())));
        return text.toString();
    }

    /// Returns the expression of one field's value as text.
    String value(String name) {
        return value(tables, table, TablesByModel.column(table, name));
    }

    /// Returns the expression of one column's value as text, from `t` and `c`.
    ///
    /// A reference that waits for its target is NULL in the row and remembered beside it. Both are
    /// read by one statement, that is from one snapshot: read one after the other, a target that
    /// arrives in between would make the reference disappear.
    static String value(TablesByModel tables, SyncedTable table, SyncedColumn column) {
        String cell = "t." + Sql.identifier(column.name());
        if (column.references().isEmpty()) {
            return cell + "::text";
        }
        SyncedTable target = tables.get(column.references().get());
        return """
        coalesce((select r.uid from %s r where r.id = %s),
          (select m.target_uid from doctorbird.engine_missing_reference m
            where m.model = %s and m.uid = c.uid and m.field = %s and %s is null))::text\
        """
                .formatted(
                        target.companion(),
                        cell,
                        Sql.literal(table.model()),
                        Sql.literal(column.name()),
                        cell);
    }

    /// Says whether the row is there.
    ///
    /// @param first the place of the first of [#columns] in the result, from 1
    boolean isHere(ResultSet row, int first) throws SQLException {
        return row.getBoolean(first);
    }

    /// Reads the fields; none if the row is not there.
    ///
    /// @param first the place of the first of [#columns] in the result, from 1
    Fields read(ResultSet row, int first) throws SQLException {
        if (!isHere(row, first)) {
            return Fields.NONE;
        }
        var values = new ArrayList<@Nullable String>(shape.fields().size());
        for (int i = 0; i < shape.fields().size(); i++) {
            values.add(row.getString(first + 1 + i));
        }
        return Fields.of(shape.names(), values);
    }

    /// Returns roughly how many bytes the values take.
    static long size(Fields fields) {
        long size = 0;
        List<@Nullable String> values = fields.values();
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            size += value == null ? 1 : value.length();
        }
        return size;
    }
}
