package org.doctorbird.conflict;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.PushedRecord;

/// Settles the fields that both sides have changed to different values. Used once.
final class FieldConflicts {

    private final CentralRecord record;
    private final PushedRecord pushed;
    private final PushContext context;
    private final Set<String> open = new TreeSet<>();
    private final Map<String, Policy> settled = new TreeMap<>();
    private final Set<String> stored;
    private final Map<String, String> joined = new LinkedHashMap<>();

    /// @param undisputed the other fields of the push that change something
    FieldConflicts(
            CentralRecord record,
            PushedRecord pushed,
            PushContext context,
            Collection<String> undisputed) {
        this.record = record;
        this.pushed = pushed;
        this.context = context;
        this.stored = new TreeSet<>(undisputed);
    }

    /// @param disputed at least one
    Verdict.Conflict settle(Collection<String> disputed) {
        for (String field : disputed) {
            Policy policy = context.conflicts().of(field);
            switch (policy) {
                case CENTRAL -> settled.put(field, policy);
                case SATELLITE -> {
                    settled.put(field, policy);
                    stored.add(field);
                }
                case LATEST -> {
                    settled.put(field, policy);
                    if (isLater(field)) {
                        stored.add(field);
                    }
                }
                case APPEND -> join(field);
                case MANUAL -> open.add(field);
            }
        }
        return new Verdict.Conflict(open, settled, fields());
    }

    private boolean isLater(String field) {
        Set<String> group = context.conflicts().group(field);
        List<ETag> edited =
                ofOthers().stream()
                        .filter(made -> made.fields().stream().anyMatch(group::contains))
                        .map(VersionMade::edited)
                        .toList();
        ETag own = pushed.edited(context.now());
        return record.isMadeComplete() && edited.stream().allMatch(own::isAfter);
    }

    private void join(String field) {
        Optional<String> base =
                record.made().stream()
                        .filter(made -> made.before().has(field))
                        .map(made -> Optional.ofNullable(made.before().get(field)))
                        .findFirst()
                        .orElse(Optional.empty());
        Optional<String> both =
                pushed.base().isEmpty() || !record.isMadeComplete()
                        ? Optional.empty()
                        : Continuations.join(
                                base.orElse(null),
                                record.values().get(field),
                                pushed.fields().get(field));
        if (both.isEmpty()) {
            open.add(field);
            return;
        }
        settled.put(field, Policy.APPEND);
        if (!both.get().equals(record.values().get(field))) {
            joined.put(field, both.get());
        }
    }

    private List<VersionMade> ofOthers() {
        return record.made().stream()
                .filter(made -> !made.origin().equals(context.from()))
                .toList();
    }

    private Fields fields() {
        return pushed.fields().only(stored).overlaid(Fields.of(new HashMap<>(joined)));
    }
}
