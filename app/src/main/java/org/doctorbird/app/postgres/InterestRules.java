package org.doctorbird.app.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.plan.InterestGraph.Edge;
import org.doctorbird.plan.Mode;

/// What the plan says of interest, in short texts that [EngineMeta] keeps.
final class InterestRules {

    /// The rules in force; who computes by others is behind.
    static final String FINGERPRINT = "interest_rules";

    /// Who gets the models in force.
    static final String REACHES = "interest_models";

    private InterestRules() {}

    /// Whom a model's records go to.
    enum Reach {
        EVERYBODY,
        RESTRICTED
    }

    /// Returns a text that is another one whenever a record's sets may come out different.
    static String fingerprint(Collection<SyncedTable> tables, InterestGraph graph) {
        var text = new StringBuilder();
        List<SyncedTable> ordered =
                tables.stream().sorted(Comparator.comparing(SyncedTable::model)).toList();
        for (SyncedTable table : ordered) {
            String model = table.model();
            text.append(model).append('\0').append(graph.isRestricted(model)).append('\0');
            table.plan().rules().interest().condition().ifPresent(text::append);
            for (List<Edge> edges :
                    List.of(
                            graph.followedBy(model),
                            graph.broughtBy(model),
                            graph.alongWith(model))) {
                edges.forEach(edge ->
                        text.append('\0').append(edge.field()).append('>').append(edge.target()));
                text.append('\n');
            }
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Returns whom the models that move go to.
    static Map<String, Reach> reaches(TablesByModel tables) {
        var reaches = new LinkedHashMap<String, Reach>();
        for (SyncedTable table : tables.all()) {
            if (table.plan().mode() != Mode.NONE) {
                boolean isRestricted = tables.graph().isRestricted(table.model());
                reaches.put(table.model(), isRestricted ? Reach.RESTRICTED : Reach.EVERYBODY);
            }
        }
        return reaches;
    }

    /// Writes them down.
    static String text(Map<String, Reach> reaches) {
        return reaches.entrySet().stream()
                .map(model -> model.getValue() + " " + model.getKey())
                .collect(Collectors.joining("\n"));
    }

    /// Reads what [#text] wrote.
    static Map<String, Reach> parse(String text) {
        var reaches = new LinkedHashMap<String, Reach>();
        text.lines()
                .forEach(line -> {
                    int end = line.indexOf(' ');
                    reaches.put(line.substring(end + 1), Reach.valueOf(line.substring(0, end)));
                });
        return reaches;
    }
}
