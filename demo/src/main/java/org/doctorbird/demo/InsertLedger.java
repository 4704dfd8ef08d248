package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes each row at once, as an application's forms do. For one transaction; it counts what it
/// wrote.
final class InsertLedger implements Ledger {

    private final Connection connection;
    private final List<Integer> patients = new ArrayList<>();
    private int inserted;
    private int updated;
    private int deleted;

    /// @param connection not committed or closed here
    InsertLedger(Connection connection) {
        this.connection = connection;
    }

    @Override
    public int newId(String table) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select nextval(?::regclass)")) {
            select.setString(1, HealthSchema.sequence(table));
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    @Override
    public int insert(Row row) throws SQLException {
        Map<String, @Nullable Object> values = row.values();
        String columns =
                values.keySet().stream()
                        .map(HealthSchema::quoted)
                        .collect(Collectors.joining(", "));
        String marks = values.keySet().stream().map(_ -> "?").collect(Collectors.joining(", "));
        run(
                "insert into "
                        + HealthSchema.quoted(row.table())
                        + " ("
                        + columns
                        + ") values ("
                        + marks
                        + ")",
                new ArrayList<>(values.values()));
        inserted++;
        if (row.table().equals("gnuhealth_patient")) {
            patients.add(row.id());
        }
        return row.id();
    }

    @Override
    public void link(String table, int id, String column, int target) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(target);
        values.add(id);
        run(
                "update "
                        + HealthSchema.quoted(table)
                        + " set "
                        + HealthSchema.quoted(column)
                        + " = ? where id = ?",
                values);
    }

    /// Changes columns of one row and stamps it.
    void update(String table, int id, Stamp stamp, Map<String, @Nullable Object> changes)
            throws SQLException {
        String columns =
                changes.keySet().stream()
                        .map(column -> HealthSchema.quoted(column) + " = ?, ")
                        .collect(Collectors.joining());
        List<@Nullable Object> values = new ArrayList<>(changes.values());
        values.add(stamp.user());
        values.add(stamp.at());
        values.add(id);
        updated +=
                run(
                        "update "
                                + HealthSchema.quoted(table)
                                + " set "
                                + columns
                                + "write_uid = ?, write_date = ? where id = ?",
                        values);
    }

    void delete(String table, int id) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(id);
        deleted += run("delete from " + HealthSchema.quoted(table) + " where id = ?", values);
    }

    /// What was written so far, told as an event of this kind.
    Event told(Event.Kind kind) {
        return new Event(kind, inserted, updated, deleted);
    }

    /// The local ids of the patients inserted so far.
    List<Integer> patients() {
        return List.copyOf(patients);
    }

    private int run(String sql, List<@Nullable Object> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                // OTHER leaves the type to the server, which knows it from the column.
                statement.setObject(i + 1, Row.text(values.get(i)), Types.OTHER);
            }
            return statement.executeUpdate();
        }
    }
}
