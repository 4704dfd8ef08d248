package org.doctorbird.app.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
/// # Who should hold its records; without all of these everybody does.
/// where = "region = :region"      # a condition on the record's columns and the instance's attributes
/// follows = ["household"]         # it goes where the record goes that it points to
/// all = false                     # neither: its creator and who asked for it
/// brings = ["name"]               # what it points to belongs to it
/// leave_behind = ["doctor"]       # what it points to does not come along
/// deletes = "keep"                # or "propagate"
/// newest_first = "create_date"
/// searchable = ["code", "name.lastname"]
/// shown = ["code", "name.lastname"]
/// policy = "manual"               # or central, satellite, latest, append
/// policies = { note = "append" }  # of single columns
/// together = [["systolic", "diastolic"]]
/// renumber = "code"               # of two records with one number, how one gets another
/// renumber_as = "{value}-{instance}"
/// ```
public final class PlanFile {

    /// The only format so far.
    public static final int FORMAT = 1;

    private static final List<String> KEYS = List.of("format", "application", "model");

    private static final List<String> MODEL_KEYS =
            Stream.concat(
                            Stream.of(
                                    "name",
                                    "table",
                                    "mode",
                                    "unique_id_column",
                                    "leave_out",
                                    "batch"),
                            Stream.concat(RulesTable.KEYS.stream(), ConflictsTable.KEYS.stream()))
                    .toList();

    private PlanFile() {}

    /// Reads a plan.
    ///
    /// @param text the whole file
    /// @throws SyncException `PLAN_MALFORMED` with the line, the model and the key that are wrong
    ///   and, for an unknown word, the nearest known one
    public static Plan parse(String text) {
        return plan(PlanTable.file(new PlanLines(text), tree(text)));
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

    private static Plan plan(PlanTable file) {
        file.requireKnown(KEYS);
        JsonNode format = file.node().get("format");
        if (format == null) {
            throw file.wrong("format", "the key is missing").with("write", "format = 1");
        }
        if (!format.isInt() || format.intValue() != FORMAT) {
            throw file.wrong("format", "this program reads format 1 only");
        }
        Application application =
                file.word("application", PlanFile::application, applications())
                        .orElse(Application.PLAIN);
        JsonNode models = file.node().get("model");
        if (models == null || !models.isArray() || models.isEmpty()) {
            throw file.wrong("model", "a plan needs one [[model]] or more");
        }
        var plans = new ArrayList<ModelPlan>();
        var names = new HashSet<String>();
        var tables = new HashSet<String>();
        for (JsonNode node : models) {
            PlanTable model = PlanTable.model(file.lines(), plans.size(), node);
            ModelPlan plan = model(model);
            if (!names.add(plan.name())) {
                throw model.wrong("name", "an earlier model has the same name");
            }
            if (!tables.add(plan.table())) {
                throw model.wrong("table", "an earlier model has the same table");
            }
            plans.add(plan);
        }
        return new Plan(application, plans);
    }

    private static Optional<Application> application(String word) {
        return Arrays.stream(Application.values())
                .filter(application -> application.word().equals(word))
                .findFirst();
    }

    private static List<String> applications() {
        return Arrays.stream(Application.values()).map(Application::word).toList();
    }

    private static ModelPlan model(PlanTable model) {
        if (!model.node().isObject()) {
            throw model.wrong("model", "write each model as [[model]]");
        }
        model.requireKnown(MODEL_KEYS);
        String name = model.required("name");
        if (name.length() > 100) {
            throw model.wrong("name", "longer than 100 characters");
        }
        String table = model.required("table");
        return new ModelPlan(
                name,
                table.startsWith("public.") ? table.substring("public.".length()) : table,
                model.word("mode", Mode::of, Arrays.stream(Mode.values()).map(Mode::word).toList())
                        .orElse(Mode.FULL),
                model.text("unique_id_column"),
                new LinkedHashSet<>(model.texts("leave_out")),
                model.number("batch", 1, ModelPlan.BATCH_MAX, ModelPlan.BATCH_DEFAULT),
                new RulesTable(model).rules());
    }
}
