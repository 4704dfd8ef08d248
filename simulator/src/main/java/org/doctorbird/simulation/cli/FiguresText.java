package org.doctorbird.simulation.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.doctorbird.simulation.Figures;
import org.doctorbird.simulation.Spread;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Figures for people and for programs.
final class FiguresText {

    private FiguresText() {}

    static String json(Figures figures) {
        return JsonMapper.builder().build().writeValueAsString(figures);
    }

    static String text(Figures figures) {
        var text = new StringBuilder();
        Map<String, Object> values = figures.values();
        line(
                text,
                "%s clinics, %s days, profile %s over %s, seed %s: %,d records at central"
                        .formatted(
                                String.valueOf(values.get("satellites")),
                                String.valueOf(values.get("days")),
                                String.valueOf(values.get("profile")),
                                String.valueOf(values.get("line")),
                                String.valueOf(values.get("seed")),
                                figures.records()));
        line(text, "");
        line(text, "A clinic's day                         median         95 %          max");
        day(text, "  bytes up, compact", figures.bytes().get("up_compact"));
        day(text, "  bytes down, compact", figures.bytes().get("down_compact"));
        day(text, "  bytes up, XML-RPC", figures.bytes().get("up_xml"));
        day(text, "  bytes down, XML-RPC", figures.bytes().get("down_xml"));
        day(text, "  requests", figures.bytes().get("requests"));
        line(text, "");
        line(
                text,
                "How long until it is there              half      95 %      99 %       max    changes");
        lag(text, "  at central", figures.lags().get("to_central"));
        lag(text, "  at central, over outages", figures.lags().get("to_central_over_outages"));
        lag(text, "  at the clinics", figures.lags().get("to_clinic"));
        lag(text, "  at the clinics, over outages", figures.lags().get("to_clinic_over_outages"));
        line(text, "");
        rest(text, figures);
        return text.toString();
    }

    private static void rest(StringBuilder text, Figures figures) {
        var time = figures.firstLoad().get("ms");
        var bytes = figures.firstLoad().get("bytes");
        var records = figures.firstLoad().get("records");
        if (time != null && bytes != null && records != null) {
            line(
                    text,
                    "First load of a clinic: %s (at most %s) for %,d records in %,d bytes"
                            .formatted(
                                    duration(time.p50()),
                                    duration(time.max()),
                                    records.p50(),
                                    bytes.p50()));
        }
        Figures.Cycles cycles = figures.cycles();
        line(
                text,
                "Cycles: %,d with work or trouble, %,d idle; %,d requests after the first load"
                        .formatted(cycles.run(), cycles.idle(), cycles.requests()));
        line(
                text,
                "Conflicts: %,d; records in quarantine at the end: %,d"
                        .formatted(cycles.conflicts(), cycles.quarantined()));
        line(text, "Went wrong:");
        figures.faults()
                .forEach((fault, count) -> line(text, "  %,9d  %s".formatted(count, fault)));
        Figures.Checks checks = figures.checks();
        line(
                text,
                "Checked: %,d records on their way to a clinic, %,d records that a transaction had touched,"
                        .formatted(checks.answers(), checks.steps()));
        line(
                text,
                "  %,d times the whole region (every %d days and at the end), with %,d texts to be found in the end"
                        .formatted(checks.whole(), checks.everyDays(), checks.texts()));
        line(text, "Everything held.");
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    private static void day(StringBuilder text, String name, @Nullable Spread some) {
        Spread spread = Objects.requireNonNull(some, name);
        line(
                text,
                "%-30s %,14d %,12d %,12d"
                        .formatted(name, spread.p50(), spread.p95(), spread.max()));
    }

    private static void lag(StringBuilder text, String name, @Nullable Spread some) {
        Spread spread = Objects.requireNonNull(some, name);
        line(
                text,
                "%-34s %9s %9s %9s %9s %10s"
                        .formatted(
                                name,
                                duration(spread.p50()),
                                duration(spread.p95()),
                                duration(spread.p99()),
                                duration(spread.max()),
                                "%,d".formatted(spread.count())));
    }

    private static String duration(long millis) {
        double seconds = millis / 1_000.0;
        if (seconds < 120) {
            return "%.1f s".formatted(seconds);
        }
        if (seconds < 7_200) {
            return "%.0f min".formatted(seconds / 60);
        }
        return seconds < 172_800
                ? "%.1f h".formatted(seconds / 3_600)
                : String.format(Locale.ROOT, "%.1f days", seconds / 86_400);
    }
}
