package org.doctorbird.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// A table for people.
final class Table {

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        this.header = List.of(header);
    }

    /// Adds a row with a cell for each column.
    void add(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells, not " + header.size());
        }
        rows.add(List.of(cells));
    }

    /// Returns it in columns of equal width.
    String plain() {
        var widths = new int[header.size()];
        all().forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        var text = new StringBuilder();
        for (List<String> row : all()) {
            for (int i = 0; i < widths.length; i++) {
                String space = " ".repeat(widths[i] - row.get(i).length());
                text.append(i == 0 ? row.get(i) + space : "  " + space + row.get(i));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private List<List<String>> all() {
        var all = new ArrayList<List<String>>();
        all.add(header);
        all.addAll(rows);
        return all;
    }

    /// Returns it in Markdown.
    String markdown() {
        var text = new StringBuilder();
        text.append(line(header));
        text.append("|").append("---|".repeat(header.size())).append('\n');
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
