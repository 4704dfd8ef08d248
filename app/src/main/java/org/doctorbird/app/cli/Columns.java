package org.doctorbird.app.cli;

import java.util.List;
import java.util.stream.IntStream;

/// A table for people: columns as wide as their widest cell.
final class Columns {

    /// Longer cells are cut.
    private static final int WIDTH_MAX = 60;

    private Columns() {}

    /// @param rows all of one length, the heading first
    static List<String> lines(List<List<String>> rows) {
        int[] widths =
                IntStream.range(0, rows.getFirst().size())
                        .map(i ->
                                rows.stream()
                                        .mapToInt(row -> cut(row.get(i)).length())
                                        .max()
                                        .orElse(0))
                        .toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cut(row.get(i));
            line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private static String cut(String cell) {
        String plain = cell.replaceAll("\\p{Cntrl}", " ");
        return plain.length() <= WIDTH_MAX ? plain : plain.substring(0, WIDTH_MAX - 1) + "…";
    }
}
