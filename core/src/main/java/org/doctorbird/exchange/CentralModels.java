package org.doctorbird.exchange;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.Deletes;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.ModelShape;

/// The plan in force at one instance, with the fields that its database has. Immutable.
public final class CentralModels {

    /// Why a record is refused whose model is not in the plan.
    static final String UNKNOWN = "no such model in the plan";

    /// Why a record is refused whose model's table is not what the plan says.
    static final String UNFIT = "the model's table is missing or does not fit the plan";

    private final String version;
    private final String text;
    private final Map<String, ModelPlan> plans = new HashMap<>();
    private final Map<String, ModelShape> shapes = new HashMap<>();
    private final List<String> given;
    private final InterestGraph graph;
    private final Set<String> clinical;

    /// @param version changes with every change of plan or fields
    /// @param text the plan file
    /// @param shapes one for each model of the plan
    public CentralModels(String version, String text, Plan plan, List<ModelShape> shapes) {
        this.version = version;
        this.text = text;
        plan.models().forEach(model -> plans.put(model.name(), model));
        shapes.forEach(shape -> this.shapes.put(shape.model(), shape));
        if (!plans.keySet().equals(this.shapes.keySet())) {
            throw new IllegalArgumentException("plan and shapes name different models");
        }
        this.graph = InterestGraph.of(plan.models(), shapes);
        this.clinical = findClinical();
        this.given =
                plan.models().stream()
                        .filter(model -> model.mode().pulls() || model.mode().takesNew())
                        .map(ModelPlan::name)
                        .toList();
    }

    /// Returns the version of the plan.
    public String version() {
        return version;
    }

    /// Says whether the plan has the model.
    public boolean has(String model) {
        return plans.containsKey(model);
    }

    /// Puts records whose model has left the plan into quarantine.
    ///
    /// @return the others
    List<KeptRecord> known(List<KeptRecord> kept, RecordTransaction transaction) {
        List<KeptRecord> unknown =
                kept.stream().filter(record -> !has(record.key().model())).toList();
        if (unknown.isEmpty()) {
            return kept;
        }
        transaction.quarantine(
                unknown,
                unknown.stream()
                        .map(record ->
                                new Refused(record.uid(), ErrorCode.MODEL_UNKNOWN, UNKNOWN, ""))
                        .toList());
        return kept.stream().filter(record -> has(record.key().model())).toList();
    }

    /// Returns the plan's part on a model.
    ///
    /// @throws SyncException `MODEL_UNKNOWN`
    public ModelPlan plan(String model) {
        ModelPlan plan = plans.get(model);
        if (plan == null) {
            throw new SyncException(ErrorCode.MODEL_UNKNOWN, UNKNOWN).with("model", model);
        }
        return plan;
    }

    /// Returns the model's fields.
    ///
    /// @throws SyncException `MODEL_UNKNOWN`
    public ModelShape shape(String model) {
        plan(model);
        return java.util.Objects.requireNonNull(shapes.get(model));
    }

    /// Returns how interest flows between the models.
    public InterestGraph graph() {
        return graph;
    }

    /// Returns what a satellite's deletion of a record does. Unless the plan says it, deletions of
    /// models that only link others go on, and records of all other models are kept.
    ///
    /// @throws SyncException `MODEL_UNKNOWN`
    public Deletes deletes(String model) {
        return plan(model)
                .rules()
                .deletes()
                .orElseGet(() -> isLink(shape(model)) ? Deletes.PROPAGATE : Deletes.KEEP);
    }

    private boolean isLink(ModelShape shape) {
        Optional<String> unique = plan(shape.model()).uniqueIdColumn();
        return shape.references().size() >= 2
                && shape.fields().stream()
                        .filter(field -> field.references().isEmpty())
                        .allMatch(field ->
                                field.name().equals("create_date")
                                        || unique.filter(field.name()::equals).isPresent());
    }

    /// Returns how conflicts of a model are settled. Unless the plan says it, a person settles
    /// those of models with a patient: models that go to some instances only, that are patients by
    /// their name, or that refer to such a model, over however many others.
    ///
    /// @throws SyncException `MODEL_UNKNOWN`
    public ConflictRules conflicts(String model) {
        return plan(model)
                .rules()
                .conflicts()
                .orElse(clinical.contains(model) ? Policy.MANUAL : Policy.CENTRAL);
    }

    private Set<String> findClinical() {
        var found = new HashSet<>(graph.restricted());
        plans.keySet().stream()
                .filter(model -> List.of(model.split("[._]", -1)).contains("patient"))
                .forEach(found::add);
        boolean hasChanged = true;
        while (hasChanged) {
            hasChanged =
                    shapes.values().stream()
                            .filter(shape ->
                                    shape.references().stream()
                                            .anyMatch(field ->
                                                    found.contains(
                                                            field.references().orElseThrow())))
                            .map(ModelShape::model)
                            .toList()
                            .stream()
                            .map(found::add)
                            .reduce(false, Boolean::logicalOr);
        }
        return found;
    }

    /// Returns the names of the models whose records go to satellites.
    public List<String> givenNames() {
        return given;
    }

    /// Returns the plan as it is handed to satellites.
    public PlanGiven given() {
        var fields = new TreeMap<String, List<String>>();
        shapes.forEach((model, shape) -> fields.put(model, shape.names().list()));
        return new PlanGiven(version, text, fields);
    }
}
