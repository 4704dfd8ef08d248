package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Runs several ways of doing the same work in turn, so that whatever else the machine does meets
/// all of them.
///
/// @param costs by way, in the order of the rounds
record Rounds(Map<String, List<Cost>> costs) {

    /// Runs each way once to warm up, if the size asks for it, and then the rounds, every other one
    /// in reverse order.
    static Rounds run(Bench bench, String name, List<Way> ways)
            throws IOException, SQLException, InterruptedException {
        return run(bench, name, ways, 1);
    }

    /// Does the same with more to warm up.
    ///
    /// @param warmUps how many times each way is run before the rounds, if the size asks for it
    static Rounds run(Bench bench, String name, List<Way> ways, int warmUps)
            throws IOException, SQLException, InterruptedException {
        var costs = new LinkedHashMap<String, List<Cost>>();
        for (Way way : ways) {
            costs.put(way.name(), new ArrayList<>());
        }
        int first = 1 - warmUps * bench.size().warmUps();
        for (int round = first; round <= bench.rounds(); round++) {
            for (Way way : round % 2 == 0 ? ways : ways.reversed()) {
                Cost cost = way.run().once();
                bench.progress()
                        .say(
                                "%s, %s: %s %.3f s"
                                        .formatted(
                                                name,
                                                round > 0 ? "round " + round : "warm-up",
                                                way.name(),
                                                cost.seconds()));
                if (round > 0) {
                    Objects.requireNonNull(costs.get(way.name())).add(cost);
                }
            }
        }
        return new Rounds(costs);
    }

    /// Returns the medians of one way.
    Cost median(String way) {
        List<Cost> all = Objects.requireNonNull(costs.get(way));
        return new Cost(
                Median.of(all, Cost::seconds),
                Median.of(all, Cost::cpuSeconds),
                Median.of(all, Cost::ownCpuSeconds),
                (long) Median.of(all, Cost::bytes),
                (long) Median.of(all, Cost::requests),
                (long) Median.of(all, Cost::heapBytes));
    }

    /// Returns the shortest and the longest time of one way in seconds.
    String range(String way) {
        var seconds =
                Objects.requireNonNull(costs.get(way)).stream()
                        .mapToDouble(Cost::seconds)
                        .summaryStatistics();
        return Text.seconds(seconds.getMin()) + " – " + Text.seconds(seconds.getMax());
    }

    /// Returns a table with a line a way.
    Table table() {
        var table =
                new Table(
                        "",
                        "seconds, median",
                        "min – max",
                        "times the floor",
                        "MB on the line",
                        "requests",
                        "CPU seconds",
                        "of which Java's",
                        "peak heap MB");
        for (String way : costs.keySet()) {
            Cost cost = median(way);
            boolean isOurs = way.startsWith(Way.DOCTORBIRD);
            table.add(
                    way,
                    Text.seconds(cost.seconds()),
                    range(way),
                    costs.containsKey(Way.COPY)
                            ? Text.ratio(cost.seconds() / median(Way.COPY).seconds())
                            : "",
                    Text.megabytes(cost.bytes()),
                    isOurs ? Long.toString(cost.requests()) : "",
                    Text.ratio(cost.cpuSeconds()),
                    Text.ratio(cost.ownCpuSeconds()),
                    isOurs ? Text.megabytes(cost.heapBytes()) : "");
        }
        return table;
    }

    /// Returns the figures of Doctorbird's way, and the seconds of the others beside them.
    Map<String, Object> figures() {
        var figures = new LinkedHashMap<String, Object>();
        Cost ours = median(Way.DOCTORBIRD);
        if (costs.containsKey(Way.COPY)) {
            figures.put("ratio", Text.rounded(ours.seconds() / median(Way.COPY).seconds()));
        }
        figures.put("seconds", Text.rounded(ours.seconds()));
        figures.put("bytes", ours.bytes());
        figures.put("requests", ours.requests());
        figures.put("cpu_seconds", Text.rounded(ours.cpuSeconds()));
        figures.put("java_cpu_seconds", Text.rounded(ours.ownCpuSeconds()));
        figures.put("peak_heap_mb", Text.rounded(ours.heapBytes() / 1e6));
        if (costs.containsKey(Way.COPY)) {
            figures.put("copy_seconds", Text.rounded(median(Way.COPY).seconds()));
            figures.put("copy_cpu_seconds", Text.rounded(median(Way.COPY).cpuSeconds()));
            figures.put("copy_bytes", median(Way.COPY).bytes());
        }
        if (costs.containsKey(Way.REPLICATION)) {
            figures.put("replication_seconds", Text.rounded(median(Way.REPLICATION).seconds()));
        }
        return figures;
    }
}
