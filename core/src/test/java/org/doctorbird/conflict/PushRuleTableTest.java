package org.doctorbird.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.Deletes;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The table of all changes of a record with three fields, two of which go together: whatever
/// others have done to it, each pushed field is stored, or is seen to be disputed.
final class PushRuleTableTest {

    private static final UUID UID = new UUID(1, 2);
    private static final InstanceId OWN = new InstanceId(3);
    private static final InstanceId OTHER = new InstanceId(4);
    private static final ETag BASE = new ETag(100);
    private static final ETag NOW = new ETag(1_000_000);
    private static final List<String> FIELDS = List.of("high", "low", "note");

    /// @param others which fields others have changed since
    /// @param own which fields the satellite has changed since, in a push whose answer was lost
    /// @param pushed which fields are pushed
    /// @param differing which of them have another value than at central
    private record Row(
            Set<String> others,
            Set<String> own,
            Set<String> pushed,
            Set<String> differing,
            boolean isComplete,
            boolean isKnown) {

        CentralRecord held() {
            var made = new ArrayList<VersionMade>();
            if (!own.isEmpty()) {
                made.add(new VersionMade(new ETag(200), OWN, 2, own));
            }
            if (!others.isEmpty()) {
                made.add(
                        new VersionMade(
                                new ETag(300),
                                OTHER,
                                7,
                                others,
                                new ETag(300),
                                values("before", others)));
            }
            ETag etag = made.isEmpty() ? BASE : made.getLast().etag();
            return new CentralRecord(
                    UID,
                    etag,
                    values("there", FIELDS),
                    false,
                    false,
                    made,
                    0,
                    Optional.empty(),
                    isKnown,
                    isKnown,
                    isComplete);
        }

        PushedRecord push() {
            var values = new HashMap<String, String>();
            pushed.forEach(field -> values.put(field, differing.contains(field) ? "new" : "there"));
            return new PushedRecord(
                    UID,
                    Optional.of(BASE),
                    3,
                    Fields.of(values),
                    false,
                    Optional.empty(),
                    Optional.of(Duration.ZERO));
        }

        /// Says whether somebody else may have written what the field goes with.
        boolean isTouchedByOthers(String field, Policy policy) {
            return !isComplete
                    || others.contains(field)
                    || (isGrouped(policy)
                            && !field.equals("note")
                            && (others.contains("low") || others.contains("high")));
        }
    }

    private static Fields values(String value, Iterable<String> fields) {
        var values = new HashMap<String, String>();
        fields.forEach(field -> values.put(field, value));
        return Fields.of(values);
    }

    private static List<Row> rows() {
        var rows = new ArrayList<Row>();
        for (int bits = 0; bits < 1 << 14; bits++) {
            Set<String> pushed = chosen(bits >> 6);
            Set<String> differing = chosen(bits >> 9);
            if (!pushed.isEmpty() && pushed.containsAll(differing)) {
                rows.add(
                        new Row(
                                chosen(bits),
                                chosen(bits >> 3),
                                pushed,
                                differing,
                                (bits >> 12 & 1) == 0,
                                (bits >> 13 & 1) == 0));
            }
        }
        return rows;
    }

    private static Set<String> chosen(int bits) {
        var chosen = new HashSet<String>();
        for (int i = 0; i < FIELDS.size(); i++) {
            if ((bits >> i & 1) == 1) {
                chosen.add(FIELDS.get(i));
            }
        }
        return chosen;
    }

    /// The plan refuses groups of continued texts.
    private static boolean isGrouped(Policy policy) {
        return policy != Policy.APPEND;
    }

    @ParameterizedTest
    @EnumSource
    void eachFieldIsStoredOrSeenToBeDisputed(Policy policy) {
        var rules =
                new ConflictRules(
                        Optional.of(policy),
                        Map.of(),
                        isGrouped(policy) ? List.of(Set.of("high", "low")) : List.of(),
                        Optional.empty());
        var context = new PushContext(OWN, Deletes.KEEP, rules, NOW);
        for (Row row : rows()) {
            Verdict verdict = PushRule.decide(row.held(), row.push(), context);
            assertThat(broken(row, policy, verdict)).as("%s: %s", row, verdict).isEmpty();
        }
    }

    private static List<String> broken(Row row, Policy policy, Verdict verdict) {
        if (!row.isKnown()) {
            return verdict.equals(new Verdict.Reject(ErrorCode.OUTSIDE_INTEREST))
                    ? List.of()
                    : List.of("this instance may not write it");
        }
        var broken = new ArrayList<String>();
        Set<String> stored = stored(verdict);
        Set<String> listed = listed(verdict);
        if (!row.differing().containsAll(stored)) {
            broken.add("stores what is there already");
        }
        for (String field : row.pushed()) {
            boolean isDisputed =
                    row.differing().contains(field) && row.isTouchedByOthers(field, policy);
            if (listed.contains(field) != isDisputed) {
                broken.add(
                        field + " is disputed if and only if both have changed it: " + isDisputed);
            }
            if (!isDisputed && row.differing().contains(field) && !stored.contains(field)) {
                broken.add(field + " is lost");
            }
            if (isDisputed && stored.contains(field) != wins(row, policy)) {
                broken.add(field + " goes against the policy");
            }
        }
        return broken;
    }

    /// The push is made after all that is known of others; nothing here is a continued text.
    private static boolean wins(Row row, Policy policy) {
        return policy == Policy.SATELLITE || (policy == Policy.LATEST && row.isComplete());
    }

    private static Set<String> stored(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Update(Set<String> fields, boolean _) -> fields;
            case Verdict.Conflict conflict -> Set.copyOf(conflict.stored().names().list());
            default -> Set.of();
        };
    }

    private static Set<String> listed(Verdict verdict) {
        var listed = new HashSet<String>();
        if (verdict instanceof Verdict.Conflict conflict) {
            listed.addAll(conflict.open());
            listed.addAll(conflict.settled().keySet());
        }
        return listed;
    }
}
