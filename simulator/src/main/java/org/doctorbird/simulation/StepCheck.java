package org.doctorbird.simulation;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.RecordKey;

/// What must hold after every transaction, of the records that it has touched.
final class StepCheck {

    private final Function<InstanceId, MemoryState> states;
    private final Supplier<String> tail;
    private final Set<InstanceId> unsure = new HashSet<>();
    private long records;

    /// @param states what is committed
    /// @param tail the seed, and what happened last
    StepCheck(Function<InstanceId, MemoryState> states, Supplier<String> tail) {
        this.states = states;
        this.tail = tail;
    }

    /// What central believes of an instance is not true before it has told what it holds.
    void noteRestored(InstanceId instance) {
        unsure.add(instance);
    }

    /// Returns how many records were checked.
    long records() {
        return records;
    }

    /// Checks a transaction of central.
    void central(MemoryState before, MemoryState after) {
        for (RecordKey key : after.rows.touched()) {
            MemoryRow old = before.rows.get(key);
            MemoryRow row = after.rows.get(key);
            records++;
            require(row != null || old == null, "a record left central", key);
            if (old != null && row != null) {
                require(!old.etag().isAfter(row.etag()), "an ETag that goes back", key);
                boolean isSame = old.etag().equals(row.etag());
                require(!isSame || old.orNone().equals(row.orNone()), "two of one version", key);
                require(isSame || isInHistory(after, key, old), "a version without history", key);
            }
        }
    }

    private static boolean isInHistory(MemoryState state, RecordKey key, MemoryRow old) {
        return state.history.getOrDefault(key, java.util.List.of()).stream()
                .anyMatch(past -> past.replaced().equals(old.etag()));
    }

    /// Checks that an instance of which central has just noted that it holds a record does.
    void bits(MemoryState before, MemoryState after, Iterable<InstanceId> instances) {
        for (RecordKey key : after.rows.touched()) {
            MemoryRow old = before.rows.get(key);
            MemoryRow row = after.rows.get(key);
            for (InstanceId instance : instances) {
                boolean isNew =
                        row != null
                                && row.synchronised().contains(instance)
                                && (old == null || !old.synchronised().contains(instance));
                if (isNew && !unsure.contains(instance) && !unsure.contains(InstanceId.CENTRAL)) {
                    MemoryState local = states.apply(instance);
                    var sent = new MemoryState.Sent(key, InstanceId.CENTRAL);
                    require(
                            local.rows.containsKey(key)
                                    || local.parked.containsKey(sent)
                                    || local.quarantined.containsKey(sent),
                            "a bit of " + instance + " that lies",
                            key);
                }
            }
        }
    }

    private void require(boolean holds, String what, RecordKey key) {
        if (!holds) {
            throw new InvariantBroken(what + " " + key, tail.get());
        }
    }
}
