package org.doctorbird.demo;

import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One row on its way into a table. A column that was not set keeps the table's default.
final class Row {

    private final String table;
    private final int id;
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    Row(String table, int id, Stamp stamp) {
        this.table = table;
        this.id = id;
        set("id", id).set("create_uid", stamp.user()).set("create_date", stamp.at());
    }

    Row set(String column, @Nullable Object value) {
        values.put(column, value);
        return this;
    }

    String table() {
        return table;
    }

    int id() {
        return id;
    }

    /// The columns in the order they were set in, `id` first.
    Map<String, @Nullable Object> values() {
        return Collections.unmodifiableMap(values);
    }

    /// Returns a value in a form that PostgreSQL reads for its column's type; null stays null.
    static @Nullable String text(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        return value instanceof byte[] bytes
                ? "\\x" + HexFormat.of().formatHex(bytes)
                : value.toString();
    }

    /// Names the row, without its values.
    @Override
    public String toString() {
        return table + " " + id;
    }
}
