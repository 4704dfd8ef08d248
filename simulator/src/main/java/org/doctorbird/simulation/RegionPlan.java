package org.doctorbird.simulation;

import static org.doctorbird.simulation.World.EVALUATION;
import static org.doctorbird.simulation.World.PARTY;
import static org.doctorbird.simulation.World.PATIENT;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.plan.Policy;
import org.doctorbird.plan.Rules;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.ModelShape;

/// The models of a region and its plan: reference data for all, and patients with their parties and
/// evaluations, each at home in one clinic.
final class RegionPlan {

    static final String PATHOLOGY = "gnuhealth.pathology";

    /// Each model after those it refers to.
    static final List<String> ORDER = List.of(PATHOLOGY, PARTY, PATIENT, EVALUATION);

    private static final Interest NO_RULE =
            new Interest(false, Optional.empty(), List.of(), Set.of(), Set.of());

    private RegionPlan() {}

    static Map<String, ModelShape> shapes() {
        var shapes = new LinkedHashMap<String, ModelShape>();
        shape(shapes, PATHOLOGY, text("code"), text("note"));
        shape(
                shapes,
                PARTY,
                text("name"),
                text("lastname"),
                text("gender"),
                FieldShape.plain("birth", FieldKind.DATE, false),
                text("phone"),
                text("note"));
        shape(
                shapes,
                PATIENT,
                text("code"),
                text("home"),
                text("blood"),
                text("note"),
                FieldShape.reference("name", PARTY, true));
        shape(
                shapes,
                EVALUATION,
                FieldShape.reference("patient", PATIENT, true),
                FieldShape.reference("diagnosis", PATHOLOGY, false),
                FieldShape.plain("start", FieldKind.TIMESTAMP, false),
                text("urgency"),
                text("complaint"),
                text("note"),
                FieldShape.plain("systolic", FieldKind.INTEGER, false),
                FieldShape.plain("diastolic", FieldKind.INTEGER, false),
                FieldShape.plain("temperature", FieldKind.FLOAT, false),
                FieldShape.plain("weight", FieldKind.NUMERIC, false));
        return shapes;
    }

    private static FieldShape text(String name) {
        return FieldShape.plain(name, FieldKind.TEXT, false);
    }

    private static void shape(Map<String, ModelShape> shapes, String model, FieldShape... fields) {
        shapes.put(model, new ModelShape(model, List.of(fields)));
    }

    /// Returns one version of the plan; they differ in who wins a conflict of evaluations.
    static CentralModels models(int version) {
        ConflictRules conflicts =
                ConflictRules.of(version % 2 == 0 ? Policy.MANUAL : Policy.LATEST);
        var plan =
                new Plan(
                        Application.PLAIN,
                        List.of(
                                model(PATHOLOGY, Mode.UPDATE),
                                model(PARTY, Mode.FULL)
                                        .with(
                                                Rules.of(NO_RULE)
                                                        .with(ConflictRules.of(Policy.LATEST))),
                                model(PATIENT, Mode.FULL)
                                        .with(Rules.of(Interest.where("home").bringing("name"))),
                                model(EVALUATION, Mode.FULL)
                                        .with(
                                                Rules.of(Interest.follows("patient"))
                                                        .with(conflicts))));
        return new CentralModels(
                Integer.toString(version), plan.toString(), plan, List.copyOf(shapes().values()));
    }

    private static ModelPlan model(String name, Mode mode) {
        return new ModelPlan(
                name,
                name.replace('.', '_'),
                mode,
                Optional.empty(),
                Set.of(),
                ModelPlan.BATCH_DEFAULT);
    }
}
