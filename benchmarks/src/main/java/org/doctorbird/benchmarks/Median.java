package org.doctorbird.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/// What lies in the middle.
final class Median {

    private Median() {}

    /// Returns the median of one property of some things, of which there is at least one.
    static <T> double of(Collection<T> things, ToDoubleFunction<T> property) {
        return percentile(things.stream().mapToDouble(property).toArray(), 50);
    }

    /// Returns the value below or at which so many of a hundred values lie.
    ///
    /// @param values at least one
    static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        if (percent == 50 && sorted.length % 2 == 0) {
            return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
        }
        int place = (int) Math.ceil(percent / 100.0 * sorted.length) - 1;
        return sorted[Math.clamp(place, 0, sorted.length - 1)];
    }
}
