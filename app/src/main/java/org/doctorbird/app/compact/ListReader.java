package org.doctorbird.app.compact;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// Reads lists in all their forms.
final class ListReader {

    private static final int WIDTH_MAX = 10_000;

    /// What a moment's or an ETag's text takes.
    private static final int PACKED_BYTES = 26;

    private static final int UID_TEXT_BYTES = 36;

    private final CompactReader in;
    private final List<List<@Nullable Object>> uidColumns = new ArrayList<>();

    ListReader(CompactReader in) {
        this.in = in;
    }

    /// Reads a list.
    ///
    /// @param token its first, which was read
    /// @param depth of what lies in it
    List<@Nullable Object> elements(JsonToken token, int depth) {
        if (token == JsonToken.VALUE_NUMBER_INT && in.tag() == Tags.AGAIN) {
            return again();
        }
        if (token != JsonToken.START_ARRAY) {
            throw CompactReader.malformed("an array");
        }
        return switch (in.tag()) {
            case Tags.NONE -> plain(depth);
            case Tags.TABLE -> table(depth);
            case Tags.COLUMN -> column(depth);
            case Tags.DICTIONARY -> dictionary(depth);
            case Tags.WORDS -> words(depth);
            default -> throw CompactReader.malformed("a tag that docs/protocol.md names");
        };
    }

    private List<@Nullable Object> plain(int depth) {
        var elements = new ArrayList<@Nullable Object>();
        for (JsonToken token = in.next(); token != JsonToken.END_ARRAY; token = in.next()) {
            elements.add(in.value(token, depth));
        }
        return elements;
    }

    private List<@Nullable Object> dictionary(int depth) {
        List<@Nullable Object> distinct = in.apart(depth);
        for (Object element : distinct) {
            if (element != null && !(element instanceof String) && !(element instanceof Double)) {
                throw CompactReader.malformed("texts, doubles or nulls in a dictionary");
            }
        }
        List<Long> which = in.numbers(depth);
        in.end();
        var elements = new ArrayList<@Nullable Object>();
        for (long place : which) {
            Object element = distinct.get(place(place, distinct.size()));
            in.count(1);
            in.countAgain(element instanceof String text ? text.length() : 0);
            elements.add(element);
        }
        return elements;
    }

    private static int place(long place, int size) {
        if (place < 0 || place >= size) {
            throw CompactReader.malformed("places from 0 to " + (size - 1));
        }
        return (int) place;
    }

    private List<@Nullable Object> again() {
        long number = in.number();
        List<@Nullable Object> column = uidColumns.get(place(number, uidColumns.size()));
        in.count(column.size());
        in.countAgain((long) UID_TEXT_BYTES * column.size());
        return new ArrayList<>(column);
    }

    private List<@Nullable Object> words(int depth) {
        List<@Nullable Object> distinct = in.apart(depth);
        List<Long> counts = in.numbers(depth);
        Iterator<Long> which = in.numbers(depth).iterator();
        in.end();
        in.count(counts.size());
        var texts = new ArrayList<@Nullable Object>();
        for (long count : counts) {
            if (count < 0) {
                throw CompactReader.malformed("a number of words");
            }
            var text = new StringJoiner(" ");
            for (long i = 0; i < count; i++) {
                Object word = distinct.get(place(next(which), distinct.size()));
                if (!(word instanceof String part)) {
                    throw CompactReader.malformed("words");
                }
                in.countAgain(part.length() + 1L);
                text.add(part);
            }
            texts.add(count == 0 ? null : text.toString());
        }
        if (which.hasNext()) {
            throw CompactReader.malformed("words of texts only");
        }
        return texts;
    }

    private static long next(Iterator<Long> numbers) {
        if (!numbers.hasNext()) {
            throw CompactReader.malformed("as many numbers as there are values");
        }
        return numbers.next();
    }

