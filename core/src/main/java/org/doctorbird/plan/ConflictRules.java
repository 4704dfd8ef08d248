package org.doctorbird.plan;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How conflicts of one model are settled, as the plan says it.
///
/// @param policy for the fields that have none of their own, and for deletions; absent:
///   [Policy#MANUAL] for models with a patient, [Policy#CENTRAL] for the rest
/// @param byField policies of single fields
/// @param together groups of fields that change together, such as the two values of a blood
///   pressure: a conflict in one is a conflict in all of them. No field is in two groups, and those
///   of one have the same policy
/// @param numbering how a record is renumbered whose number is taken
public record ConflictRules(
        Optional<Policy> policy,
        Map<String, Policy> byField,
        List<Set<String>> together,
        Optional<Numbering> numbering) {

    /// The plan says nothing.
    public static final ConflictRules DEFAULT =
            new ConflictRules(Optional.empty(), Map.of(), List.of(), Optional.empty());

    /// How a record gets another number when two have the same.
    ///
    /// @param field the field with the number, of type text
    /// @param pattern the new number: `{value}` stands for the old one, `{instance}` for the
    ///   synchronisation id of the instance that pushed the record; names `{value}`
    public record Numbering(String field, String pattern) {

        /// Returns the new number.
        public String renumber(String value, int instance) {
            return pattern.replace("{instance}", Integer.toString(instance))
                    .replace("{value}", value);
        }
    }

    public ConflictRules {
        byField = Map.copyOf(byField);
        together = together.stream().map(Set::copyOf).toList();
        var grouped = new HashSet<String>();
        for (Set<String> group : together) {
            for (String field : group) {
                if (!grouped.add(field)) {
                    throw new IllegalArgumentException("a field in two groups: " + field);
                }
            }
        }
    }

    /// One policy for everything.
    public static ConflictRules of(Policy policy) {
        return new ConflictRules(Optional.of(policy), Map.of(), List.of(), Optional.empty());
    }

    /// The same rules, with a policy for what has none.
    public ConflictRules orElse(Policy fallback) {
        return policy.isPresent()
                ? this
                : new ConflictRules(Optional.of(fallback), byField, together, numbering);
    }

    /// Returns the policy of the whole record: [Policy#MANUAL] if nothing is said.
    public Policy ofRecord() {
        return policy.orElse(Policy.MANUAL);
    }

    /// Returns a field's policy.
    public Policy of(String field) {
        return byField.getOrDefault(field, ofRecord());
    }

    /// Says whether a policy asks when a change was made.
    public boolean needAge() {
        return policy.filter(Policy.LATEST::equals).isPresent()
                || byField.containsValue(Policy.LATEST);
    }

    /// Returns the fields that change together with this one, itself among them.
    public Set<String> group(String field) {
        return together.stream()
                .filter(group -> group.contains(field))
                .findFirst()
                .orElse(Set.of(field));
    }

    /// Returns the fields and all that change together with them.
    public Set<String> widened(Collection<String> fields) {
        var wide = new HashSet<>(fields);
        if (!together.isEmpty()) {
            fields.forEach(field -> wide.addAll(group(field)));
        }
        return wide;
    }
}
