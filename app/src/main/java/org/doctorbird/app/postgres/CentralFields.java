package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The fields that central has, as a satellite last heard of them. A satellite sends no others:
/// what central cannot store would be refused record by record.
///
/// @param byModel the fields' names by model
public record CentralFields(Map<String, Set<String>> byModel) {

    private static final String KEY = "central_fields";

    /// Takes them from the plan that central gave.
    public static CentralFields of(Map<String, List<String>> given) {
        var byModel = new TreeMap<String, Set<String>>();
        given.forEach((model, fields) -> byModel.put(model, new TreeSet<>(fields)));
        return new CentralFields(byModel);
    }

    /// Reads what was kept; nothing before the first plan.
    public static CentralFields read(Connection connection) throws SQLException {
        Optional<String> kept = new EngineMeta(new Statements(connection)).get(KEY);
        var byModel = new TreeMap<String, Set<String>>();
        if (kept.isPresent()) {
            for (Map.Entry<String, JsonNode> model :
                    JsonMapper.shared().readTree(kept.get()).properties()) {
                var fields = new TreeSet<String>();
                model.getValue().forEach(field -> fields.add(field.asString()));
                byModel.put(model.getKey(), fields);
            }
        }
        return new CentralFields(byModel);
    }

    /// Keeps them.
    public void keep(Connection connection) throws SQLException {
        new EngineMeta(new Statements(connection))
                .put(KEY, JsonMapper.shared().writeValueAsString(byModel));
    }

    /// Returns the table with only those columns that central has too.
    public SyncedTable shared(SyncedTable table) {
        return withColumns(
                table, table.columns().stream().filter(column -> has(table, column)).toList());
    }

    /// Returns the names of the columns that central lacks.
    public List<String> unknownAtCentral(SyncedTable table) {
        var unknown = new ArrayList<String>();
        for (SyncedColumn column : table.columns()) {
            if (!has(table, column)) {
                unknown.add(column.name());
            }
        }
        return unknown;
    }

    private boolean has(SyncedTable table, SyncedColumn column) {
        return byModel.getOrDefault(table.model(), Set.of()).contains(column.name());
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
