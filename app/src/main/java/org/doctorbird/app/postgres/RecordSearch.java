package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.SearchQuery.Operator;
import org.doctorbird.exchange.SearchQuery.Order;
import org.doctorbird.record.FieldNames;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.jspecify.annotations.Nullable;

/// Searches the living records of one model at central.
final class RecordSearch {

    /// How many changed records a search reads anew before it looks.
    private static final int REFRESHED_MAX = 2_000;

    /// Of how many matching records the best are chosen. A search that finds more says too little.
    private static final int CANDIDATES_MAX = 10_000;

    private static final int RANKS_MAX = 3;

    /// From which share of common trigrams on a longer text holds a similar word: 'smyth' finds
    /// 'john smith', and not 'john smart'.
    private static final String WORD_SIMILARITY = "0.3";

    private final Statements statements;
    private final TablesByModel tables;
    private final SyncedTable table;

    RecordSearch(Statements statements, TablesByModel tables, SyncedTable table) {
        this.statements = statements;
        this.tables = tables;
        this.table = table;
    }

    /// @param query with the fields to show
    List<Found> find(InstanceId instance, SearchQuery query) throws SQLException {
        new SearchTexts(statements, tables).refresh(REFRESHED_MAX);
        Optional<String> trigrams = trigrams(query);
        var conditions = new SearchConditions(tables, table, trigrams);
        conditions.check(statements, query.where());
        List<UUID> hits = hits(conditions, query);
        return hits.isEmpty() ? List.of() : read(instance, query.fields(), hits);
    }

    private Optional<String> trigrams(SearchQuery query) throws SQLException {
        boolean isNeeded =
                SearchConditions.comparisons(query.where()).stream()
                        .anyMatch(compare -> compare.operator() == Operator.SIMILAR);
        Optional<String> schema = isNeeded ? SearchIndex.schema(statements) : Optional.empty();
        if (schema.isPresent()) {
            statements.query(
                    "select set_config('pg_trgm.strict_word_similarity_threshold', ?, true)",
                    row -> row.getString(1),
                    WORD_SIMILARITY);
        }
        return schema;
    }

    private List<UUID> hits(SearchConditions conditions, SearchQuery query) throws SQLException {
        var joins = new FieldPath.Joins(tables);
        SqlPiece where = conditions.where(query.where(), joins);
        List<SqlPiece> ranks = conditions.ranks(query.where(), "n.uid", RANKS_MAX);
        boolean isRanked = query.order().isEmpty() && !ranks.isEmpty();
        String order = isRanked ? "" : order(query.order(), joins);
        SqlPiece matching =
                where.within("select c.uid from " + FieldPath.living(table, joins) + "\n and ", "");
        SqlPiece ordered =
                isRanked
                        ? SqlPiece.of("select n.uid from (")
                                .then(matching)
                                .then(SqlPiece.of("\nlimit " + CANDIDATES_MAX + ") n order by "))
                                .then(SqlPiece.joined(" + ", ranks, ""))
                                .then(SqlPiece.of(", n.uid"))
                        : matching.then(SqlPiece.of("\norder by " + order + "c.uid"));
        SqlPiece whole =
                ordered.then(SqlPiece.of(" offset ? limit ?", query.offset(), query.limit()));
        return statements.query(
                whole.text(), row -> row.getObject(1, UUID.class), whole.parameters().toArray());
    }

    private String order(List<Order> orders, FieldPath.Joins joins) {
        return orders.stream()
                .map(order ->
                        joins.value(FieldPath.of(tables, table, order.field()))
                                + (order.isDescending() ? " desc" : "")
                                + " nulls last, ")
                .collect(Collectors.joining());
    }

    private List<Found> read(InstanceId instance, List<String> names, List<UUID> hits)
            throws SQLException {
        var joins = new FieldPath.Joins(tables);
        String values =
                names.stream()
                        .map(name -> joins.value(FieldPath.of(tables, table, name)))
                        .map(value -> ",\n " + value + "::text")
                        .collect(Collectors.joining());
        FieldNames fields = FieldNames.of(names);
        Map<UUID, Found> found = new HashMap<>();
        statements.visit(
                "select c.uid, %s%s from %s and c.uid = any(?)"
                        .formatted(
                                Bits.isSet("c.synchronised_instances", "?::integer"),
                                values,
                                FieldPath.living(table, joins)),
                0,
                row -> {
                    Found one = found(row, fields);
                    found.put(one.uid(), one);
                    return true;
                },
                instance.number(),
                hits.toArray(UUID[]::new));
        return hits.stream().flatMap(uid -> Optional.ofNullable(found.get(uid)).stream()).toList();
    }

    private static Found found(ResultSet row, FieldNames names) throws SQLException {
        var values = new ArrayList<@Nullable String>(names.size());
        for (int i = 0; i < names.size(); i++) {
            values.add(row.getString(3 + i));
        }
        return new Found(row.getObject(1, UUID.class), row.getBoolean(2), Fields.of(names, values));
    }
}
