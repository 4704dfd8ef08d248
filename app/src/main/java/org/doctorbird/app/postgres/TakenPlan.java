package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a satellite notes when it puts a plan into force, beside the plan itself. A satellite sends
/// no fields that central lacks: they would be refused record by record.
///
/// @param version of the plan; empty text before the first one
/// @param withheld the models that the satellite took no part in when it was put into force
/// @param fields the fields that travel, by model: those that satellite and central both had when
///   the plan was put into force
public record TakenPlan(String version, Set<String> withheld, Map<String, Set<String>> fields) {

    private static final String KEY = "taken_plan";

    public TakenPlan {
        withheld = new TreeSet<>(withheld);
    }

    /// Notes the plan that central gave.
    public static TakenPlan of(
            String version, Set<String> withheld, Map<String, List<String>> given) {
        var fields = new TreeMap<String, Set<String>>();
        given.forEach((model, names) -> fields.put(model, new TreeSet<>(names)));
        return new TakenPlan(version, withheld, fields);
    }

    /// Reads what was noted; nothing before the first plan.
    ///
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE`, `NOT_INSTALLED`
    public static TakenPlan read(Connection connection) {
        try {
            Optional<String> kept = new EngineMeta(new Statements(connection)).get(KEY);
            if (kept.isEmpty()) {
                return new TakenPlan("", Set.of(), Map.of());
            }
            JsonNode tree = JsonMapper.shared().readTree(kept.get());
            var fields = new TreeMap<String, Set<String>>();
            tree.required("fields")
                    .properties()
                    .forEach(model -> fields.put(model.getKey(), texts(model.getValue())));
            return new TakenPlan(
                    tree.required("version").asString(), texts(tree.required("withheld")), fields);
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot read what is installed");
        }
    }

    private static Set<String> texts(JsonNode list) {
        var texts = new TreeSet<String>();
        list.forEach(text -> texts.add(text.asString()));
        return texts;
    }

    /// Notes it.
    ///
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE`, `NOT_INSTALLED`
    public void keep(Connection connection) {
        try {
            new EngineMeta(new Statements(connection))
                    .put(KEY, JsonMapper.shared().writeValueAsString(this));
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot note the plan");
        }
    }

    /// Returns it with only those fields that the tables have too.
    public TakenPlan only(List<SyncedTable> tables) {
        var shared = new TreeMap<String, Set<String>>();
        tables.forEach(table ->
                shared.put(
                        table.model(),
                        new TreeSet<>(
                                shared(table).columns().stream()
                                        .map(SyncedColumn::name)
                                        .toList())));
        return new TakenPlan(version, withheld, shared);
    }

    /// Returns the table with only those columns that central has too.
    public SyncedTable shared(SyncedTable table) {
        return withColumns(
                table, table.columns().stream().filter(column -> has(table, column)).toList());
    }

    /// Returns the names of the columns that central lacks.
    public List<String> unknownAtCentral(SyncedTable table) {
        return table.columns().stream()
                .filter(column -> !has(table, column))
                .map(SyncedColumn::name)
                .toList();
    }

    private boolean has(SyncedTable table, SyncedColumn column) {
        return fields.getOrDefault(table.model(), Set.of()).contains(column.name());
    }

    private static SyncedTable withColumns(SyncedTable table, List<SyncedColumn> columns) {
        return new SyncedTable(
                table.plan(),
                table.schema(),
                table.table(),
                table.keyColumn(),
                table.keyType(),
                table.keyDefault(),
                table.isKeyAlwaysGenerated(),
                table.uidSource(),
                columns,
                table.stamps());
    }
}
