package org.doctorbird.app.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.doctorbird.record.FieldKind;

/// SQL on the rows of one table that a trigger or the adoption sees.
///
/// The functions outlive changes of the table: a column that was dropped or renamed since must not
/// make the application's own statement fail. So each column is named without its table inside a
/// subquery over the row, next to a row of nulls with the same names: SQL takes the row's column
/// where there is one, else the null. PostgreSQL folds all of it away when it plans.
final class CapturedRows {

    private final SyncedTable table;
    private final boolean givesUser;

    CapturedRows(SyncedTable table) {
        this(table, false);
    }

    private CapturedRows(SyncedTable table, boolean givesUser) {
        this.table = table;
        this.givesUser = givesUser;
    }

    /// Returns rows that have `who` besides: the application's id of the user who wrote the row,
    /// null if there is none.
    static CapturedRows withUser(SyncedTable table) {
        return new CapturedRows(table, true);
    }

    /// Returns a subquery with `key` and the travelling columns as `c1`, `c2`, … in their order.
    ///
    /// @param source a table, transition table or subquery in parentheses
    String of(String source) {
        return of(source, keyOf("\"the row\""));
    }

    /// Returns the same, with `key` as it is after the statement that changed the keys of rows.
    String moved(String source) {
        return of(
                source,
                """
                coalesce((select m.after::%s from doctorbird.engine_moved_key m
                    where m.transaction = pg_current_xact_id() and m.companion = %s
                    and m.before = %s::text), %s)\
                """
                        .formatted(
                                table.keyType(),
                                Sql.literal(table.companionName()),
                                keyOf("\"the row\""),
                                keyOf("\"the row\"")));
    }

    private String keyOf(String alias) {
        return alias + "." + Sql.identifier(table.keyColumn());
    }

    private String of(String source, String key) {
        var names = new ArrayList<String>();
        var named = new ArrayList<String>();
        for (SyncedColumn column : table.columns()) {
            names.add(column.name());
            named.add(Sql.identifier(column.name()) + " as c" + names.size());
        }
        if (givesUser) {
            names.addAll(table.userColumns());
            named.add(user() + " as who");
        }
        if (named.isEmpty()) {
            return "(select %s as key from %s \"the row\")".formatted(key, source);
        }
        String nulls =
                names.stream()
                        .map(name -> "null::text as " + Sql.identifier(name))
                        .collect(Collectors.joining(", "));
        return """
        (select %s as key, "the columns".*
         from (select %s) "the absent" cross join %s "the row"
         cross join lateral (select %s from (select "the row".*) "the same") "the columns")\
        """
                .formatted(key, nulls, source, String.join(", ", named));
    }

    private String user() {
        return table.userColumns().isEmpty()
                ? "null::text"
                : table.userColumns().stream()
                        .map(name -> Sql.identifier(name) + "::text")
                        .collect(Collectors.joining(", ", "coalesce(", ")"));
    }

    /// Returns the rows before and after an update, side by side as `o` and `n`.
    ///
    /// Written as a full join, which PostgreSQL never does by comparing each with each: the plan is
    /// made for the first statement of a session and kept for later ones, however many rows those
    /// have.
    String pairs(boolean areKeysMoved) {
        String before = areKeysMoved ? moved("old_rows") : of("old_rows");
        return before + " o full join " + of("new_rows") + " n on n.key = o.key";
    }

    /// Returns a condition that is true when a column differs between `o` and `n`.
    ///
    /// Where equality is exact, it is used. Elsewhere the stored images are compared: equal numbers
    /// may differ in their digits (1.0 and 1.00), and some types have no equality at all (json,
    /// point).
    String differs(int column) {
        String name = "c" + (column + 1);
        return switch (table.columns().get(column).shape().kind()) {
            case BOOLEAN, INTEGER, DATE, TIME, TIMESTAMP, REFERENCE ->
                    "o." + name + " is distinct from n." + name;
            case FLOAT, NUMERIC, BINARY, TEXT ->
                    isUuid(column)
                            ? "o." + name + " is distinct from n." + name
                            : "row(o.%1$s)::record operator(pg_catalog.*<>) row(n.%1$s)::record"
                                    .formatted(name);
        };
    }

    private boolean isUuid(int column) {
        return "uuid".equals(table.columns().get(column).type());
    }

    /// Returns the places of the columns of a kind.
    List<Integer> places(FieldKind kind) {
        return IntStream.range(0, table.columns().size())
                .filter(i -> table.columns().get(i).shape().kind() == kind)
                .boxed()
                .toList();
    }
}
