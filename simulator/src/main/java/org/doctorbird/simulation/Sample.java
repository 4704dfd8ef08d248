package org.doctorbird.simulation;

import java.util.Arrays;

/// Numbers, and how they are spread.
final class Sample {

    private long[] numbers = new long[16];
    private int size;
    private boolean isSorted;

    void add(long number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        numbers[size++] = number;
        isSorted = false;
    }

    /// Returns what of the numbers lies below.
    Spread spread() {
        return new Spread(size, at(0.50), at(0.95), at(0.99), at(1));
    }

    private long at(double share) {
        if (size == 0) {
            return 0;
        }
        if (!isSorted) {
            Arrays.sort(numbers, 0, size);
            isSorted = true;
        }
        return numbers[Math.max(0, (int) Math.ceil(share * size) - 1)];
    }
}
