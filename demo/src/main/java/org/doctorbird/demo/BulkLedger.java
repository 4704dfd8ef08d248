package org.doctorbird.demo;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// Gathers rows in memory and writes them table by table with COPY: parents first, then the
/// references that close circles, set-wise.
final class BulkLedger implements Ledger {

    /// How many rows the caller should let gather before it calls [#flush].
    static final int ROWS_BEFORE_FLUSH = 20_000;

    private static final int ID_BLOCK = 500;

    private final Connection connection;
    private final Map<String, Deque<Integer>> ids = new HashMap<>();
    private final Map<String, List<Row>> rows = new HashMap<>();
    private final Map<Circle, Map<Integer, Integer>> links = new LinkedHashMap<>();
    private int count;

    private record Circle(String table, String column) {}

    /// @param connection to PostgreSQL, in a transaction; not committed or closed here
    BulkLedger(Connection connection) {
        this.connection = connection;
    }

    @Override
    public int newId(String table) throws SQLException {
        Deque<Integer> left = ids.computeIfAbsent(table, _ -> new ArrayDeque<>());
        if (left.isEmpty()) {
            try (PreparedStatement select =
                    connection.prepareStatement(
                            "select nextval(?::regclass) from generate_series(1, ?)")) {
                select.setString(1, HealthSchema.sequence(table));
                select.setInt(2, ID_BLOCK);
                try (ResultSet drawn = select.executeQuery()) {
                    while (drawn.next()) {
                        left.add(drawn.getInt(1));
                    }
                }
            }
        }
        return left.remove();
    }

    @Override
    public int insert(Row row) {
        if (!HealthSchema.CLINICAL_TABLES.contains(row.table())) {
            throw new IllegalArgumentException("not a clinical table: " + row.table());
        }
        rows.computeIfAbsent(row.table(), _ -> new ArrayList<>()).add(row);
        count++;
        return row.id();
    }

    @Override
    public void link(String table, int id, String column, int target) {
        links.computeIfAbsent(new Circle(table, column), _ -> new LinkedHashMap<>())
                .put(id, target);
    }

    /// Rows gathered since the last [#flush].
    int count() {
        return count;
    }

    /// Writes everything that was gathered. After a failure the transaction must be rolled back and
    /// the ledger dropped.
    void flush() throws SQLException {
        for (String table : HealthSchema.CLINICAL_TABLES) {
            List<Row> gathered = rows.get(table);
            if (gathered != null) {
                copy(table, gathered);
            }
        }
        for (Map.Entry<Circle, Map<Integer, Integer>> circle : links.entrySet()) {
            close(circle.getKey(), circle.getValue());
        }
        rows.clear();
        links.clear();
        count = 0;
    }

    private void copy(String table, List<Row> gathered) throws SQLException {
        Set<String> columns = new LinkedHashSet<>();
        gathered.forEach(row -> columns.addAll(row.values().keySet()));
        String names = columns.stream().map(HealthSchema::quoted).collect(Collectors.joining(", "));
        var lines = new StringBuilder(gathered.size() * 200);
        for (Row row : gathered) {
            String separator = "";
            for (String column : columns) {
                lines.append(separator);
                append(lines, Row.text(row.values().get(column)));
                separator = "\t";
            }
            lines.append('\n');
        }
        CopyManager copier = connection.unwrap(PGConnection.class).getCopyAPI();
        try {
            copier.copyIn(
                    "copy " + HealthSchema.quoted(table) + " (" + names + ") from stdin",
                    new StringReader(lines.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(StringBuilder lines, @Nullable String value) {
        if (value == null) {
            lines.append("\\N");
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> lines.append("\\\\");
                case '\t' -> lines.append("\\t");
                case '\n' -> lines.append("\\n");
                case '\r' -> lines.append("\\r");
                default -> lines.append(c);
            }
        }
    }

    private void close(Circle circle, Map<Integer, Integer> targets) throws SQLException {
        String sql =
                "update "
                        + HealthSchema.quoted(circle.table())
                        + " row set "
                        + HealthSchema.quoted(circle.column())
                        + " = link.target from unnest(?::integer[], ?::integer[]) link (id, target) where row.id = link.id";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setArray(1, array(targets.keySet()));
            update.setArray(2, array(targets.values()));
            update.executeUpdate();
        }
    }

    private java.sql.Array array(Collection<Integer> values) throws SQLException {
        return connection.createArrayOf("int4", values.toArray(Integer[]::new));
    }
}
