package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.KeptConflict;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.record.ETag;
import org.doctorbird.simulation.MemoryState.Sent;

/// The conflict list, with the indexes that a real one has: by what was pushed, and those that are
/// open.
final class Disputes {

    private final SharedMap<Long, KeptConflict> all;
    private final SharedMap<Sent, List<Long>> bySent;
    private final SharedMap<Long, KeptConflict> open;

    Disputes() {
        this.all = new SharedMap<>();
        this.bySent = new SharedMap<>();
        this.open = new SharedMap<>();
    }

    Disputes(Disputes other) {
        this.all = new SharedMap<>(other.all);
        this.bySent = new SharedMap<>(other.bySent);
        this.open = new SharedMap<>(other.open);
    }

    /// Adds an entry with the next number.
    ///
    /// @param resolution empty if it is open
    void add(Dispute dispute, Optional<String> resolution) {
        var added = new KeptConflict(all.size() + 1L, dispute, resolution, Optional.empty());
        put(added);
        List<Long> numbers = new ArrayList<>(bySent.getOrDefault(sent(added), List.of()));
        numbers.add(added.number());
        bySent.put(sent(added), List.copyOf(numbers));
    }

    private void put(KeptConflict conflict) {
        all.put(conflict.number(), conflict);
        if (conflict.resolution().isEmpty()) {
            open.put(conflict.number(), conflict);
        } else {
            open.remove(conflict.number());
        }
    }

    private static Sent sent(KeptConflict conflict) {
        KeptRecord record = conflict.dispute().record();
        return new Sent(record.key(), record.from());
    }

    /// Ends an entry, or opens it again.
    ///
    /// @param resolution empty to open it
    void resolve(long number, Optional<String> resolution, Optional<ETag> resolvedBy) {
        find(number)
                .ifPresent(some ->
                        put(new KeptConflict(number, some.dispute(), resolution, resolvedBy)));
    }

    Optional<KeptConflict> find(long number) {
        return Optional.ofNullable(all.get(number));
    }

    /// Returns the entries of one record that one instance pushed, in order.
    List<KeptConflict> of(Sent sent) {
        return bySent.getOrDefault(sent, List.of()).stream()
                .map(number -> Objects.requireNonNull(all.get(number)))
                .toList();
    }

    /// Returns the open entries in order.
    Collection<KeptConflict> open() {
        return open.values();
    }

    /// Returns all entries in order.
    List<KeptConflict> all() {
        return List.copyOf(all.values());
    }

    int size() {
        return all.size();
    }
}