    private List<@Nullable Object> column(int depth) {
        Kind kind =
                Kind.ofColumn(in.whole())
                        .orElseThrow(() -> CompactReader.malformed("a column's kind"));
        long size = in.whole();
        countRows(size);
        BitSet nulls = nulls((int) size);
        int present = (int) size - nulls.cardinality();
        List<Object> values =
                switch (kind) {
                    case UID -> uids(present);
                    case DECIMAL -> scaled(numbers(present), depth);
                    default -> packed(kind, numbers(present));
                };
        in.end();
        var elements = new ArrayList<@Nullable Object>((int) size);
        Iterator<Object> left = values.iterator();
        for (int i = 0; i < size; i++) {
            elements.add(nulls.get(i) ? null : left.next());
        }
        if (kind == Kind.UID) {
            uidColumns.add(elements);
        }
        return elements;
    }

    private BitSet nulls(int size) {
        JsonToken token = in.next();
        if (token == JsonToken.VALUE_NULL) {
            return new BitSet();
        }
        byte[] bits = in.bareBytes(token);
        BitSet nulls = BitSet.valueOf(bits);
        if (bits.length != (size + 7) / 8 || nulls.length() > size) {
            throw CompactReader.malformed("a bit for each value");
        }
        return nulls;
    }

    private List<Object> uids(int count) {
        byte[] bytes = in.bareBytes(in.next());
        if (bytes.length != (long) PackedText.UID_BYTES * count) {
            throw CompactReader.malformed("16 bytes for each UUID");
        }
        var uids = new ArrayList<Object>(count);
        for (int i = 0; i < count; i++) {
            uids.add(PackedText.uid(bytes, PackedText.UID_BYTES * i));
        }
        return uids;
    }

    private long[] numbers(int count) {
        long base = in.whole();
        JsonToken token = in.next();
        OptionalLong step =
                token == JsonToken.VALUE_NULL
                        ? OptionalLong.empty()
                        : OptionalLong.of(in.whole(token));
        try {
            return new BytePlanes(base, step, in.bareBytes(in.next())).numbers(count);
        } catch (IllegalArgumentException e) {
            throw CompactReader.malformed("as many bytes for each number");
        }
    }

    /// A text that stands for a number counts: so many may be equal that they take no bytes.
    private List<Object> packed(Kind kind, long[] numbers) {
        boolean areTexts = kind == Kind.STAMP || kind == Kind.MOMENT;
        in.countAgain(areTexts ? (long) PACKED_BYTES * numbers.length : 0);
        var values = new ArrayList<Object>(numbers.length);
        for (long number : numbers) {
            values.add(CompactReader.packed(kind, number));
        }
        return values;
    }

    private List<Object> scaled(long[] unscaled, int depth) {
        Iterator<Long> scales = in.numbers(depth).iterator();
        var decimals = new ArrayList<Object>(unscaled.length);
        for (long number : unscaled) {
            long scale = next(scales);
            if (scale != (int) scale) {
                throw CompactReader.malformed("a scale of 32 bits");
            }
            decimals.add(BigDecimal.valueOf(number, (int) scale));
        }
        if (scales.hasNext()) {
            throw CompactReader.malformed("a scale for each decimal");
        }
        return decimals;
    }

    private List<@Nullable Object> table(int depth) {
        JsonToken first = in.next();
        int inside = in.inside(depth);
        if (first == JsonToken.VALUE_NUMBER_INT) {
            long width = in.whole(first);
            if (width < 1 || width > WIDTH_MAX) {
                throw CompactReader.malformed("1 to " + WIDTH_MAX + " columns");
            }
            return tuples((int) width, inside);
        }
        List<String> names = names(first);
        JsonToken second = in.next();
        return second == JsonToken.VALUE_NUMBER_INT
                ? uniform(names, in.whole(second), inside)
                : mixed(names, shapes(second, names.size()), inside);
    }

