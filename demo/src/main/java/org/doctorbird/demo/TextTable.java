package org.doctorbird.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// A text kept as a resource beside these classes, in UTF-8: whole, by lines, or as a table (one
/// row a line, columns divided by tabs, lines that begin with `#` left out).
final class TextTable {

    private TextTable() {}

    /// Returns the whole resource.
    ///
    /// @param name relative to this package, such as `schema.sql`
    /// @throws IllegalArgumentException if there is none of this name
    static String text(String name) {
        try (InputStream in = TextTable.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the lines that are neither empty nor a comment, in the resource's order.
    static List<String> lines(String name) {
        return text(name).lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }

    /// Returns the rows in the resource's order; empty columns, also at the end, are empty strings.
    static List<List<String>> rows(String name) {
        return lines(name).stream().map(line -> Arrays.asList(line.split("\t", -1))).toList();
    }
}
