package org.doctorbird.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// All results in the three forms in which they are told.
///
/// @param circumstances where, when and how it was measured, by name
/// @param results of the cases, in their order
record Report(Map<String, String> circumstances, List<Result> results) {

    private static final String BEGIN =
            "<!-- measured: written by ./doctorbird bench, do not edit -->\n";
    private static final String END = "<!-- end of measured -->\n";

    /// Returns it for a terminal.
    String plain() {
        var text = new StringBuilder();
        for (Result result : results) {
            text.append('\n').append(heading(result)).append('\n').append(result.table().plain());
        }
        text.append('\n');
        circumstances.forEach((name, value) -> text.append("%-12s %s\n".formatted(name, value)));
        return text.toString();
    }

    private static String heading(Result result) {
        return result.name() + ": " + result.title();
    }

    /// Returns it for programs.
    String json() {
        var cases = new LinkedHashMap<String, Object>();
        results.forEach(result -> cases.put(result.name(), result.figures()));
        var document = new LinkedHashMap<String, Object>();
        document.put("cases", cases);
        document.put("circumstances", circumstances);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private String markdown() {
        var text = new StringBuilder("\n");
        for (Result result : results) {
            text.append("### ").append(heading(result)).append("\n\n");
            text.append(result.table().markdown()).append('\n');
        }
        text.append("Measured:\n\n");
        circumstances.forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        return text.append('\n').toString();
    }

    /// Puts the figures into a document, between its marks.
    ///
    /// @throws IOException also if the document has no such marks
    void writeInto(Path document) throws IOException {
        String text = Files.readString(document, StandardCharsets.UTF_8);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(document + " has no marks for the figures");
        }
        Files.writeString(
                document,
                text.substring(0, begin + BEGIN.length()) + markdown() + text.substring(end));
    }
}
