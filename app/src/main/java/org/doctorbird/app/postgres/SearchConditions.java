package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.SearchQuery.Condition;
import org.doctorbird.exchange.SearchQuery.Operator;
import org.doctorbird.record.FieldKind;
import org.jspecify.annotations.Nullable;

/// The conditions of a search as SQL over `c`, `t` and joined rows.
///
/// Texts are compared as they are kept in `doctorbird.engine_search`, everything else in the
/// application's tables, as values of the column's kind. As in Tryton, what a negative operator
/// leaves out never includes empty fields.
final class SearchConditions {

    private final TablesByModel tables;
    private final SyncedTable table;
    private final Optional<String> trigrams;

    /// @param table the model that is searched
    /// @param trigrams the schema of pg_trgm; empty: there is none
    SearchConditions(TablesByModel tables, SyncedTable table, Optional<String> trigrams) {
        this.tables = tables;
        this.table = table;
        this.trigrams = trigrams;
    }

    /// Returns all comparisons of a condition.
    static List<Condition.Compare> comparisons(Condition condition) {
        return switch (condition) {
            case Condition.All(List<Condition> parts) ->
                    parts.stream().flatMap(part -> comparisons(part).stream()).toList();
            case Condition.Any(List<Condition> parts) ->
                    parts.stream().flatMap(part -> comparisons(part).stream()).toList();
            case Condition.Compare compare -> List.of(compare);
        };
    }

    /// Has the database read all values as values of their columns, and leaves the transaction as
    /// it was.
    ///
    /// @throws SyncException `VALUE_MALFORMED`, which names the field and not the value
    void check(Statements statements, Condition condition) throws SQLException {
        statements.execute("savepoint search_values");
        for (Condition.Compare compare : comparisons(condition)) {
            FieldPath path = FieldPath.of(tables, table, compare.field());
            String type = isPattern(compare.operator()) ? "text" : type(path);
            try {
                statements.query(
                        "select count(v::%s) from unnest(?::text[]) v".formatted(type),
                        row -> row.getLong(1),
                        (Object) compare.values().toArray(String[]::new));
            } catch (SQLException e) {
                String state = Objects.requireNonNullElse(e.getSQLState(), "");
                if (!state.startsWith("22") && !state.startsWith("23")) {
                    throw e;
                }
                statements.execute("rollback to savepoint search_values");
                throw new SyncException(ErrorCode.VALUE_MALFORMED, "a value does not fit its field")
                        .with("model", table.model())
                        .with("field", compare.field());
            }
        }
        statements.execute("release savepoint search_values");
    }

    private static boolean isPattern(Operator operator) {
        return operator == Operator.LIKE
                || operator == Operator.NOT_LIKE
                || operator == Operator.SIMILAR;
    }

    /// Returns the type that the field's values are compared as. Not always the column's: a
    /// `numeric(10,2)` rounds, and would find what is only nearly equal.
    private static String type(FieldPath path) {
        return switch (path.column().shape().kind()) {
            case BOOLEAN -> "boolean";
            case INTEGER -> "bigint";
            case FLOAT -> path.column().type();
            case NUMERIC -> "numeric";
            case DATE -> "date";
            case TIME -> "time";
            case TIMESTAMP -> "timestamp";
            case BINARY -> "bytea";
            case REFERENCE -> "uuid";
            case TEXT -> "text";
        };
    }

    /// Returns the condition; adds what it takes to the joins.
    SqlPiece where(Condition condition, FieldPath.Joins joins) {
        return switch (condition) {
            case Condition.All(List<Condition> parts) ->
                    SqlPiece.joined(
                            "\n and ",
                            parts.stream().map(part -> where(part, joins)).toList(),
                            "true");
            case Condition.Any(List<Condition> parts) -> any(parts, joins);
            case Condition.Compare compare -> where(compare, joins);
        };
    }

    /// With texts among them, each part is looked up by itself: an index for each is better than
    /// one pass over all records.
    private SqlPiece any(List<Condition> parts, FieldPath.Joins joins) {
        boolean hasText =
                comparisons(new Condition.Any(parts)).stream()
                        .anyMatch(some -> FieldPath.of(tables, table, some.field()).isText());
        if (!hasText) {
            return SqlPiece.joined(
                    "\n or ", parts.stream().map(part -> where(part, joins)).toList(), "false");
        }
        return SqlPiece.joined("\n union all ", parts.stream().map(this::uids).toList(), "")
                .within("c.uid in ", "");
    }

    /// Returns the uids of all living records that fulfil a condition.
    private SqlPiece uids(Condition condition) {
        if (condition instanceof Condition.Compare compare && isPositiveText(compare)) {
            return text(compare).uids(compare.operator(), values(compare));
        }
        var joins = new FieldPath.Joins(tables);
        SqlPiece where = where(condition, joins);
        return where.within("select c.uid from " + FieldPath.living(table, joins) + " and ", "");
    }

