package org.doctorbird.app.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.ConflictRules.Numbering;
import org.doctorbird.plan.Policy;
import tools.jackson.databind.JsonNode;

/// How conflicts of one model's records are settled, as a plan file has it.
///
/// @param model the model's table of the file
record ConflictsTable(PlanTable model) {

    /// The keys, in the order of the manual.
    static final List<String> KEYS =
            List.of("policy", "policies", "together", "renumber", "renumber_as");

    private static final String PATTERN_DEFAULT = "{value}-{instance}";
    private static final List<String> WORDS =
            Arrays.stream(Policy.values()).map(Policy::word).toList();

    ConflictRules rules() {
        var rules =
                new ConflictRules(
                        model.word("policy", Policy::of, WORDS),
                        policies(),
                        together(),
                        numbering());
        for (Set<String> group : rules.together()) {
            checkGroup(rules, group);
        }
        return rules;
    }

    private void checkGroup(ConflictRules rules, Set<String> group) {
        Set<Optional<Policy>> policies = new HashSet<>();
        group.forEach(field ->
                policies.add(Optional.ofNullable(rules.byField().get(field)).or(rules::policy)));
        if (policies.size() > 1) {
            throw model.wrong("together", "fields that change together need the same policy");
        }
        if (policies.contains(Optional.of(Policy.APPEND))) {
            throw model.wrong("together", "append joins texts; it does not go with a group");
        }
    }

    private Map<String, Policy> policies() {
        JsonNode table = model.node().get("policies");
        Map<String, Policy> policies = new HashMap<>();
        if (table == null) {
            return policies;
        }
        if (!table.isObject()) {
            throw model.wrong("policies", "not a table such as { note = \"append\" }");
        }
        for (Map.Entry<String, JsonNode> entry : table.properties()) {
            String word = entry.getValue().isString() ? entry.getValue().stringValue() : "";
            policies.put(
                    entry.getKey(),
                    Policy.of(word)
                            .orElseThrow(() ->
                                    model.wrong("policies", "there is no such word")
                                            .with("column", entry.getKey())
                                            .with("known", String.join(", ", WORDS))));
        }
        return policies;
    }

    private List<Set<String>> together() {
        JsonNode list = model.node().get("together");
        var groups = new ArrayList<Set<String>>();
        if (list == null) {
            return groups;
        }
        String form = "not a list of lists such as [[\"systolic\", \"diastolic\"]]";
        if (!list.isArray()) {
            throw model.wrong("together", form);
        }
        var grouped = new HashSet<String>();
        for (JsonNode group : list) {
            if (!group.isArray() || group.size() < 2) {
                throw model.wrong("together", form);
            }
            var fields = new HashSet<String>();
            for (JsonNode field : group) {
                if (!field.isString()) {
                    throw model.wrong("together", form);
                }
                if (!grouped.add(field.stringValue())) {
                    throw model.wrong("together", "a column is named twice")
                            .with("column", field.stringValue());
                }
                fields.add(field.stringValue());
            }
            groups.add(fields);
        }
        return groups;
    }

    private Optional<Numbering> numbering() {
        Optional<String> field = model.text("renumber");
        Optional<String> pattern = model.text("renumber_as");
        if (field.isEmpty() && pattern.isPresent()) {
            throw model.wrong("renumber_as", "it needs 'renumber', the column with the number");
        }
        if (pattern.isPresent() && !pattern.get().contains("{value}")) {
            throw model.wrong("renumber_as", "it must hold {value}, the old number");
        }
        return field.map(name -> new Numbering(name, pattern.orElse(PATTERN_DEFAULT)));
    }
}
