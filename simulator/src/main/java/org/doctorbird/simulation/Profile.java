package org.doctorbird.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What the clinics of a region are like: a column of `profiles.txt`, with values that somebody has
/// set otherwise. Immutable.
public final class Profile {

    private static final String TABLE = "profiles.txt";
    private static final Set<String> HEADINGS = Set.of("profile", "lines");
    private static final Set<String> LINE_VALUES = Set.of("up", "down", "latency_ms");

    private final String name;
    private final String line;
    private final Map<String, Double> values;

    private Profile(String name, String line, Map<String, Double> values) {
        this.name = name;
        this.line = line;
        this.values = values;
    }

    /// Returns a profile of the table.
    ///
    /// @throws IllegalArgumentException with a sentence that names the known ones
    public static Profile of(String name) {
        List<List<String>> rows = rows();
        Map<String, String> column = column(rows, "profile", name);
        return make(name, Objects.requireNonNull(column.remove("line")), column);
    }

    private static Profile make(String name, String line, Map<String, String> column) {
        var values = new LinkedHashMap<String, Double>();
        column.forEach((row, value) -> values.put(row, Double.parseDouble(value)));
        return new Profile(name, line, values).withLine(line);
    }

    /// Returns the profile with another line.
    ///
    /// @throws IllegalArgumentException with a sentence that names the known ones
    public Profile withLine(String other) {
        var next = new LinkedHashMap<>(values);
        column(rows(), "lines", other)
                .forEach((row, value) -> next.put(row, Double.parseDouble(value)));
        return new Profile(name, other, next);
    }

    /// Returns the profile with another value.
    ///
    /// @param text a number, not negative
    /// @throws IllegalArgumentException with a sentence for a person
    public Profile with(String row, String text) {
        if (!values.containsKey(row)) {
            throw new IllegalArgumentException(
                    "--set has no value '%s'. Choose from: %s."
                            .formatted(row, String.join(", ", values.keySet())));
        }
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = -1;
        }
        boolean isPossible = value >= 0 && value <= 1e9;
        if (!isPossible || (value == 0 && LINE_VALUES.contains(row))) {
            throw new IllegalArgumentException(
                    "--set %s must be a number above zero or, where that makes sense, 0; not '%s'."
                            .formatted(row, text));
        }
        var next = new LinkedHashMap<>(values);
        next.put(row, value);
        return new Profile(name, line, next);
    }

    /// Returns the profile's name.
    public String name() {
        return name;
    }

    /// Returns the value of a row.
    double value(String row) {
        return Objects.requireNonNull(values.get(row), row);
    }

    /// Returns all values in the order of the table.
    public Map<String, Double> values() {
        return values;
    }

    Line line() {
        return new Line(
                line,
                value("up"),
                value("down"),
                (long) (1_000 * value("latency_ms")),
                value("loss_per_mille") / 1_000);
    }

    /// Returns one column of the rows below the heading of a kind.
    private static Map<String, String> column(List<List<String>> rows, String kind, String chosen) {
        var column = new LinkedHashMap<String, String>();
        int place = -1;
        boolean isThere = false;
        for (List<String> row : rows) {
            if (HEADINGS.contains(row.getFirst())) {
                isThere = row.getFirst().equals(kind);
                place = isThere ? row.indexOf(chosen) : place;
                if (isThere && place < 1) {
                    throw new IllegalArgumentException(
                            "There is no %s '%s'. Choose from: %s."
                                    .formatted(
                                            kind.replaceAll("s$", ""),
                                            chosen,
                                            String.join(", ", row.subList(1, row.size()))));
                }
            } else if (isThere) {
                column.put(row.getFirst(), row.get(place));
            }
        }
        return column;
    }

    private static List<List<String>> rows() {
        try (InputStream in = Objects.requireNonNull(Profile.class.getResourceAsStream(TABLE))) {
            var rows = new ArrayList<List<String>>();
            for (String text : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!text.isBlank() && !text.startsWith("#")) {
                    rows.add(List.of(text.strip().split("\\s+")));
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
