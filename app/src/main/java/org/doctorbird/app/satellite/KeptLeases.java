package org.doctorbird.app.satellite;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.doctorbird.exchange.Lease;

/// Takes each piece of work over once, and again only after somebody else has. For one thread.
final class KeptLeases implements Function<String, Lease> {

    private final Function<String, Lease> leases;
    private final Map<String, Lease> kept = new HashMap<>();

    KeptLeases(Function<String, Lease> leases) {
        this.leases = leases;
    }

    @Override
    public Lease apply(String work) {
        return kept.computeIfAbsent(work, leases);
    }

    /// Forgets all: one of them has passed to somebody else.
    void forget() {
        kept.clear();
    }
}
