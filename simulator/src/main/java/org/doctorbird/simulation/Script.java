package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/// The chance of a small world: what was drawn in each of its events is kept, so that the world can
/// be repeated without some of the events and faults, and the others stay as they were.
final class Script implements RandomGenerator {

    private final long seed;
    private final RandomGenerator source;
    private final @Nullable Script recorded;
    private final Predicate<String> kept;
    private final List<List<Long>> drawn = new ArrayList<>();
    private final List<String> happened = new ArrayList<>();
    private SplittableRandom beyond = new SplittableRandom(0);
    private int faults;

    Script(long seed) {
        this(seed, null, _ -> true);
    }

    private Script(long seed, @Nullable Script recorded, Predicate<String> kept) {
        this.seed = seed;
        this.source = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.recorded = recorded;
        this.kept = kept;
        this.drawn.add(new ArrayList<>());
    }

    /// Returns the same chance for a world in which only some events and faults happen.
    Script with(Predicate<String> some) {
        return new Script(seed, this, some);
    }

    long seed() {
        return seed;
    }

    /// Returns the names of the events and faults that happened, in order.
    List<String> happened() {
        return happened;
    }

    /// Begins the next event.
    ///
    /// @return false if it is left out
    boolean beginsEvent() {
        drawn.add(new ArrayList<>());
        beyond = new SplittableRandom(seed ^ (drawn.size() * 0x9E3779B97F4A7C15L));
        faults = 0;
        return isKept("event " + drawn.size());
    }

    /// Draws whether a fault happens.
    boolean happens(int perMille) {
        boolean isDrawn = nextInt(1_000) < perMille;
        faults++;
        return isDrawn && isKept("fault " + drawn.size() + "/" + faults);
    }

    private boolean isKept(String name) {
        boolean isKept = kept.test(name);
        if (isKept) {
            happened.add(name);
        }
        return isKept;
    }

    @Override
    public long nextLong() {
        List<Long> event = drawn.getLast();
        long next;
        if (recorded == null) {
            next = source.nextLong();
        } else {
            int number = drawn.size() - 1;
            List<Long> before =
                    number < recorded.drawn.size() ? recorded.drawn.get(number) : List.of();
            next = event.size() < before.size() ? before.get(event.size()) : beyond.nextLong();
        }
        event.add(next);
        return next;
    }
}
