package org.doctorbird.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.ModelShape;
import org.jspecify.annotations.Nullable;

/// How interest flows between the models of a plan.
///
/// A record has two sets of instances. The *direct* one comes from its own reasons: the rule, a
/// pin, its creator, and, over references, from records that it follows or that bring it. The
/// *whole* one also has those instances for which the record only comes along, because a record
/// there points to it. What follows a record goes by its direct set: a relative's name that comes
/// along does not bring the relative's history.
///
/// Neither flow has circles, so that no two records keep each other interesting: rules that go in a
/// circle are refused, and of references that do, those that give way in [DependencyOrder] bring
/// nothing along. Immutable.
public final class InterestGraph {

    /// A reference over which interest flows.
    ///
    /// @param model the model that has the field
    /// @param target the model that it points to
    public record Edge(String model, String field, String target) {}

    private final Set<String> restricted = new LinkedHashSet<>();
    private final List<Edge> following = new ArrayList<>();
    private final List<Edge> bringing = new ArrayList<>();
    private final List<Edge> along = new ArrayList<>();
    private final List<String> directOrder;
    private final List<String> wholeOrder;

    private InterestGraph(Collection<ModelPlan> plans, Collection<ModelShape> shapes) {
        Map<String, ModelShape> byModel = new HashMap<>();
        shapes.forEach(shape -> byModel.put(shape.model(), shape));
        addRestricted(plans, byModel);
        for (ModelPlan model : plans) {
            ModelShape shape = byModel.get(model.name());
            if (shape != null && model.mode() != Mode.NONE) {
                addEdges(model, shape);
            }
        }
        List<ModelShape> parentsFirst = DependencyOrder.of(shapes);
        dropCircles(parentsFirst);
        this.directOrder = sortedByDirectFlow();
        this.wholeOrder =
                parentsFirst.reversed().stream()
                        .map(ModelShape::model)
                        .filter(restricted::contains)
                        .toList();
    }

    /// Lays the plan's rules over the models' references.
    ///
    /// @param plans all models of the plan
    /// @param shapes one for each of them
    /// @throws SyncException `PLAN_DOES_NOT_FIT` if the rules go in a circle
    public static InterestGraph of(Collection<ModelPlan> plans, Collection<ModelShape> shapes) {
        return new InterestGraph(plans, shapes);
    }

    /// A model that follows one that goes to everybody goes to everybody.
    private void addRestricted(Collection<ModelPlan> plans, Map<String, ModelShape> shapes) {
        Set<String> moving = new HashSet<>();
        for (ModelPlan model : plans) {
            if (model.mode() != Mode.NONE) {
                moving.add(model.name());
                if (!model.interest().isAll()) {
                    restricted.add(model.name());
                }
            }
        }
        boolean hasChanged = true;
        while (hasChanged) {
            hasChanged = false;
            for (ModelPlan model : plans) {
                boolean followsAll =
                        model.interest().follows().stream()
                                .flatMap(field -> target(shapes.get(model.name()), field).stream())
                                .anyMatch(target ->
                                        moving.contains(target) && !restricted.contains(target));
                hasChanged |= followsAll && restricted.remove(model.name());
            }
        }
    }

    private static Optional<String> target(@Nullable ModelShape shape, String field) {
        return Optional.ofNullable(shape)
                .flatMap(found -> found.field(field))
                .flatMap(FieldShape::references);
    }

    private void addEdges(ModelPlan model, ModelShape shape) {
        Interest interest = model.interest();
        for (FieldShape field : shape.references()) {
            String target = field.references().orElseThrow();
            if (!restricted.contains(target)) {
                continue;
            }
            var edge = new Edge(model.name(), field.name(), target);
            boolean isRestricted = restricted.contains(model.name());
            if (isRestricted && interest.follows().contains(field.name())) {
                following.add(edge);
            }
            if (isRestricted && interest.brings().contains(field.name())) {
                bringing.add(edge);
            }
            if (!interest.leavesBehind().contains(field.name())) {
                along.add(edge);
            }
        }
    }

