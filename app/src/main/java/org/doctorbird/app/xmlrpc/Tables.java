package org.doctorbird.app.xmlrpc;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// Lists of structs by column, as a struct with a member `__class__`: names are written once, and
/// like values beside each other take less room once they are compressed.
///
/// Structs that follow each other and have the same names in the same order are written as one
/// struct of lists. Others stand between them as they are, in lists.
final class Tables {

    /// The value of `__class__`.
    static final String CLASS = "table";

    /// The name of the member that holds the list's parts.
    static final String PARTS = "parts";

    /// Fewer structs of the same names are written as they are.
    private static final int ROWS_MIN = 2;

    /// More structs become several parts: gzip looks back 32 kB, in which it finds a column of so
    /// many uids again, as a record's uid mostly stands in a column of its own too.
    private static final int ROWS_MAX = 400;

    private Tables() {}

    /// Returns the parts of the table that stands for a list: structs of columns, and lists of
    /// elements as they are; no parts if it would have no columns.
    static List<Object> parts(List<?> elements) {
        var parts = new ArrayList<Object>();
        var plain = new ArrayList<@Nullable Object>();
        boolean hasColumns = false;
        int from = 0;
        while (from < elements.size()) {
            int to = endOfRun(elements, from);
            if (to - from >= ROWS_MIN) {
                addPlain(parts, plain);
                parts.add(columns(elements.subList(from, to)));
                hasColumns = true;
            } else {
                plain.addAll(elements.subList(from, to));
            }
            from = to;
        }
        if (!hasColumns) {
            return List.of();
        }
        addPlain(parts, plain);
        return parts;
    }

    /// Returns the place behind the structs of one part, which have the names of the one at `from`.
    private static int endOfRun(List<?> elements, int from) {
        int to = from + 1;
        if (elements.get(from) instanceof Map<?, ?> first && !first.isEmpty()) {
            int last = Math.min(from + ROWS_MAX, elements.size());
            while (to < last
                    && elements.get(to) instanceof Map<?, ?> next
                    && haveSameNames(first, next)) {
                to++;
            }
        }
        return to;
    }

    private static boolean haveSameNames(Map<?, ?> one, Map<?, ?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        Iterator<?> names = other.keySet().iterator();
        for (Object name : one.keySet()) {
            if (!name.equals(names.next())) {
                return false;
            }
        }
        return true;
    }

    private static void addPlain(List<Object> parts, List<@Nullable Object> plain) {
        if (!plain.isEmpty()) {
            parts.add(new ArrayList<>(plain));
            plain.clear();
        }
    }

    private static Map<?, ?> columns(List<?> rows) {
        var columns = new LinkedHashMap<Object, Object>();
        for (Object name : ((Map<?, ?>) rows.getFirst()).keySet()) {
            columns.put(name, new Column(rows, name));
        }
        return columns;
    }

    /// The values of one name.
    private static final class Column extends AbstractList<@Nullable Object>
            implements RandomAccess {

        private final List<?> rows;
        private final Object name;

        Column(List<?> rows, Object name) {
            this.rows = rows;
            this.name = name;
        }

        @Override
        public @Nullable Object get(int index) {
            return ((Map<?, ?>) rows.get(index)).get(name);
        }

        @Override
        public int size() {
            return rows.size();
        }
    }

    /// Returns the list that a table stands for.
    ///
    /// @throws IllegalArgumentException if it is no table
    static List<@Nullable Object> list(Map<String, @Nullable Object> struct) {
        if (!(struct.get(PARTS) instanceof List<?> parts)) {
            throw new IllegalArgumentException("no parts");
        }
        var elements = new ArrayList<@Nullable Object>();
        for (Object part : parts) {
            switch (part) {
                case List<?> plain -> elements.addAll(plain);
                case Map<?, ?> columns -> addRows(elements, columns);
                case null, default -> throw new IllegalArgumentException("neither list nor struct");
            }
        }
        return elements;
    }

    /// Each value of the rows is one of the message's, so a small message makes no large list.
    private static void addRows(List<@Nullable Object> elements, Map<?, ?> columns) {
        int rows = columns.isEmpty() ? 0 : column(columns.values().iterator().next()).size();
        var made = new ArrayList<Map<Object, @Nullable Object>>(rows);
        for (int i = 0; i < rows; i++) {
            made.add(LinkedHashMap.newLinkedHashMap(columns.size()));
        }
        columns.forEach((name, values) -> {
            List<?> column = column(values);
            if (column.size() != rows) {
                throw new IllegalArgumentException("columns of different lengths");
            }
            for (int i = 0; i < rows; i++) {
                made.get(i).put(name, column.get(i));
            }
        });
        elements.addAll(made);
    }

    private static List<?> column(@Nullable Object values) {
        if (values instanceof List<?> column) {
            return column;
        }
        throw new IllegalArgumentException("no list");
    }
}
