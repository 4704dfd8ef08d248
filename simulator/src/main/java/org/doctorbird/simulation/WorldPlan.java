package org.doctorbird.simulation;

import static org.doctorbird.simulation.World.ADDRESS;
import static org.doctorbird.simulation.World.COUNTRY;
import static org.doctorbird.simulation.World.EVALUATION;
import static org.doctorbird.simulation.World.PARTY;
import static org.doctorbird.simulation.World.PATIENT;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.Deletes;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.plan.Policy;
import org.doctorbird.plan.Rules;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.ModelShape;
import org.doctorbird.simulation.World.Sharing;

/// The models of a [World] and its plan.
final class WorldPlan {

    /// Only who made a record, or asked for it, should hold it, and those for whom it comes along.
    private static final Interest NO_RULE =
            new Interest(false, Optional.empty(), List.of(), Set.of(), Set.of());

    private WorldPlan() {}

    static Map<String, ModelShape> shapes(Sharing sharing) {
        var shapes = new LinkedHashMap<String, ModelShape>();
        FieldShape note = FieldShape.plain("note", FieldKind.TEXT, false);
        FieldShape other = FieldShape.plain("other", FieldKind.TEXT, false);
        shapes.put(COUNTRY, new ModelShape(COUNTRY, List.of(note, other)));
        shapes.put(
                PARTY,
                new ModelShape(
                        PARTY,
                        List.of(
                                note,
                                other,
                                FieldShape.reference("replaced_by", PARTY, false),
                                FieldShape.reference("citizenship", COUNTRY, false),
                                FieldShape.reference("patient", PATIENT, false))));
        shapes.put(
                PATIENT,
                new ModelShape(
                        PATIENT, List.of(note, other, FieldShape.reference("name", PARTY, true))));
        shapes.put(
                EVALUATION,
                new ModelShape(
                        EVALUATION,
                        List.of(
                                note,
                                other,
                                FieldShape.reference("patient", PATIENT, true),
                                FieldShape.reference("next", EVALUATION, false))));
        if (sharing == Sharing.BY_RULES) {
            addShapesOfRules(shapes, note, other);
        }
        return shapes;
    }

    private static void addShapesOfRules(
            Map<String, ModelShape> shapes, FieldShape note, FieldShape other) {
        shapes.put(
                ADDRESS,
                new ModelShape(
                        ADDRESS, List.of(note, other, FieldShape.reference("party", PARTY, true))));
        shapes.put(
                PATIENT,
                new ModelShape(
                        PATIENT,
                        List.of(
                                note,
                                other,
                                FieldShape.plain("home", FieldKind.TEXT, false),
                                FieldShape.reference("name", PARTY, true))));
        shapes.put(
                EVALUATION,
                new ModelShape(
                        EVALUATION,
                        List.of(
                                note,
                                other,
                                FieldShape.reference("patient", PATIENT, true),
                                FieldShape.reference("informant", PARTY, false),
                                FieldShape.reference("next", EVALUATION, false))));
    }

    static Plan of(Sharing sharing) {
        return sharing == Sharing.ALL ? planOfAll() : planOfRules();
    }

    private static final ConflictRules BY_TIME = ConflictRules.of(Policy.LATEST);

    private static final ConflictRules TOGETHER =
            new ConflictRules(
                    Optional.of(Policy.MANUAL),
                    Map.of(),
                    List.of(Set.of("note", "other")),
                    Optional.empty());

    private static final ConflictRules CONTINUED =
            new ConflictRules(
                    Optional.empty(),
                    Map.of("note", Policy.APPEND, "other", Policy.CENTRAL),
                    List.of(),
                    Optional.empty());

    private static Plan planOfAll() {
        return new Plan(
                Application.PLAIN,
                List.of(
                        model(COUNTRY, Mode.UPDATE),
                        model(PARTY, Mode.FULL).with(Rules.DEFAULT.with(BY_TIME)),
                        model(PATIENT, Mode.FULL).with(Rules.DEFAULT.with(TOGETHER)),
                        model(EVALUATION, Mode.FULL).with(Rules.DEFAULT.with(CONTINUED))));
    }

    private static Plan planOfRules() {
        return new Plan(
                Application.PLAIN,
                List.of(
                        model(COUNTRY, Mode.UPDATE),
                        model(PARTY, Mode.FULL).with(Rules.of(NO_RULE).with(TOGETHER)),
                        model(ADDRESS, Mode.FULL)
                                .with(
                                        Rules.of(Interest.follows("party"))
                                                .with(Deletes.PROPAGATE)
                                                .with(ConflictRules.of(Policy.SATELLITE))),
                        model(PATIENT, Mode.FULL)
                                .with(Rules.of(Interest.where("home").bringing("name"))),
                        model(EVALUATION, Mode.FULL)
                                .with(Rules.of(Interest.follows("patient")).with(BY_TIME))));
    }

    private static ModelPlan model(String name, Mode mode) {
        return new ModelPlan(name, name.replace('.', '_'), mode, Optional.empty(), Set.of(), 3);
    }
}
