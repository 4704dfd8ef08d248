package org.doctorbird.app.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import tools.jackson.databind.JsonNode;

/// One table of a plan file, `[[model]]` or the whole file, and the words for what is wrong in it.
///
/// @param lines of the file
/// @param place the place among the models from 0; -1 for the whole file
/// @param name the model's name, or its place in words
/// @param node its keys
record PlanTable(PlanLines lines, int place, String name, JsonNode node) {

    private static final String TEXTS = "not a list of texts";

    static PlanTable file(PlanLines lines, JsonNode node) {
        return new PlanTable(lines, -1, "", node);
    }

    static PlanTable model(PlanLines lines, int place, JsonNode node) {
        JsonNode name = node.get("name");
        return new PlanTable(
                lines,
                place,
                name != null && name.isString() && name.stringValue().length() <= 100
                        ? name.stringValue()
                        : "number " + (place + 1),
                node);
    }

    /// @throws SyncException `PLAN_MALFORMED`, as all that follow, if there is another key
    void requireKnown(Collection<String> known) {
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                throw suggest(wrong(key, "there is no such key"), key, known);
            }
        }
    }

    String required(String key) {
        return text(key).orElseThrow(() -> wrong(key, "the key is missing"));
    }

    Optional<String> text(String key) {
        JsonNode value = node.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!isText(value)) {
            throw wrong(key, "not a text in quotes");
        }
        return Optional.of(value.stringValue());
    }

    /// Reads one of a few words.
    ///
    /// @param find finds what a word means
    /// @param known all words
    <T> Optional<T> word(String key, Function<String, Optional<T>> find, List<String> known) {
        return text(key).map(word -> find.apply(word).orElseThrow(() -> unknown(key, word, known)));
    }

    private SyncException unknown(String key, String word, List<String> known) {
        return suggest(wrong(key, "there is no such word").with("word", word), word, known);
    }

    /// Reads a list of texts, none twice; empty if the key is absent.
    List<String> texts(String key) {
        JsonNode list = node.get(key);
        var texts = new ArrayList<String>();
        if (list == null) {
            return texts;
        }
        if (!list.isArray()) {
            throw wrong(key, TEXTS);
        }
        for (JsonNode text : list) {
            if (!isText(text)) {
                throw wrong(key, TEXTS);
            }
            texts.add(text.stringValue());
        }
        if (Set.copyOf(texts).size() < texts.size()) {
            throw wrong(key, "a column is named twice");
        }
        return texts;
    }

    /// Reads a list of texts, or one text alone.
    List<String> textOrTexts(String key) {
        JsonNode value = node.get(key);
        return value != null && value.isString()
                ? text(key).map(List::of).orElseThrow()
                : texts(key);
    }

    Optional<Boolean> flag(String key) {
        JsonNode value = node.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw wrong(key, "not true or false");
        }
        return Optional.of(value.booleanValue());
    }

    int number(String key, int least, int most, int absent) {
        JsonNode number = node.get(key);
        if (number == null) {
            return absent;
        }
        if (!number.isInt() || number.intValue() < least || number.intValue() > most) {
            throw wrong(key, "not a whole number from " + least + " to " + most);
        }
        return number.intValue();
    }

    /// @throws SyncException if two keys name the same column
    void requireApart(String key, List<String> columns, String other, List<String> others) {
        var both = new HashSet<>(columns);
        both.retainAll(others);
        for (String column : both.stream().sorted().toList()) {
            throw wrong(key, "the column stands in '" + other + "' too").with("column", column);
        }
    }

    /// Returns the failure for a key that is wrong.
    SyncException wrong(String key, String why) {
        var failure = new SyncException(ErrorCode.PLAN_MALFORMED, "the plan cannot be read");
        OptionalInt line = lines.of(place, key);
        if (line.isPresent()) {
            failure = failure.with("line", line.getAsInt());
        }
        if (place >= 0) {
            failure = failure.with("model", name);
        }
        return failure.with("key", key).with("why", why);
    }

    private static boolean isText(JsonNode value) {
        return value.isString()
                && !value.stringValue().isEmpty()
                && value.stringValue().indexOf('\0') < 0;
    }

    private static SyncException suggest(
            SyncException failure, String written, Collection<String> known) {
        Optional<String> nearest = Nearest.to(written, known);
        return nearest.isPresent()
                ? failure.with("nearest", nearest.get())
                : failure.with("known", String.join(", ", known));
    }
}