    /// Nothing is made for a row before all of its values are there.
    private List<@Nullable Object> tuples(int width, int depth) {
        long size = in.whole();
        countRows(size);
        var columns = new ArrayList<List<@Nullable Object>>();
        for (int i = 0; i < width; i++) {
            columns.add(column(size, depth));
        }
        in.end();
        var rows = new ArrayList<@Nullable Object>();
        for (int row = 0; row < size; row++) {
            var tuple = new ArrayList<@Nullable Object>(width);
            for (List<@Nullable Object> column : columns) {
                tuple.add(column.get(row));
            }
            rows.add(tuple);
        }
        return rows;
    }

    private void countRows(long size) {
        if (size < 0) {
            throw CompactReader.malformed("a number of rows");
        }
        in.count(size);
    }

    private List<@Nullable Object> column(long size, int depth) {
        List<@Nullable Object> column = elements(in.next(), depth);
        if (column.size() != size) {
            throw CompactReader.malformed("a value for each row in each column");
        }
        return column;
    }

    private List<String> names(JsonToken first) {
        if (first != JsonToken.START_ARRAY || in.tag() != Tags.NONE) {
            throw CompactReader.malformed("the names of a table");
        }
        var names = new LinkedHashSet<String>();
        for (JsonToken token = in.next(); token != JsonToken.END_ARRAY; token = in.next()) {
            in.count(1);
            if (!names.add(in.text(token))) {
                throw CompactReader.malformed("no name twice in a table");
            }
        }
        return List.copyOf(names);
    }

    private List<@Nullable Object> uniform(List<String> names, long size, int depth) {
        countRows(size);
        in.countAgain(size * length(names));
        var columns = new ArrayList<Iterator<@Nullable Object>>();
        for (int i = 0; i < names.size(); i++) {
            columns.add(column(size, depth).iterator());
        }
        in.end();
        var rows = new ArrayList<@Nullable Object>();
        for (int row = 0; row < size; row++) {
            Map<String, @Nullable Object> struct = LinkedHashMap.newLinkedHashMap(names.size());
            for (int i = 0; i < names.size(); i++) {
                struct.put(names.get(i), columns.get(i).next());
            }
            rows.add(struct);
        }
        return rows;
    }

    private static long length(List<String> names) {
        return names.stream().mapToLong(String::length).sum();
    }

    /// Reads of each shape which of the table's names it has, as places in them.
    private List<List<Integer>> shapes(JsonToken first, int names) {
        if (first != JsonToken.START_ARRAY || in.tag() != Tags.NONE) {
            throw CompactReader.malformed("a number of rows, or shapes");
        }
        var shapes = new ArrayList<List<Integer>>();
        for (JsonToken token = in.next(); token != JsonToken.END_ARRAY; token = in.next()) {
            if (token != JsonToken.START_ARRAY || in.tag() != Tags.NONE) {
                throw CompactReader.malformed("the places of a shape's names");
            }
            in.count(1);
            var shape = new LinkedHashSet<Integer>();
            for (JsonToken one = in.next(); one != JsonToken.END_ARRAY; one = in.next()) {
                in.count(1);
                if (!shape.add(place(in.whole(one), names))) {
                    throw CompactReader.malformed("no name twice in a shape");
                }
            }
            shapes.add(List.copyOf(shape));
        }
        return shapes;
    }

    private List<@Nullable Object> mixed(
            List<String> names, List<List<Integer>> shapes, int depth) {
        List<Long> which = in.numbers(depth);
        countRows(which.size());
        var sizes = new long[names.size()];
        for (long shape : which) {
            for (int name : shapes.get(place(shape, shapes.size()))) {
                in.countAgain(names.get(name).length());
                sizes[name]++;
            }
        }
        var columns = new ArrayList<Iterator<@Nullable Object>>();
        for (long size : sizes) {
            columns.add(column(size, depth).iterator());
        }
        in.end();
        var rows = new ArrayList<@Nullable Object>();
        for (long shape : which) {
            List<Integer> places = shapes.get((int) shape);
            Map<String, @Nullable Object> struct = LinkedHashMap.newLinkedHashMap(places.size());
            for (int name : places) {
                struct.put(names.get(name), columns.get(name).next());
            }
            rows.add(struct);
        }
        return rows;
    }
}
