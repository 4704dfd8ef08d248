package org.doctorbird.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Things that are drawn with unequal chances. Filled by one thread, then only read.
final class Weighted<T> {

    private final List<T> things = new ArrayList<>();
    private final List<Integer> upTo = new ArrayList<>();
    private int sum;

    /// @param weight 1 or more; the chance is this weight divided by the sum of all
    Weighted<T> add(T thing, int weight) {
        if (weight < 1) {
            throw new IllegalArgumentException("weight must be 1 or more: " + weight);
        }
        sum += weight;
        things.add(thing);
        upTo.add(sum);
        return this;
    }

    /// @throws IllegalArgumentException if nothing was added
    T pick(RandomGenerator random) {
        int at = random.nextInt(sum);
        int index = 0;
        while (upTo.get(index) <= at) {
            index++;
        }
        return things.get(index);
    }
}
