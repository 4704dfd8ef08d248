package org.doctorbird.exchange;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.doctorbird.comparison.Difference;
import org.doctorbird.comparison.Difference.Kind;
import org.doctorbird.record.Uids;

/// How one model compares.
///
/// @param model the model
/// @param records how many the satellite holds in versions of central's
/// @param counts the differing records by kind; kinds without any are not in it
/// @param damage the records that are damaged, in order of uid, [#DAMAGE_MAX] at most; rows without
///   a companion have no uid and are not in it
public record Comparison(
        String model, long records, Map<Kind, Long> counts, List<Difference> damage) {

    /// Damaged records that are named.
    public static final int DAMAGE_MAX = 10_000;

    public Comparison {
        counts = Map.copyOf(counts);
        damage = damage.stream().sorted(Comparator.comparing(Difference::uid, Uids.ORDER)).toList();
    }

    /// Returns how many records are damaged, named or not.
    public long damaged() {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().isDamage())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /// Returns what is still so in a later look: of the damage that is named here only that which
    /// is named there too.
    Comparison confirmedBy(Comparison later) {
        if (damage.size() == DAMAGE_MAX || later.damage.size() == DAMAGE_MAX) {
            return later;
        }
        Map<UUID, Kind> before = new HashMap<>();
        damage.forEach(difference -> before.put(difference.uid(), difference.kind()));
        List<Difference> confirmed =
                later.damage.stream().filter(now -> before.get(now.uid()) == now.kind()).toList();
        var sums = new EnumMap<Kind, Long>(Kind.class);
        later.counts.forEach((kind, count) -> {
            if (!kind.isDamage() || kind == Kind.UNCAPTURED) {
                sums.put(kind, count);
            }
        });
        confirmed.forEach(difference -> sums.merge(difference.kind(), 1L, Long::sum));
        return new Comparison(model, later.records, sums, confirmed);
    }
}
