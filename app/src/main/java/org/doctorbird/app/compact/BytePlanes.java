package org.doctorbird.app.compact;

import java.util.OptionalLong;

/// Numbers of 64 bits in as few bytes each as the largest needs: first the lowest byte of each
/// number, then the next byte of each, and so on. Bytes that are alike lie together, so that they
/// compress well. All arithmetic wraps around.
final class BytePlanes {

    private static final int WIDTH_MAX = 8;

    private final long base;
    private final OptionalLong step;
    private final byte[] bytes;

    /// @param base added to each number; with a step, what the first number follows
    /// @param step empty: the numbers themselves; else each is a difference to the one before, less
    ///   the step
    /// @param bytes the planes, each as long as the numbers are many
    BytePlanes(long base, OptionalLong step, byte[] bytes) {
        this.base = base;
        this.step = step;
        this.bytes = bytes;
    }

    long base() {
        return base;
    }

    OptionalLong step() {
        return step;
    }

    byte[] bytes() {
        return bytes;
    }

    /// Takes differences where they need fewer bytes.
    static BytePlanes of(long[] numbers) {
        var differences = new long[numbers.length];
        for (int i = 1; i < numbers.length; i++) {
            differences[i] = numbers[i] - numbers[i - 1];
        }
        long base = least(numbers, 0);
        long step = least(differences, 1);
        int width = width(numbers, 0, base);
        if (width(differences, 1, step) < width) {
            differences[0] = step;
            return new BytePlanes(
                    numbers[0] - step,
                    OptionalLong.of(step),
                    planes(differences, step, width(differences, 1, step)));
        }
        return new BytePlanes(base, OptionalLong.empty(), planes(numbers, base, width));
    }

    private static long least(long[] numbers, int from) {
        long least = numbers.length > from ? numbers[from] : 0;
        for (int i = from; i < numbers.length; i++) {
            least = Math.min(least, numbers[i]);
        }
        return least;
    }

    private static int width(long[] numbers, int from, long base) {
        long bits = 0;
        for (int i = from; i < numbers.length; i++) {
            bits |= numbers[i] - base;
        }
        return (Long.SIZE - Long.numberOfLeadingZeros(bits) + 7) / 8;
    }

    private static byte[] planes(long[] numbers, long base, int width) {
        var bytes = new byte[width * numbers.length];
        for (int plane = 0; plane < width; plane++) {
            for (int i = 0; i < numbers.length; i++) {
                bytes[plane * numbers.length + i] = (byte) ((numbers[i] - base) >>> (8 * plane));
            }
        }
        return bytes;
    }

    /// Returns the numbers.
    ///
    /// @param count how many
    /// @throws IllegalArgumentException if the bytes are not so many times 0 to 8
    long[] numbers(int count) {
        int width = count == 0 ? 0 : bytes.length / count;
        if (width > WIDTH_MAX || width * count != bytes.length) {
            throw new IllegalArgumentException(bytes.length + " bytes for " + count + " numbers");
        }
        var numbers = new long[count];
        for (int plane = 0; plane < width; plane++) {
            for (int i = 0; i < count; i++) {
                numbers[i] |= (bytes[plane * count + i] & 0xFFL) << (8 * plane);
            }
        }
        long last = base;
        for (int i = 0; i < count; i++) {
            last = step.isPresent() ? last + step.getAsLong() + numbers[i] : base + numbers[i];
            numbers[i] = last;
        }
        return numbers;
    }
}