    /// References against the order of storing, which exist only where models point to each other
    /// in a circle or to themselves, bring nothing along.
    private void dropCircles(List<ModelShape> parentsFirst) {
        Map<String, Integer> places = new HashMap<>();
        parentsFirst.forEach(shape -> places.put(shape.model(), places.size()));
        along.removeIf(edge ->
                places.getOrDefault(edge.target(), 0) >= places.getOrDefault(edge.model(), 0));
    }

    private List<String> sortedByDirectFlow() {
        Map<String, Set<String>> before = new LinkedHashMap<>();
        restricted.forEach(model -> before.put(model, new LinkedHashSet<>()));
        following.forEach(edge -> sources(before, edge.model()).add(edge.target()));
        bringing.forEach(edge -> sources(before, edge.target()).add(edge.model()));
        var sorted = new LinkedHashSet<String>();
        while (sorted.size() < before.size()) {
            Optional<String> next =
                    before.keySet().stream()
                            .filter(model -> !sorted.contains(model))
                            .filter(model -> sorted.containsAll(sources(before, model)))
                            .findFirst();
            sorted.add(next.orElseThrow(() -> circle(before.keySet(), sorted)));
        }
        return List.copyOf(sorted);
    }

    private static Set<String> sources(Map<String, Set<String>> before, String model) {
        return before.getOrDefault(model, Set.of());
    }

    private static SyncException circle(Set<String> all, Set<String> sorted) {
        return new SyncException(
                        ErrorCode.PLAN_DOES_NOT_FIT, "'follows' and 'brings' go in a circle")
                .with(
                        "models",
                        all.stream()
                                .filter(model -> !sorted.contains(model))
                                .collect(Collectors.joining(", ")));
    }

    /// Returns the models whose records do not go to everybody, in the order of the plan.
    public Set<String> restricted() {
        return restricted;
    }

    /// Says whether the model's records do not go to everybody.
    public boolean isRestricted(String model) {
        return restricted.contains(model);
    }

    /// Returns the restricted models, each after those that its direct sets are made from.
    public List<String> directOrder() {
        return directOrder;
    }

    /// Returns the restricted models, each after those whose records it comes along with.
    public List<String> wholeOrder() {
        return wholeOrder;
    }

    /// Returns the references by which records of the model follow others.
    public List<Edge> followedBy(String model) {
        return of(following, edge -> edge.model().equals(model));
    }

    /// Returns the references by which others follow records of the model.
    public List<Edge> followersOf(String model) {
        return of(following, edge -> edge.target().equals(model));
    }

    /// Returns the references by which records of the model bring others.
    public List<Edge> broughtBy(String model) {
        return of(bringing, edge -> edge.model().equals(model));
    }

    /// Returns the references by which others bring records of the model.
    public List<Edge> bringersOf(String model) {
        return of(bringing, edge -> edge.target().equals(model));
    }

    /// Returns the references over which others come along with records of the model.
    public List<Edge> alongWith(String model) {
        return of(along, edge -> edge.model().equals(model));
    }

    /// Returns the references over which records of the model come along with others; some of the
    /// others may be of models that go to everybody.
    public List<Edge> alongTo(String model) {
        return of(along, edge -> edge.target().equals(model));
    }

    /// Says whether records of the model come along with others. Those of other models have one
    /// set: the whole one is the direct one.
    public boolean comesAlong(String model) {
        return along.stream().anyMatch(edge -> edge.target().equals(model));
    }

    /// Returns every reference over which interest flows, none twice.
    public Set<Edge> edges() {
        var edges = new LinkedHashSet<>(following);
        edges.addAll(bringing);
        edges.addAll(along);
        return edges;
    }

    private static List<Edge> of(List<Edge> edges, Predicate<Edge> chosen) {
        return edges.stream().filter(chosen).toList();
    }
}