    private boolean isPositiveText(Condition.Compare compare) {
        return switch (compare.operator()) {
            case NOT_EQUAL, NOT_LIKE, NOT_IN -> false;
            case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, LIKE, IN, SIMILAR ->
                    FieldPath.of(tables, table, compare.field()).isText()
                            && compare.values().stream().noneMatch(Objects::isNull);
        };
    }

    private TextMatch text(Condition.Compare compare) {
        return new TextMatch(FieldPath.of(tables, table, compare.field()), table.model(), trigrams);
    }

    /// Returns how well a record matches, for each of the first comparisons that can tell; nothing
    /// if none can.
    ///
    /// @param uid the expression of the record's uid
    List<SqlPiece> ranks(Condition condition, String uid, int limit) {
        return comparisons(condition).stream()
                .filter(this::isPositiveText)
                .flatMap(compare ->
                        text(compare).rank(compare.operator(), values(compare), uid).stream())
                .limit(limit)
                .toList();
    }

    private static List<String> values(Condition.Compare compare) {
        var values = new ArrayList<String>();
        for (@Nullable String value : compare.values()) {
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private SqlPiece where(Condition.Compare compare, FieldPath.Joins joins) {
        FieldPath path = FieldPath.of(tables, table, compare.field());
        List<String> values = values(compare);
        boolean hasEmpty = values.size() < compare.values().size();
        String isEmpty = joins.cell(path) + " is null";
        return switch (compare.operator()) {
            case EQUAL -> hasEmpty ? SqlPiece.of(isEmpty) : holds(path, compare, values, joins);
            case IN -> {
                SqlPiece among = holds(path, compare, values, joins);
                yield hasEmpty
                        ? SqlPiece.joined(" or ", List.of(among, SqlPiece.of(isEmpty)), "")
                        : among;
            }
            case NOT_EQUAL ->
                    hasEmpty
                            ? SqlPiece.of("not " + isEmpty)
                            : holdsNot(path, compare, values, joins);
            case NOT_IN -> {
                SqlPiece outside = holdsNot(path, compare, values, joins);
                yield hasEmpty
                        ? SqlPiece.joined(
                                " and ", List.of(outside, SqlPiece.of("not " + isEmpty)), "")
                        : outside;
            }
            case NOT_LIKE -> holdsNot(path, compare, values, joins);
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, LIKE, SIMILAR ->
                    holds(path, compare, values, joins);
        };
    }

    private SqlPiece holds(
            FieldPath path, Condition.Compare compare, List<String> values, FieldPath.Joins joins) {
        return path.isText()
                ? text(compare).uids(compare.operator(), values).within("c.uid in (", ")")
                : typed(path, compare.operator(), values, joins);
    }

    private SqlPiece holdsNot(
            FieldPath path, Condition.Compare compare, List<String> values, FieldPath.Joins joins) {
        return path.isText()
                ? text(compare).matchesNot(compare.operator(), values)
                : typed(path, compare.operator(), values, joins).within("(", ") is not true");
    }

    /// A negative operator gives the condition that it negates.
    private SqlPiece typed(
            FieldPath path, Operator operator, List<String> values, FieldPath.Joins joins) {
        String value = joins.value(path);
        String one = "?::" + type(path);
        return switch (operator) {
            case EQUAL, NOT_EQUAL, IN, NOT_IN -> among(path, values, joins);
            case LESS -> SqlPiece.of(value + " < " + one, values.getFirst());
            case LESS_OR_EQUAL -> SqlPiece.of(value + " <= " + one, values.getFirst());
            case GREATER -> SqlPiece.of(value + " > " + one, values.getFirst());
            case GREATER_OR_EQUAL -> SqlPiece.of(value + " >= " + one, values.getFirst());
            case LIKE, NOT_LIKE ->
                    TextMatch.like(folded(value), TextMatch.pattern(values.getFirst()));
            case SIMILAR ->
                    TextMatch.like(
                            folded(value), "%" + TextMatch.literally(values.getFirst()) + "%");
        };
    }

    private static String folded(String value) {
        return "doctorbird.engine_fold(%s::text)".formatted(value);
    }

    private SqlPiece among(FieldPath path, List<String> values, FieldPath.Joins joins) {
        Object all = values.toArray(String[]::new);
        if (path.column().shape().kind() == FieldKind.REFERENCE) {
            String target = path.column().references().orElseThrow();
            return SqlPiece.of(
                    "%s in (select r.id from %s r where r.uid = any(?::text[]::uuid[]))"
                            .formatted(joins.cell(path), tables.get(target).companion()),
                    all);
        }
        return SqlPiece.of(
                "%s = any(?::text[]::%s[])".formatted(joins.cell(path), type(path)), all);
    }
}
