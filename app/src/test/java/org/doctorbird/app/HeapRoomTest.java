package org.doctorbird.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HeapRoomTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MB = 1024L * 1024;

    private final HeapRoom room = new HeapRoom();
    private long cpuNanos;

    /// What a program did in the last second, as a share of one processor, and its heap.
    private boolean isTimeToChange(double share, long heapBytes) {
        cpuNanos += (long) (share * SECOND);
        return room.isTimeToChange(cpuNanos, heapBytes);
    }

    private boolean isTimeAfterRest(long heapBytes) {
        for (int i = 0; i < 4; i++) {
            assertThat(isTimeToChange(0.1, heapBytes)).as("rests only a little").isFalse();
        }
        return isTimeToChange(0.1, heapBytes);
    }

    @Test
    void isGivenOnceWhenThereIsMuchToDoAndTakenBackOnceAtRest() {
        assertThat(isTimeToChange(0.4, 30 * MB)).as("a little to do").isFalse();
        assertThat(isTimeToChange(0.9, 30 * MB)).as("much to do").isTrue();
        assertThat(isTimeToChange(0.9, 300 * MB)).as("still much to do").isFalse();
        assertThat(isTimeAfterRest(300 * MB)).isTrue();
        room.collected(cpuNanos, 40 * MB);
        assertThat(isTimeAfterRest(40 * MB)).isFalse();
        assertThat(isTimeToChange(0.9, 40 * MB)).as("much to do again").isTrue();
    }

    @Test
    void aMomentOfWorkEndsTheRest() {
        assertThat(isTimeToChange(0.9, 30 * MB)).isTrue();
        assertThat(isTimeToChange(0.1, 300 * MB)).isFalse();
        assertThat(isTimeToChange(0.3, 300 * MB)).isFalse();
        assertThat(isTimeAfterRest(300 * MB)).isTrue();
    }

    @Test
    void isTakenBackAtRestWhenTheHeapHasGrownByMoreThanEightMegabytes() {
        room.collected(0, 40 * MB);
        assertThat(isTimeAfterRest(48 * MB)).isFalse();
        assertThat(isTimeAfterRest(49 * MB)).isTrue();
    }
}
