package org.doctorbird.app.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.Nearest;
import tools.jackson.databind.JsonNode;

/// One part of the settings file. Notes which keys are asked for, so that an unknown one is
/// noticed.
final class Section {

    private final String name;
    private final JsonNode values;
    private final Path folder;
    private final Set<String> known = new LinkedHashSet<>();

    /// @param name empty for the top of the file
    /// @param folder relative paths begin here
    Section(String name, JsonNode values, Path folder) {
        if (!values.isObject()) {
            throw wrong(name, "must be a table: [" + name + "]");
        }
        this.name = name;
        this.values = values;
        this.folder = folder;
    }

    private String key(String part) {
        return name.isEmpty() ? part : name + "." + part;
    }

    private Optional<JsonNode> value(String part) {
        known.add(part);
        return Optional.ofNullable(values.get(part));
    }

    Section section(String part, JsonNode instead) {
        return new Section(part, value(part).orElse(instead), folder);
    }

    boolean has(String part) {
        return value(part).isPresent();
    }

    Optional<String> text(String part) {
        return value(part)
                .map(node -> {
                    if (!node.isString() || node.asString().isBlank()) {
                        throw wrong(key(part), "must be a text in quotes");
                    }
                    return node.asString();
                });
    }

    String requiredText(String part) {
        return text(part).orElseThrow(() -> wrong(key(part), "is missing"));
    }

    int number(String part, int instead) {
        return value(part)
                .map(node -> {
                    if (!node.isInt()) {
                        throw wrong(key(part), "must be a number");
                    }
                    return node.asInt();
                })
                .orElse(instead);
    }

    boolean flag(String part) {
        return value(part)
                .map(node -> {
                    if (!node.isBoolean()) {
                        throw wrong(key(part), "must be true or false");
                    }
                    return node.asBoolean();
                })
                .orElse(false);
    }

    List<String> texts(String part) {
        var texts = new ArrayList<String>();
        value(part)
                .ifPresent(node -> {
                    if (!node.isArray()) {
                        throw wrong(key(part), "must be a list of texts");
                    }
                    node.forEach(element -> texts.add(element.asString()));
                });
        return texts;
    }

    Optional<Path> path(String part) {
        return text(part).map(folder::resolve);
    }

    /// Ends the reading of this part.
    ///
    /// @throws SyncException `SETTINGS_MALFORMED` for a key that nobody asked for
    void requireAllKnown() {
        for (String part : values.propertyNames()) {
            if (!known.contains(part)) {
                throw wrong(
                        key(part),
                        Nearest.to(part, known)
                                .map(near -> "is unknown; did you mean '" + near + "'?")
                                .orElse("is unknown; known are " + String.join(", ", known)));
            }
        }
    }

    /// Returns the first line of a file that holds a secret.
    static String firstLine(String key, Path file) {
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.findFirst().orElse("").strip();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw wrong(key, "names a file that cannot be read");
        }
    }

    static SyncException wrong(String key, String problem) {
        return new SyncException(ErrorCode.SETTINGS_MALFORMED, "a setting cannot be used")
                .with("key", key)
                .with("problem", problem);
    }
}
