package org.doctorbird.app.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.doctorbird.SyncException;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.plan.InterestGraph.Edge;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.ModelShape;

/// Checks how the rules of a plan work together: who gets records because of others.
///
/// @param plan each model by itself is without errors
/// @param shapes of all its models
record FlowCheck(Plan plan, List<ModelShape> shapes) {

    List<Finding> check() {
        InterestGraph graph;
        try {
            graph = InterestGraph.of(plan.models(), shapes);
        } catch (SyncException e) {
            var circle = new Findings("");
            circle.error(
                    "follows and brings go in a circle between the models %s: their records would keep"
                            + " each other where they are for ever. Take one of the fields out.",
                    String.valueOf(e.context().get("models")));
            return circle.list();
        }
        var all = new ArrayList<Finding>();
        for (ModelShape shape : shapes) {
            ModelPlan model = plan.model(shape.model()).orElseThrow();
            if (model.mode() != Mode.NONE) {
                var findings = new Findings(model.name());
                checkRules(model, shape, graph, findings);
                shape.references().forEach(field -> checkAlong(model, field, graph, findings));
                all.addAll(findings.list());
            }
        }
        return all;
    }

    private static void checkRules(
            ModelPlan model, ModelShape shape, InterestGraph graph, Findings findings) {
        for (String field : model.interest().follows()) {
            String target = target(shape, field);
            if (!graph.isRestricted(target)) {
                findings.warn(
                        "follows names %s, and every record of %s goes to everybody: so every record of"
                                + " %s does too, whatever else its rules say. Give %s a rule, or take the"
                                + " field out of follows.",
                        field, target, model.name(), target);
            }
        }
        for (String field : new TreeSet<>(model.interest().brings())) {
            if (!graph.isRestricted(target(shape, field))) {
                findings.warn(
                        "brings names %s, and every record of %s goes to everybody by itself. Take the"
                                + " field out of brings.",
                        field, target(shape, field));
            }
        }
        for (String field : new TreeSet<>(model.interest().leavesBehind())) {
            if (!graph.isRestricted(target(shape, field))) {
                findings.warn(
                        "leave_behind names %s, but no rule keeps records of %s from anybody: it has no"
                                + " effect.",
                        field, target(shape, field));
            }
        }
    }

    private static String target(ModelShape shape, String field) {
        return shape.field(field).flatMap(FieldShape::references).orElseThrow();
    }

    private static void checkAlong(
            ModelPlan model, FieldShape field, InterestGraph graph, Findings findings) {
        String target = field.references().orElseThrow();
        if (!graph.isRestricted(target) || model.interest().leavesBehind().contains(field.name())) {
            return;
        }
        var edge = new Edge(model.name(), field.name(), target);
        boolean comesAlong = graph.alongWith(model.name()).contains(edge);
        if (comesAlong && !graph.isRestricted(model.name())) {
            warnOfEverybody(model, field, target, findings);
        } else if (!comesAlong && !graph.followedBy(model.name()).contains(edge)) {
            findings.warn(
                    "%s points to %s in a circle, so the record it points to does not come along: where"
                            + " it is for no other reason, %s.",
                    field.name(),
                    target,
                    field.isRequired()
                            ? "records of " + model.name() + " wait for ever"
                            : "the column stays empty until it comes");
        }
    }

    private static void warnOfEverybody(
            ModelPlan model, FieldShape field, String target, Findings findings) {
        if (field.isRequired()) {
            findings.warn(
                    "%s must point to a record of %s, and every record of %s goes to everybody: so every"
                            + " record of %s that one of them points to goes to everybody as well, whatever the"
                            + " rules of %s say. Unless that is what you want, write follows = [%s].",
                    field.name(),
                    target,
                    model.name(),
                    target,
                    target,
                    TomlText.string(field.name()));
        } else {
            findings.warn(
                    "%s points to %s, and every record of %s goes to everybody: the records of %s that"
                            + " one points to go along to everybody. If they should not, write"
                            + " leave_behind = [%s], or follows if the records belong to them.",
                    field.name(), target, model.name(), target, TomlText.string(field.name()));
        }
    }
}
