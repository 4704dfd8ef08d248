package org.doctorbird.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which instances should hold a model's records, as the plan says it. The reasons add up: a record
/// is interesting for an instance as long as one of them holds.
///
/// @param isAll every instance should hold every record; nothing else counts then
/// @param condition an SQL condition over the record's own columns, in which `:name` stands for an
///   attribute of the instance; false for an instance that lacks the attribute
/// @param follows reference fields: the record goes where the record goes that it points to
/// @param brings reference fields whose targets belong to the record: they go where it goes, and
///   take along what follows them
/// @param leavesBehind reference fields whose targets do not come along; the satellite shows them
///   empty until it holds the target for another reason
public record Interest(
        boolean isAll,
        Optional<String> condition,
        List<String> follows,
        Set<String> brings,
        Set<String> leavesBehind) {

    /// Every instance should hold every record.
    public static final Interest ALL =
            new Interest(true, Optional.empty(), List.of(), Set.of(), Set.of());

    public Interest {
        if (isAll && (condition.isPresent() || !follows.isEmpty())) {
            throw new IllegalArgumentException("everybody gets everything, and a rule beside it");
        }
        follows = List.copyOf(follows);
        brings = Set.copyOf(brings);
        leavesBehind = Set.copyOf(leavesBehind);
    }

    /// A record goes where the record goes that one of the fields points to.
    public static Interest follows(String... fields) {
        return new Interest(false, Optional.empty(), List.of(fields), Set.of(), Set.of());
    }

    /// A record goes to the instances for which the condition holds.
    public static Interest where(String condition) {
        return new Interest(false, Optional.of(condition), List.of(), Set.of(), Set.of());
    }

    /// The same rule, whose fields' targets belong to the record.
    public Interest bringing(String... fields) {
        return new Interest(isAll, condition, follows, Set.of(fields), leavesBehind);
    }

    /// The same rule; the fields' targets do not come along.
    public Interest leaving(String... fields) {
        return new Interest(isAll, condition, follows, brings, Set.of(fields));
    }
}
