package org.doctorbird.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.ModelShape;

/// The order in which models are stored: what is pointed to comes first.
///
/// Where models point to each other in a circle, nullable references give way, as few as a simple
/// choice allows, and required ones only if nothing else is left. References of a model to itself
/// and to models that are not given count for nothing. Equal input gives equal output.
public final class DependencyOrder {

    private final List<ModelShape> shapes;

    /// For each model the models that have to come before it; true for those that it cannot do
    /// without.
    private final Map<String, Map<String, Boolean>> parents = new LinkedHashMap<>();

    private DependencyOrder(Collection<ModelShape> shapes) {
        this.shapes = List.copyOf(shapes);
        Set<String> known = shapes.stream().map(ModelShape::model).collect(Collectors.toSet());
        for (ModelShape shape : this.shapes) {
            var pointed = new LinkedHashMap<String, Boolean>();
            for (FieldShape field : shape.references()) {
                String target = field.references().orElseThrow();
                if (known.contains(target) && !target.equals(shape.model())) {
                    pointed.merge(target, field.isRequired(), Boolean::logicalOr);
                }
            }
            parents.put(shape.model(), pointed);
        }
    }

    /// Returns the models, parents first; models that do not depend on each other keep the given
    /// order.
    ///
    /// @param shapes no model twice
    public static List<ModelShape> of(Collection<ModelShape> shapes) {
        return levels(shapes).stream().flatMap(List::stream).toList();
    }

    /// Returns the models in levels: those of one level do not point to each other (but for
    /// references that gave way in a circle) and can be stored at the same time.
    ///
    /// @param shapes no model twice
    public static List<List<ModelShape>> levels(Collection<ModelShape> shapes) {
        var order = new DependencyOrder(shapes);
        order.openCircles();
        return order.layered();
    }

    /// Returns the circles that consist of required references only, each in the given order; a
    /// database can hold records of such models only with deferred constraints.
    ///
    /// @param shapes no model twice
    public static List<List<String>> requiredCircles(Collection<ModelShape> shapes) {
        var order = new DependencyOrder(shapes);
        order.parents.values().forEach(of -> of.values().removeIf(isRequired -> !isRequired));
        return order.circles().stream()
                .map(circle -> order.parents.keySet().stream().filter(circle::contains).toList())
                .toList();
    }

    private void openCircles() {
        for (List<Set<String>> found = circles(); !found.isEmpty(); found = circles()) {
            found.forEach(this::open);
        }
    }

    /// Takes one model of a circle to be stored before the others.
    private void open(Set<String> circle) {
        String first =
                parents.keySet().stream()
                        .filter(circle::contains)
                        .min(
                                Comparator.<String>comparingLong(
                                                model -> parentsWithin(circle, model, true))
                                        .thenComparingLong(
                                                model -> parentsWithin(circle, model, false)))
                        .orElseThrow();
        parents.getOrDefault(first, new HashMap<>()).keySet().removeAll(circle);
    }

    private long parentsWithin(Set<String> circle, String model, boolean isRequired) {
        return parents.getOrDefault(model, Map.of()).entrySet().stream()
                .filter(parent -> circle.contains(parent.getKey()))
                .filter(parent -> parent.getValue() == isRequired)
                .count();
    }

    private List<List<ModelShape>> layered() {
        var levelOf = new HashMap<String, Integer>();
        for (ModelShape shape : shapes) {
            level(shape.model(), levelOf);
        }
        var levels = new ArrayList<List<ModelShape>>();
        for (ModelShape shape : shapes) {
            int level = levelOf.getOrDefault(shape.model(), 0);
            while (levels.size() <= level) {
                levels.add(new ArrayList<>());
            }
            levels.get(level).add(shape);
        }
        return levels.stream().map(List::copyOf).toList();
    }

    private int level(String model, Map<String, Integer> levelOf) {
        Integer known = levelOf.get(model);
        if (known != null) {
            return known;
        }
        int level = 0;
        for (String parent : parents.getOrDefault(model, Map.of()).keySet()) {
            level = Math.max(level, 1 + level(parent, levelOf));
        }
        levelOf.put(model, level);
        return level;
    }

    private List<Set<String>> circles() {
        var search = new CircleSearch(parents);
        parents.keySet().forEach(search::visit);
        return search.circles;
    }

    /// Finds the sets of models that can all be reached from each other. Source: R. Tarjan,
    /// "Depth-first search and linear graph algorithms", 1972.
    private static final class CircleSearch {

        private final Map<String, Map<String, Boolean>> parents;
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Deque<String> open = new ArrayDeque<>();
        private final List<Set<String>> circles = new ArrayList<>();

        CircleSearch(Map<String, Map<String, Boolean>> parents) {
            this.parents = parents;
        }

        /// Returns the lowest number that can be reached from the model.
        int visit(String model) {
            Integer seen = numbers.get(model);
            if (seen != null) {
                return seen;
            }
            int number = numbers.size();
            numbers.put(model, number);
            open.push(model);
            int lowest = number;
            for (String parent : parents.getOrDefault(model, Map.of()).keySet()) {
                lowest = Math.min(lowest, visitParent(parent));
            }
            if (lowest == number) {
                close(model);
            }
            return lowest;
        }

        private int visitParent(String parent) {
            if (!numbers.containsKey(parent)) {
                return visit(parent);
            }
            return open.contains(parent)
                    ? numbers.getOrDefault(parent, Integer.MAX_VALUE)
                    : Integer.MAX_VALUE;
        }

        private void close(String model) {
            var members = new LinkedHashSet<String>();
            String member;
            do {
                member = open.pop();
                members.add(member);
            } while (!member.equals(model));
            if (members.size() > 1) {
                circles.add(members);
            }
        }
    }
}
