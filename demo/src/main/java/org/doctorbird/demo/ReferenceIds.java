package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The local ids of one instance's reference data, by the code or name that is equal everywhere.
final class ReferenceIds {

    private static final Map<String, String> KEY_COLUMNS =
            Map.of(
                    "country_country", "code",
                    "country_subdivision", "code",
                    "gnuhealth_specialty", "code",
                    "gnuhealth_occupation", "code",
                    "gnuhealth_ethnicity", "code",
                    "gnuhealth_pathology", "code",
                    "gnuhealth_medicament", "active_component",
                    "party_category", "name");

    private final Map<String, Map<String, Integer>> ids = new HashMap<>();
    private final Map<String, List<String>> keys = new HashMap<>();

    private ReferenceIds() {}

    /// Reads them.
    ///
    /// @param connection not committed or closed here
    static ReferenceIds read(Connection connection) throws SQLException {
        var read = new ReferenceIds();
        for (Map.Entry<String, String> table : KEY_COLUMNS.entrySet()) {
            Map<String, Integer> byKey = new HashMap<>();
            try (Statement select = connection.createStatement();
                    ResultSet rows =
                            select.executeQuery(
                                    "select " + table.getValue() + ", id from " + table.getKey())) {
                while (rows.next()) {
                    byKey.put(rows.getString(1), rows.getInt(2));
                }
            }
            read.ids.put(table.getKey(), byKey);
            read.keys.put(table.getKey(), byKey.keySet().stream().sorted().toList());
        }
        return read;
    }

    /// @throws IllegalArgumentException if the table has no row of this key
    int of(String table, String key) {
        Integer id = ids.getOrDefault(table, Map.of()).get(key);
        if (id == null) {
            throw new IllegalArgumentException("no reference row: " + table + " " + key);
        }
        return id;
    }

    /// Draws one of a table's rows; for equal chances the same key on every instance.
    int any(String table, RandomGenerator random) {
        List<String> of = keys.getOrDefault(table, List.of());
        return of(table, of.get(random.nextInt(of.size())));
    }
}
