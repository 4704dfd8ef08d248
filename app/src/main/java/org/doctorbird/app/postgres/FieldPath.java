package org.doctorbird.app.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.record.FieldKind;

/// A field as a search names it: of the record itself, or over references, such as `name.lastname`.
///
/// @param name as it was named
/// @param hops the references on the way, in order; none for a field of the record itself
/// @param table the model that has the field
/// @param column the field
record FieldPath(String name, List<Hop> hops, SyncedTable table, SyncedColumn column) {

    /// A reference on the way.
    ///
    /// @param path the names up to and including the reference's
    /// @param table the model that has the reference
    /// @param column the reference
    /// @param target the model that it points to
    record Hop(String path, SyncedTable table, SyncedColumn column, SyncedTable target) {}

    FieldPath {
        hops = List.copyOf(hops);
    }

    /// Finds a field.
    ///
    /// @throws SyncException `FIELD_UNKNOWN`
    static FieldPath of(TablesByModel tables, SyncedTable table, String name) {
        var hops = new ArrayList<Hop>();
        SyncedTable at = table;
        String[] steps = name.split("\\.", -1);
        for (int i = 0; i < steps.length - 1; i++) {
            SyncedColumn column = column(at, steps[i], table, name);
            SyncedTable target =
                    column.references()
                            .flatMap(tables::find)
                            .orElseThrow(() -> unknown(table, name));
            String path = hops.isEmpty() ? steps[i] : hops.getLast().path() + "." + steps[i];
            hops.add(new Hop(path, at, column, target));
            at = target;
        }
        return new FieldPath(name, hops, at, column(at, steps[steps.length - 1], table, name));
    }

    private static SyncedColumn column(
            SyncedTable at, String step, SyncedTable table, String name) {
        return at.columns().stream()
                .filter(column -> column.name().equals(step))
                .findFirst()
                .orElseThrow(() -> unknown(table, name));
    }

    private static SyncException unknown(SyncedTable table, String name) {
        return new SyncException(ErrorCode.FIELD_UNKNOWN, "no such field")
                .with("model", table.model())
                .with("field", name);
    }

    /// Says whether it is compared as a text, without case and accents.
    boolean isText() {
        return column.shape().kind() == FieldKind.TEXT;
    }

    /// The joins that some paths need, each once. In the statements the record's companion is `c`
    /// and its row `t`.
    static final class Joins {

        private final TablesByModel tables;
        private final Map<String, String> aliases = new LinkedHashMap<>();
        private final StringBuilder text = new StringBuilder();

        Joins(TablesByModel tables) {
            this.tables = tables;
        }

        /// Returns the cell of the path's field; adds what it takes to reach it.
        String cell(FieldPath path) {
            return alias(path.hops()) + "." + Sql.identifier(path.column().name());
        }

        /// Returns the value of the path's field: the uid of a reference's target, else the cell.
        String value(FieldPath path) {
            String cell = cell(path);
            Optional<SyncedTable> target = path.column().references().flatMap(tables::find);
            return target.map(table ->
                            "(select r.uid from %s r where r.id = %s)"
                                    .formatted(table.companion(), cell))
                    .orElse(cell);
        }

        private String alias(List<Hop> hops) {
            String alias = "t";
            for (Hop hop : hops) {
                String from = alias;
                alias = aliases.computeIfAbsent(hop.path(), _ -> joined(hop, from));
            }
            return alias;
        }

        private String joined(Hop hop, String from) {
            String alias = "t" + (aliases.size() + 1);
            text.append(
                    "\nleft join %1$s %2$s on %2$s.%3$s = %4$s.%5$s"
                            .formatted(
                                    hop.target().qualified(),
                                    alias,
                                    Sql.identifier(hop.target().keyColumn()),
                                    from,
                                    Sql.identifier(hop.column().name())));
            return alias;
        }

        /// Returns all joins so far.
        String text() {
            return text.toString();
        }
    }

    /// Returns `companion c join table t`: records that have a row and are not marked as deleted; a
    /// `where` has begun.
    static String living(SyncedTable table, Joins joins) {
        return "%s c join %s t on t.%s = c.id%s\nwhere c.deleted_at is null"
                .formatted(
                        table.companion(),
                        table.qualified(),
                        Sql.identifier(table.keyColumn()),
                        joins.text());
    }
}
