package org.doctorbird.simulation;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.KeptConflict;
import org.doctorbird.exchange.Resolution;
import org.doctorbird.record.Fields;

/// The person who settles conflicts in the simulated world, by chance.
final class WorldDesk {

    private final CentralExchange central;
    private final RandomGenerator random;

    WorldDesk(CentralExchange central, RandomGenerator random) {
        this.central = central;
        this.random = random;
    }

    /// Settles one of the conflicts, or takes a resolution back.
    ///
    /// @return what was done, for the trace
    String settleOne(List<KeptConflict> conflicts) {
        if (conflicts.isEmpty()) {
            return "no conflict to settle";
        }
        KeptConflict chosen = conflicts.get(random.nextInt(conflicts.size()));
        String what = "conflict of " + chosen.dispute();
        try {
            if (chosen.resolution().isPresent()) {
                return what + " reopened " + central.reopen(chosen.number());
            }
            Resolution resolution = any(chosen);
            return what
                    + " settled as "
                    + resolution
                    + central.resolve(chosen.number(), resolution);
        } catch (SyncException | MemoryDatabase.Broken e) {
            return what + " not settled: " + e.getMessage();
        }
    }

    private Resolution any(KeptConflict chosen) {
        Set<String> open = chosen.dispute().open();
        return switch (random.nextInt(3)) {
            case 0 -> new Resolution.TakeCentral();
            case 1 -> new Resolution.TakeSatellite();
            default ->
                    new Resolution.SetFields(
                            open.isEmpty() ? Set.of() : Set.of(open.iterator().next()),
                            Fields.NONE);
        };
    }
}
