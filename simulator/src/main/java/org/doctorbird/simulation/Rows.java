package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.doctorbird.plan.InterestGraph.Edge;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.Uids;
import org.jspecify.annotations.Nullable;

/// The rows of a database with the indexes that a real one has: by place in the feed, by reference,
/// and those that wait to be pushed.
final class Rows extends SharedMap<RecordKey, MemoryRow> {

    private static final UUID LAST = new UUID(-1, -1);

    private final Map<String, ModelShape> shapes;
    private final boolean isCentral;
    private final SharedMap<Place, RecordKey> feed;
    private final SharedMap<Reference, RecordKey> references;
    private final SharedMap<RecordKey, Boolean> pending;

    /// The keys of the rows that were changed since the copy was made.
    private final List<RecordKey> touched = new ArrayList<>();

    /// @param changed the transaction
    private record Place(String model, long changed, UUID uid) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byModel = model.compareTo(other.model);
            int order = byModel != 0 ? byModel : Long.compare(changed, other.changed);
            return order != 0 ? order : Uids.ORDER.compare(uid, other.uid);
        }
    }

    private record Reference(UUID target, String model, String field, UUID uid)
            implements Comparable<Reference> {
        @Override
        public int compareTo(Reference other) {
            int order = Uids.ORDER.compare(target, other.target);
            order = order != 0 ? order : model.compareTo(other.model);
            order = order != 0 ? order : field.compareTo(other.field);
            return order != 0 ? order : Uids.ORDER.compare(uid, other.uid);
        }
    }

    Rows(Map<String, ModelShape> shapes, boolean isCentral) {
        this.shapes = shapes;
        this.isCentral = isCentral;
        this.feed = new SharedMap<>();
        this.references = new SharedMap<>();
        this.pending = new SharedMap<>();
    }

    private Rows(Rows other) {
        super(other);
        this.shapes = other.shapes;
        this.isCentral = other.isCentral;
        this.feed = new SharedMap<>(other.feed);
        this.references = new SharedMap<>(other.references);
        this.pending = new SharedMap<>(other.pending);
    }

    Rows copy() {
        return new Rows(this);
    }

    @Override
    public @Nullable MemoryRow put(RecordKey key, MemoryRow row) {
        MemoryRow before = super.put(key, row);
        index(key, before, row);
        return before;
    }

    @Override
    public @Nullable MemoryRow remove(@Nullable Object key) {
        MemoryRow before = super.remove(key);
        if (before != null && key instanceof RecordKey removed) {
            index(removed, before, null);
        }
        return before;
    }

    private void index(RecordKey key, @Nullable MemoryRow before, @Nullable MemoryRow row) {
        touched.add(key);
        if (!isCentral) {
            if (row != null && row.lastSynchronisation() == null) {
                pending.put(key, true);
            } else if (before != null) {
                pending.remove(key);
            }
            return;
        }
        if (before == null || row == null || before.changed() != row.changed()) {
            if (before != null) {
                feed.remove(new Place(key.model(), before.changed(), key.uid()));
            }
            if (row != null) {
                feed.put(new Place(key.model(), row.changed(), key.uid()), key);
            }
        }
        indexReferences(key, before, row);
    }

    private void indexReferences(
            RecordKey key, @Nullable MemoryRow before, @Nullable MemoryRow row) {
        for (FieldShape field : Objects.requireNonNull(shapes.get(key.model())).references()) {
            String name = field.name();
            String target = before == null ? null : before.orNone().get(name);
            String next = row == null ? null : row.orNone().get(name);
            if (!Objects.equals(target, next)) {
                if (target != null) {
                    references.remove(reference(target, key, name));
                }
                if (next != null) {
                    references.put(reference(next, key, name), key);
                }
            }
        }
    }

    private static Reference reference(String target, RecordKey key, String field) {
        return new Reference(UUID.fromString(target), key.model(), field, key.uid());
    }

    /// Returns the keys of the rows that were changed in this copy; some may come twice.
    List<RecordKey> touched() {
        return touched;
    }

    /// Counts all rows as changed.
    void touchAll() {
        touched.addAll(keySet());
    }

    /// Returns all rows of a model by key.
    Map<RecordKey, MemoryRow> of(String model) {
        return between(new RecordKey(model, Uids.FIRST), new RecordKey(model + '\0', Uids.FIRST));
    }

    /// Returns the keys of the rows of a model that wait to be pushed, from a uid on. Only
    /// satellites have such rows.
    Collection<RecordKey> pending(String model, UUID first) {
        return pending.between(new RecordKey(model, first), new RecordKey(model + '\0', Uids.FIRST))
                .keySet();
    }

    /// Returns the keys of all rows that wait to be pushed.
    Collection<RecordKey> pending() {
        return pending.keySet();
    }

    /// Returns the keys of a model's rows in the order of the feed, from behind a place to before a
    /// transaction. Only central has a feed.
    Collection<RecordKey> feed(String model, long transaction, UUID after, long end) {
        return after.equals(LAST)
                ? feed(model, transaction + 1, end)
                : feed.between(
                                new Place(model, transaction, next(after)),
                                new Place(model, end, Uids.FIRST))
                        .values();
    }

    /// Returns the keys of a model's rows in the order of the feed, from one transaction to before
    /// another.
    Collection<RecordKey> feed(String model, long transaction, long end) {
        return feed.between(
                        new Place(model, transaction, Uids.FIRST),
                        new Place(model, end, Uids.FIRST))
                .values();
    }

    private static UUID next(UUID uid) {
        long low = uid.getLeastSignificantBits() + 1;
        return new UUID(uid.getMostSignificantBits() + (low == 0 ? 1 : 0), low);
    }

    /// Says whether a row of any model has moved in the feed since a transaction.
    boolean hasChangedSince(long transaction) {
        return shapes.keySet().stream()
                .anyMatch(model -> !feed(model, transaction, Long.MAX_VALUE).isEmpty());
    }

    /// Returns the keys of the rows that point to a record over a field, in order. Only central is
    /// asked.
    Collection<RecordKey> referring(Edge edge, UUID target) {
        return references
                .between(
                        new Reference(target, edge.model(), edge.field(), Uids.FIRST),
                        new Reference(target, edge.model(), edge.field() + '\0', Uids.FIRST))
                .values();
    }
}
