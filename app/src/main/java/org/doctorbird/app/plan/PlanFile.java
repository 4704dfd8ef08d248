package org.doctorbird.app.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// The plan as a TOML file.
///
/// ```toml
/// format = 1
/// application = "tryton"          # or "plain", the default
/// [[model]]
/// name = "party.party"
/// table = "party_party"           # in schema public; or "schema.table"
/// mode = "full"                   # full (default), update, push, push_update, none
/// unique_id_column = "code"       # optional
/// leave_out = ["internal_user"]   # optional
/// batch = 1000                    # optional, 1 to 10000
/// ```
public final class PlanFile {

    /// The only format so far.
    public static final int FORMAT = 1;

    private static final Set<String> KEYS = orderedSet("format", "application", "model");

    private static final Set<String> MODEL_KEYS =
            orderedSet("name", "table", "mode", "unique_id_column", "leave_out", "batch");

    private final PlanLines lines;

    private PlanFile(PlanLines lines) {
        this.lines = lines;
    }

    /// Reads a plan.
    ///
    /// @param text the whole file
    /// @throws SyncException `PLAN_MALFORMED` with the line, the model and the key that are wrong
    ///   and, for an unknown word, the nearest known one
    public static Plan parse(String text) {
        return new PlanFile(new PlanLines(text)).plan(tree(text));
    }

    private static JsonNode tree(String text) {
        try {
            return TomlMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw new SyncException(ErrorCode.PLAN_MALFORMED, "the plan is not TOML", e)
                    .with("line", Math.max(1, e.getLocation().getLineNr()) + " or the one before")
                    .with("why", e.getOriginalMessage());
        }
    }

    private Plan plan(JsonNode tree) {
        requireKnown(tree, KEYS, Place.TOP);
        JsonNode format = tree.get("format");
        if (format == null) {
            throw wrong(Place.TOP, "format", "the key is missing").with("write", "format = 1");
        }
        if (!format.isInt() || format.intValue() != FORMAT) {
            throw wrong(Place.TOP, "format", "this program reads format 1 only");
        }
        Application application =
                text(tree, "application", Place.TOP)
                        .map(this::application)
                        .orElse(Application.PLAIN);
        JsonNode models = tree.get("model");
        if (models == null || !models.isArray() || models.isEmpty()) {
            throw wrong(Place.TOP, "model", "a plan needs one [[model]] or more");
        }
        var plans = new ArrayList<ModelPlan>();
        var names = new HashSet<String>();
        var tables = new HashSet<String>();
        for (JsonNode model : models) {
            Place place = Place.of(plans.size(), model);
            ModelPlan plan = model(model, place);
            if (!names.add(plan.name())) {
                throw wrong(place, "name", "an earlier model has the same name");
            }
            if (!tables.add(plan.table())) {
                throw wrong(place, "table", "an earlier model has the same table");
            }
            plans.add(plan);
        }
        return new Plan(application, plans);
    }

    private Application application(String word) {
        return Arrays.stream(Application.values())
                .filter(application -> application.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        unknownWord(
                                Place.TOP,
                                "application",
                                word,
                                Arrays.stream(Application.values())
                                        .map(Application::word)
                                        .toList()));
    }

    private ModelPlan model(JsonNode model, Place place) {
        if (!model.isObject()) {
            throw wrong(place, "model", "write each model as [[model]]");
        }
        requireKnown(model, MODEL_KEYS, place);
        String name = required(model, "name", place);
        if (name.length() > 100) {
            throw wrong(place, "name", "longer than 100 characters");
        }
        String table = required(model, "table", place);
        Mode mode = text(model, "mode", place).map(word -> mode(word, place)).orElse(Mode.FULL);
        return new ModelPlan(
                name,
                table.startsWith("public.") ? table.substring("public.".length()) : table,
                mode,
                text(model, "unique_id_column", place),
                leaveOut(model, place),
                batch(model, place));
    }

    private Mode mode(String word, Place place) {
        return Mode.of(word)
                .orElseThrow(() ->
                        unknownWord(
                                place,
                                "mode",
                                word,
                                Arrays.stream(Mode.values()).map(Mode::word).toList()));
    }

    private Set<String> leaveOut(JsonNode model, Place place) {
        JsonNode list = model.get("leave_out");
        var columns = new LinkedHashSet<String>();
        if (list == null) {
            return columns;
        }
        if (!list.isArray()) {
            throw wrong(place, "leave_out", "not a list of texts");
        }
        for (JsonNode column : list) {
            if (!column.isString() || column.stringValue().isEmpty()) {
                throw wrong(place, "leave_out", "not a list of texts");
            }
            if (!columns.add(column.stringValue())) {
                throw wrong(place, "leave_out", "a column is named twice");
            }
        }
        return columns;
    }

    private int batch(JsonNode model, Place place) {
        JsonNode batch = model.get("batch");
        if (batch == null) {
            return ModelPlan.BATCH_DEFAULT;
        }
        if (!batch.isInt() || batch.intValue() < 1 || batch.intValue() > ModelPlan.BATCH_MAX) {
            throw wrong(place, "batch", "not a whole number from 1 to " + ModelPlan.BATCH_MAX);
        }
        return batch.intValue();
    }

    private String required(JsonNode node, String key, Place place) {
        return text(node, key, place).orElseThrow(() -> wrong(place, key, "the key is missing"));
    }

    private Optional<String> text(JsonNode node, String key, Place place) {
        JsonNode value = node.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isString()
                || value.stringValue().isEmpty()
                || value.stringValue().indexOf('\0') >= 0) {
            throw wrong(place, key, "not a text in quotes");
        }
        return Optional.of(value.stringValue());
    }

    private void requireKnown(JsonNode node, Set<String> known, Place place) {
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                throw suggest(wrong(place, key, "there is no such key"), key, known);
            }
        }
    }

    private SyncException unknownWord(Place place, String key, String word, List<String> known) {
        return suggest(wrong(place, key, "there is no such word").with("word", word), word, known);
    }

    private static SyncException suggest(
            SyncException failure, String written, java.util.Collection<String> known) {
        Optional<String> nearest = Nearest.to(written, known);
        return nearest.isPresent()
                ? failure.with("nearest", nearest.get())
                : failure.with("known", String.join(", ", known));
    }

    private SyncException wrong(Place place, String key, String why) {
        var failure = new SyncException(ErrorCode.PLAN_MALFORMED, "the plan cannot be read");
        OptionalInt line = lines.of(place.model(), key);
        if (line.isPresent()) {
            failure = failure.with("line", line.getAsInt());
        }
        if (place.model() >= 0) {
            failure = failure.with("model", place.name());
        }
        return failure.with("key", key).with("why", why);
    }

    private static Set<String> orderedSet(String... words) {
        return java.util.Collections.unmodifiableSet(new LinkedHashSet<>(List.of(words)));
    }

    /// Where in the plan something stands.
    ///
    /// @param model the place among the models from 0; -1 outside of them
    /// @param name the model's name, or its place in words
    private record Place(int model, String name) {

        static final Place TOP = new Place(-1, "");

        static Place of(int model, JsonNode node) {
            JsonNode name = node.get("name");
            return new Place(
                    model,
                    name != null && name.isString() && name.stringValue().length() <= 100
                            ? name.stringValue()
                            : "number " + (model + 1));
        }
    }
}
