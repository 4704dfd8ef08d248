package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;

/// The plan's conditions for the instances that there are, as SQL.
final class InterestConditions {

    private final Map<Integer, Map<String, String>> attributes;

    private InterestConditions(Map<Integer, Map<String, String>> attributes) {
        this.attributes = attributes;
    }

    /// Reads the instances and their attributes.
    static InterestConditions read(Statements statements) throws SQLException {
        var attributes = new TreeMap<Integer, Map<String, String>>();
        statements.visit(
                """
                select e.id, a.key, a.value from doctorbird.engine_instance e
                left join lateral jsonb_each_text(e.attributes) a on true
                where e.retired_at is null
                """,
                0,
                row -> {
                    var own = attributes.computeIfAbsent(row.getInt(1), _ -> new TreeMap<>());
                    String name = row.getString(2);
                    if (name != null) {
                        own.put(name, row.getString(3));
                    }
                    return true;
                });
        return new InterestConditions(attributes);
    }

    /// Returns the instances that there are.
    InstanceSet everybody() {
        InstanceSet all = InstanceSet.EMPTY;
        for (int id : attributes.keySet()) {
            all = all.with(new InstanceId(id));
        }
        return all;
    }

    /// Returns how many bits a set of any of the instances has, 1 or more.
    int width() {
        return attributes.keySet().stream().mapToInt(id -> id + 1).max().orElse(1);
    }

    /// Returns all instances as a bit string of [#width].
    String everybodyBits() {
        var bits = new BitSet();
        attributes.keySet().forEach(bits::set);
        return bits(bits);
    }

    /// Returns no instance as a bit string of [#width].
    String nobodyBits() {
        return bits(new BitSet());
    }

    private String bits(BitSet set) {
        return IntStream.range(0, width())
                .mapToObj(i -> set.get(i) ? "1" : "0")
                .collect(Collectors.joining("", "B'", "'"));
    }

    /// Returns the set of instances for which the table's condition holds: an expression over the
    /// table's columns whose value is a bit string of [#width]. Instances with the same attributes
    /// cost one look.
    String ruled(SyncedTable table) {
        Optional<String> condition = table.plan().rules().interest().condition();
        var instances = new LinkedHashMap<String, BitSet>();
        if (condition.isPresent()) {
            attributes.forEach((id, own) ->
                    of(condition.get(), own)
                            .ifPresent(text ->
                                    instances.computeIfAbsent(text, _ -> new BitSet()).set(id)));
        }
        return instances.isEmpty()
                ? nobodyBits()
                : instances.entrySet().stream()
                        .map(some ->
                                "case when (%s) then %s else %s end"
                                        .formatted(
                                                some.getKey(), bits(some.getValue()), nobodyBits()))
                        .collect(Collectors.joining("\n| ", "(", ")"));
    }

    /// Says whether the table has a condition that holds for some instance by some value.
    boolean dependOnValues(SyncedTable table) {
        return table.plan().rules().interest().condition().isPresent() && !attributes.isEmpty();
    }

    /// Returns the condition for one instance; empty if the instance lacks an attribute.
    private static Optional<String> of(String condition, Map<String, String> own) {
        var text = ConditionText.of(condition);
        return own.keySet().containsAll(text.attributes())
                ? Optional.of(
                        text.filled(name -> Sql.literal(Objects.requireNonNull(own.get(name)))))
                : Optional.empty();
    }
}
