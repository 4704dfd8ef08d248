package org.doctorbird.app.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.doctorbird.app.postgres.RecordHistory.Current;
import org.doctorbird.app.postgres.RecordVersions.Change;
import org.doctorbird.app.postgres.RecordVersions.Kind;
import org.doctorbird.app.postgres.RecordVersions.Value;
import org.doctorbird.app.postgres.RecordVersions.Version;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;

/// Goes back from a record's current version through the rows of its history. A row tells what was
/// before it; what was after it is what the next one, or the record itself, tells.
final class VersionWalk {

    /// A version and who made it.
    record Maker(ETag etag, InstanceId instance, Optional<String> user) {}

    /// One row of the history.
    ///
    /// @param before by field; a field that is not in it is not known
    record Row(
            Maker maker,
            Maker replaced,
            Kind kind,
            List<String> fields,
            Map<String, Value> before) {}

    private final Current current;
    private final boolean withValues;
    private final List<Version> versions = new ArrayList<>();
    private final Map<String, Value> held;
    private Maker next;

    VersionWalk(Current current, boolean withValues) {
        this.current = current;
        this.withValues = withValues;
        this.held = new HashMap<>(current.values());
        this.next = current.maker();
    }

    /// Takes the next older row.
    void step(Row row) {
        if (!row.maker().etag().equals(next.etag())) {
            add(next, isGone() ? Kind.DELETED : Kind.NOT_KEPT, List.of());
            held.clear();
        }
        var changes = new ArrayList<Change>();
        for (String field : row.fields()) {
            Value before = row.before().getOrDefault(field, Value.UNKNOWN);
            Value after = held.getOrDefault(field, Value.UNKNOWN);
            changes.add(new Change(field, before, after));
            held.put(field, before);
        }
        add(row.maker(), row.kind(), changes);
        next = row.replaced();
    }

    /// Says that no row is older: the version that is left is the first, unless others may have
    /// been forgotten.
    void end() {
        if (isGone()) {
            add(next, Kind.DELETED, List.of());
        } else if (next.etag().isAfter(current.forgotten())) {
            add(next, Kind.CREATED, withValues ? first() : List.of());
        } else {
            add(next, Kind.NOT_KEPT, List.of());
        }
    }

    /// Says whether the version at hand is the current one and its row went without a row of the
    /// history, as TRUNCATE does it.
    private boolean isGone() {
        return versions.isEmpty() && !current.isHere();
    }

    private List<Change> first() {
        var changes = new ArrayList<Change>();
        new TreeMap<>(held)
                .forEach((field, value) -> {
                    if (value.isKnown() && value.text() != null) {
                        changes.add(new Change(field, new Value(true, null), value));
                    }
                });
        return changes;
    }

    private void add(Maker maker, Kind kind, List<Change> changes) {
        versions.add(
                new Version(
                        maker.etag(),
                        maker.instance(),
                        Optional.empty(),
                        maker.user(),
                        kind,
                        List.copyOf(changes)));
    }

    /// Returns the versions so far, newest first.
    List<Version> versions() {
        return versions;
    }
}
