package org.doctorbird.app;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/// Gives the heap room while a program has much to do, and gives memory back to the system when it
/// has little: the serial collector sizes the heap, the young generation too, only at a full
/// collection, to which a program comes rarely by itself.
///
/// Not for several threads.
public final class HeapRoom {

    /// How long between two calls of [#isTimeToChange].
    static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// Who uses less of one processor has little to do.
    private static final double IDLE_SHARE = 0.2;

    /// Who uses more of one processor has much to do.
    private static final double BUSY_SHARE = 0.5;

    /// A program rests when it had little to do so many times.
    private static final int LOOKS_IDLE = 5;

    /// Heap that is worth a collection at rest: what has been added since the last one.
    private static final long WORTH_BYTES = 8L * 1024 * 1024;

    private static final String MIN = "MinHeapFreeRatio";
    private static final String MAX = "MaxHeapFreeRatio";

    private Size size = Size.SMALL;
    private int looksIdle;
    private long cpuNanos;
    private long restingBytes;

    /// How much of the heap is to be free after a full collection, percent.
    private enum Size {
        SMALL("10", "20"),
        LARGE("90", "95");

        private final String min;
        private final String max;

        Size(String min, String max) {
            this.min = min;
            this.max = max;
        }

        /// A virtual machine of another make has no such settings, and sizes its heap as it likes.
        private void apply() {
            var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            if (machine == null) {
                return;
            }
            // Each must fit to the other at any time.
            List<String> order = this == SMALL ? List.of(MIN, MAX) : List.of(MAX, MIN);
            for (String option : order) {
                machine.setVMOption(option, option.equals(MIN) ? min : max);
            }
        }
    }

    /// Looks after it besides the calling thread, until the program ends.
    public static void start() {
        var _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("heap-room")
                        .start(() -> {
                            try {
                                new HeapRoom().lookAfter();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    /// Looks after it for ever.
    public void lookAfter() throws InterruptedException {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        while (true) {
            Thread.sleep(LOOK_EVERY);
            if (isTimeToChange(system.getProcessCpuTime(), Runtime.getRuntime().totalMemory())) {
                size.apply();
                System.gc();
                collected(system.getProcessCpuTime(), Runtime.getRuntime().totalMemory());
            }
        }
    }

    /// Says whether to collect, because there is more to do now or less.
    ///
    /// @param cpuNanosNow processor time of the process since its start; once every [#LOOK_EVERY]
    /// @param heapBytes that the process has from the system
    boolean isTimeToChange(long cpuNanosNow, long heapBytes) {
        double share = (double) (cpuNanosNow - cpuNanos) / LOOK_EVERY.toNanos();
        cpuNanos = cpuNanosNow;
        looksIdle = share < IDLE_SHARE ? looksIdle + 1 : 0;
        if (share > BUSY_SHARE && size == Size.SMALL) {
            size = Size.LARGE;
            return true;
        }
        if (looksIdle < LOOKS_IDLE) {
            return false;
        }
        looksIdle = 0;
        boolean hasGrown = size == Size.LARGE || heapBytes - restingBytes > WORTH_BYTES;
        size = Size.SMALL;
        return hasGrown;
    }

    /// Notes what a collection has left.
    void collected(long cpuNanosNow, long heapBytes) {
        cpuNanos = cpuNanosNow;
        restingBytes = heapBytes;
    }
}
