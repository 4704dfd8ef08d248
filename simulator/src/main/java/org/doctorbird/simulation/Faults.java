package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/// Decides by chance what goes wrong and what people do. What is decided depends on the seed and on
/// the name of the occasion, not on what happened before: so a run can be repeated without some of
/// it.
final class Faults {

    private final long seed;
    private final Predicate<String> allowed;
    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
    private final List<String> happened = new ArrayList<>();

    /// @param allowed by name; whatever is not stays away
    Faults(long seed, Predicate<String> allowed) {
        this.seed = seed;
        this.allowed = allowed;
    }

    /// Returns the chance of one occasion.
    SplittableRandom chance(String kind, long one, long two) {
        long mixed = mix(seed) ^ kind.hashCode();
        return new SplittableRandom(mix(mix(mixed ^ one) ^ two));
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /// Says whether something happens that chance has chosen, and notes it.
    ///
    /// @param name of the occasion
    boolean happens(String name) {
        if (!allowed.test(name)) {
            return false;
        }
        happened.add(name);
        return true;
    }

    /// Says whether a fault happens that chance has chosen, and counts it.
    boolean happens(Fault fault, String name) {
        if (!happens(fault + " " + name)) {
            return false;
        }
        count(fault);
        return true;
    }

    void count(Fault fault) {
        counts.merge(fault, 1L, Long::sum);
    }

    Map<Fault, Long> counts() {
        return counts;
    }

    /// Returns the names of all that has happened, in order.
    List<String> happened() {
        return happened;
    }
}
