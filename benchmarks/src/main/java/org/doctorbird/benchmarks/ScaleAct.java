package org.doctorbird.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// What was seen while many satellites exchanged under the same circumstances. Many threads add to
/// it.
final class ScaleAct {

    private final String title;
    private final Collection<Double> cycles = new ConcurrentLinkedQueue<>();
    private final Collection<Double> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong heavyRecords = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private double seconds;
    private long residentBytes;
    private long heapBytes;

    /// @param title what is special about it, for people
    ScaleAct(String title) {
        this.title = title;
    }

    /// A cycle has ended that began in this act.
    void cycleDone(long nanos, int pushed) {
        cycles.add(nanos / 1e6);
        records.addAndGet(pushed);
    }

    /// A satellite has got what central's application had written so long ago.
    void arrived(long nanos) {
        arrivals.add(nanos / 1e9);
    }

    /// The heavy satellite's push was answered.
    void heavyPushed(int count) {
        heavyRecords.addAndGet(count);
    }

    /// Central did not answer, or told somebody to come again.
    void refused() {
        refusals.incrementAndGet();
    }

    /// Notes how the act has ended.
    void end(Duration length, Program central) throws IOException, InterruptedException {
        seconds = length.toNanos() / 1e9;
        residentBytes = central.residentBytes();
        heapBytes = central.heapBytes();
    }

    long records() {
        return records.get();
    }

    double seconds() {
        return seconds;
    }

    double cycleMilliseconds(int percent) {
        return percentile(cycles, percent);
    }

    double lagSeconds(int percent) {
        return percentile(arrivals, percent);
    }

    double residentMegabytes() {
        return residentBytes / 1e6;
    }

    double heapMegabytes() {
        return heapBytes / 1e6;
    }

    private static double percentile(Collection<Double> values, int percent) {
        double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
        return all.length == 0 ? 0 : Median.percentile(all, percent);
    }

    static Table table() {
        return new Table(
                "",
                "cycles a second",
                "records a second",
                "of the heavy one",
                "cycle p50 ms",
                "cycle p99 ms",
                "lag p50 s",
                "lag p99 s",
                "told to come again",
                "resident MB",
                "heap MB");
    }

    void addTo(Table table) {
        table.add(
                title,
                Text.number(cycles.size() / seconds, 1),
                Text.number(records.get() / seconds, 0),
                Text.number(heavyRecords.get() / seconds, 0),
                Text.milliseconds(cycleMilliseconds(50)),
                Text.milliseconds(cycleMilliseconds(99)),
                Text.seconds(lagSeconds(50)),
                Text.seconds(lagSeconds(99)),
                Long.toString(refusals.get()),
                Text.megabytes(residentBytes),
                Text.megabytes(heapBytes));
    }
}
