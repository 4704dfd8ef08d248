package org.doctorbird.app.compact;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes lists whose elements have much in common in one of the shorter forms.
final class Lists {

    /// Below, the plain form is as short.
    private static final int COLUMN_MIN = 4;

    private final CompactWriter out;

    Lists(CompactWriter out) {
        this.out = out;
    }

    /// Writes the list if there is a shorter form than the plain one.
    ///
    /// @return false if nothing was written
    boolean write(List<? extends @Nullable Object> elements) {
        if (elements.size() < 2) {
            return false;
        }
        if (elements.getFirst() instanceof Map) {
            return structs(elements);
        }
        if (elements.getFirst() instanceof List<?> first && !first.isEmpty()) {
            return tuples(elements, first.size());
        }
        return elements.size() >= COLUMN_MIN && scalars(elements);
    }

    private boolean scalars(List<? extends @Nullable Object> elements) {
        Kind kind = Kind.ofAll(elements);
        return switch (kind) {
            case INTEGER, DECIMAL, DATE, TIME, STAMP, MOMENT -> numbers(kind, elements);
            case UID -> dictionary(elements) || uids(elements);
            case TEXT, REAL -> dictionary(elements);
            case OTHER -> false;
        };
    }

    private boolean tuples(List<? extends @Nullable Object> rows, int width) {
        var columns = new ArrayList<List<@Nullable Object>>(width);
        for (int i = 0; i < width; i++) {
            columns.add(new ArrayList<>(rows.size()));
        }
        for (Object row : rows) {
            if (!(row instanceof List<?> tuple) || tuple.size() != width) {
                return false;
            }
            for (int i = 0; i < width; i++) {
                columns.get(i).add(tuple.get(i));
            }
        }
        out.tag(Tags.TABLE);
        out.array(2 + width);
        out.number(width);
        out.number(rows.size());
        columns.forEach(out::list);
        out.end();
        return true;
    }

    /// Structs with the same names in the same order have one shape. A shape is the list of the
    /// names' places in the table's names.
    private boolean structs(List<? extends @Nullable Object> rows) {
        var shapes = new LinkedHashMap<List<String>, Long>();
        var which = new ArrayList<Long>(rows.size());
        for (Object row : rows) {
            if (!(row instanceof Map<?, ?> struct)) {
                return false;
            }
            List<String> names = struct.keySet().stream().map(String::valueOf).toList();
            Long shape = shapes.computeIfAbsent(names, _ -> (long) shapes.size());
            if (2 * shapes.size() > rows.size()) {
                return false;
            }
            which.add(shape);
        }
        var columns = new LinkedHashMap<String, List<@Nullable Object>>();
        for (Object row : rows) {
            if (row instanceof Map<?, ?> struct) {
                struct.forEach((name, value) ->
                        columns.computeIfAbsent(String.valueOf(name), _ -> new ArrayList<>())
                                .add(value));
            }
        }
        boolean isUniform = shapes.size() == 1;
        out.tag(Tags.TABLE);
        out.array((isUniform ? 2 : 3) + columns.size());
        out.array(columns.size());
        columns.keySet().forEach(out::text);
        out.end();
        if (isUniform) {
            out.number(rows.size());
        } else {
            shapes(List.copyOf(shapes.keySet()), List.copyOf(columns.keySet()));
            out.list(which);
        }
        columns.values().forEach(out::list);
        out.end();
        return true;
    }

    private void shapes(List<List<String>> shapes, List<String> names) {
        var places = new HashMap<String, Integer>();
        names.forEach(name -> places.put(name, places.size()));
        out.array(shapes.size());
        for (List<String> shape : shapes) {
            out.array(shape.size());
            shape.forEach(name -> out.number(places.getOrDefault(name, 0)));
            out.end();
        }
        out.end();
    }

    private boolean uids(List<? extends @Nullable Object> elements) {
        begin(Kind.UID, false, elements.size());
        for (Object element : elements) {
            if (element instanceof String text) {
                out.bytes(PackedText.uid(text).orElseThrow());
            } else {
                out.value(null);
            }
        }
        out.end();
        out.end();
        return true;
    }

    private void begin(Kind kind, boolean isDifferences, int size) {
        out.tag(Tags.COLUMN);
        out.array(kind == Kind.DECIMAL ? 4 : 3);
        out.number(kind.tag());
        out.flag(isDifferences);
        out.array(size);
    }

    /// Differences are written where they are a third shorter than the numbers: then they are
    /// shorter after compression too. Each is to the number before it, the first one to 0, and
    /// wraps around at 64 bits.
    private boolean numbers(Kind kind, List<? extends @Nullable Object> elements) {
        var numbers = new long[elements.size()];
        long plain = 0;
        long differences = 0;
        long last = 0;
        for (int i = 0; i < numbers.length; i++) {
            Object element = elements.get(i);
            if (element != null) {
                numbers[i] = kind.number(element);
                plain += length(numbers[i]);
                differences += length(numbers[i] - last);
                last = numbers[i];
            }
        }
        boolean isDifferences = 3 * differences < 2 * plain;
        begin(kind, isDifferences, numbers.length);
        last = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (elements.get(i) == null) {
                out.value(null);
            } else {
                out.number(isDifferences ? numbers[i] - last : numbers[i]);
                last = numbers[i];
            }
        }
        out.end();
        if (kind == Kind.DECIMAL) {
            scales(elements);
        }
        out.end();
        return true;
    }

    private void scales(List<? extends @Nullable Object> decimals) {
        var scales = new ArrayList<Long>(decimals.size());
        for (Object decimal : decimals) {
            if (decimal instanceof BigDecimal number) {
                scales.add((long) number.scale());
            }
        }
        out.list(scales);
    }

    /// Returns how many bytes CBOR takes for a number.
    private static int length(long number) {
        long size = number < 0 ? -1 - number : number;
        return size < 24 ? 1 : size < 1 << 8 ? 2 : size < 1 << 16 ? 3 : size < 1L << 32 ? 5 : 9;
    }

    /// Writes each value once, in the order of their first places, and then numbers.
    ///
    /// @return false if more than half of the values are different
    private boolean dictionary(List<? extends @Nullable Object> elements) {
        var places = new LinkedHashMap<@Nullable Object, Long>();
        var which = new ArrayList<Long>(elements.size());
        for (Object element : elements) {
            which.add(places.computeIfAbsent(element, _ -> (long) places.size()));
            if (2 * places.size() > elements.size()) {
                return false;
            }
        }
        out.tag(Tags.DICTIONARY);
        out.array(2);
        var distinct = new ArrayList<@Nullable Object>(places.keySet());
        if (!uidsAlone(distinct)) {
            out.plain(distinct);
        }
        out.list(which);
        out.end();
        return true;
    }

    private boolean uidsAlone(List<? extends @Nullable Object> distinct) {
        return distinct.size() >= COLUMN_MIN && Kind.ofAll(distinct) == Kind.UID && uids(distinct);
    }
}
