package org.doctorbird.app.compact;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes lists whose elements have much in common in one of the shorter forms. One object for a
/// message: it remembers what was written.
final class Lists {

    /// Below, the plain form is as short.
    private static final int COLUMN_MIN = 8;

    private final CompactWriter out;
    private final List<List<?>> uidColumns = new ArrayList<>();

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
            case UID -> again(elements) || dictionary(elements) || uids(elements);
            case TEXT -> dictionary(elements) || words(elements);
            case REAL -> dictionary(elements);
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
        var shapes = new LinkedHashMap<List<String>, Shape>();
        var columns = new LinkedHashMap<String, List<@Nullable Object>>();
        var which = new ArrayList<Long>(rows.size());
        @Nullable Shape last = null;
        for (Object row : rows) {
            if (!(row instanceof Map<?, ?> struct)) {
                return false;
            }
            if (last == null || !last.isOf(struct)) {
                List<String> names = struct.keySet().stream().map(String::valueOf).toList();
                last = shapes.computeIfAbsent(names, _ -> Shape.of(shapes.size(), names, columns));
                if (2 * shapes.size() > rows.size()) {
                    return false;
                }
            }
            last.add(struct);
            which.add(last.number());
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

    /// Structs with the same names in the same order.
    ///
    /// @param columns where their values go, in the names' order
    private record Shape(long number, List<String> names, List<List<@Nullable Object>> columns) {

        static Shape of(
                long number, List<String> names, Map<String, List<@Nullable Object>> columns) {
            return new Shape(
                    number,
                    names,
                    names.stream()
                            .map(name -> columns.computeIfAbsent(name, _ -> new ArrayList<>()))
                            .toList());
        }

        boolean isOf(Map<?, ?> struct) {
            if (struct.size() != names.size()) {
                return false;
            }
            int place = 0;
            for (Object name : struct.keySet()) {
                if (!names.get(place).equals(name)) {
                    return false;
                }
                place++;
            }
            return true;
        }

        void add(Map<?, ?> struct) {
            int place = 0;
            for (Object value : struct.values()) {
                columns.get(place).add(value);
                place++;
            }
        }
    }

    private void shapes(List<List<String>> shapes, List<String> names) {
        var places = new HashMap<String, Integer>();
        names.forEach(name -> places.put(name, places.size()));
        out.array(shapes.size());
        for (List<String> shape : shapes) {
            out.array(shape.size());
            shape.forEach(name -> out.number(Objects.requireNonNull(places.get(name))));
            out.end();
        }
        out.end();
    }

    private boolean numbers(Kind kind, List<? extends @Nullable Object> elements) {
        long[] numbers =
                elements.stream().filter(Objects::nonNull).mapToLong(kind::number).toArray();
        out.tag(Tags.COLUMN);
        out.array(kind == Kind.DECIMAL ? 7 : 6);
        begin(kind, elements, numbers.length);
        planes(numbers);
        if (kind == Kind.DECIMAL) {
            scales(elements);
        }
        out.end();
        return true;
    }

    private void planes(long[] numbers) {
        var planes = BytePlanes.of(numbers);
        out.number(planes.base());
        planes.step().ifPresentOrElse(out::number, () -> out.value(null));
        out.bytes(planes.bytes());
    }

    /// Writes a column's kind, its length, and where its nulls are.
    private void begin(Kind kind, List<? extends @Nullable Object> elements, int present) {
        out.number(kind.tag());
        out.number(elements.size());
        if (present == elements.size()) {
            out.value(null);
            return;
        }
        var nulls = new byte[(elements.size() + 7) / 8];
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) == null) {
                nulls[i / 8] |= (byte) (1 << (i % 8));
            }
        }
        out.bytes(nulls);
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

    private boolean uids(List<? extends @Nullable Object> elements) {
        List<? extends @Nullable Object> present =
                elements.stream().filter(Objects::nonNull).toList();
        var bytes = new byte[PackedText.UID_BYTES * present.size()];
        for (int i = 0; i < present.size(); i++) {
            byte[] uid = PackedText.uid(String.valueOf(present.get(i))).orElseThrow();
            System.arraycopy(uid, 0, bytes, PackedText.UID_BYTES * i, uid.length);
        }
        out.tag(Tags.COLUMN);
        out.array(4);
        begin(Kind.UID, elements, present.size());
        out.bytes(bytes);
        out.end();
        uidColumns.add(elements);
        return true;
    }

    /// A record's uid often is one of its values too.
    private boolean again(List<? extends @Nullable Object> elements) {
        int earlier = uidColumns.indexOf(elements);
        if (earlier < 0) {
            return false;
        }
        out.tag(Tags.AGAIN);
        out.number(earlier);
        return true;
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
        var distinct = new ArrayList<@Nullable Object>(places.keySet());
        out.tag(Tags.DICTIONARY);
        out.array(2);
        if (distinct.size() < COLUMN_MIN || Kind.ofAll(distinct) != Kind.UID) {
            out.plain(distinct);
        } else {
            var _ = uids(distinct);
        }
        out.list(which);
        out.end();
        return true;
    }

    /// Writes each word once, then how many words each text has, and which.
    ///
    /// @return false if the words repeat too little
    private boolean words(List<? extends @Nullable Object> texts) {
        var words = new Words(texts);
        if (!words.areWorthAList()) {
            return false;
        }
        out.tag(Tags.WORDS);
        out.array(3);
        List<String> distinct = words.distinct();
        out.array(distinct.size());
        distinct.forEach(out::text);
        out.end();
        out.list(words.counts());
        long[] places = words.places();
        out.tag(Tags.COLUMN);
        out.array(6);
        out.number(Kind.INTEGER.tag());
        out.number(places.length);
        out.value(null);
        planes(places);
        out.end();
        out.end();
        return true;
    }
}
