package org.doctorbird.demo;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Counts and digests of all instances, as the command `digest` tells them.
///
/// @param byInstance per instance's name and model
record Digests(Map<String, Map<String, Digest>> byInstance) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// @param records how many
    /// @param digest equal on two instances exactly when they hold equal records
    record Digest(long records, String digest) {}

    /// Asks every instance.
    static Digests of(Stage stage) throws IOException, InterruptedException {
        var all = new LinkedHashMap<String, Map<String, Digest>>();
        for (DemoInstance instance : stage.instances()) {
            String answer = stage.programs().run(instance.settings(), "digest", "--json").output();
            var models = new LinkedHashMap<String, Digest>();
            for (JsonNode model : JSON.readTree(answer).get("models")) {
                models.put(
                        model.get("model").asString(),
                        new Digest(model.get("records").asLong(), model.get("digest").asString()));
            }
            all.put(instance.name(), models);
        }
        return new Digests(all);
    }

    /// Says whether every instance holds equal records.
    boolean agree() {
        return byInstance.values().stream().distinct().count() == 1;
    }

    /// Records of one instance in all models.
    long records(String instance) {
        return Objects.requireNonNull(byInstance.get(instance)).values().stream()
                .mapToLong(Digest::records)
                .sum();
    }

    /// Tells counts and digests, a line a model.
    void tell(Narrator narrator) {
        var line = new StringBuilder("%-42s".formatted("model"));
        byInstance.keySet().forEach(name -> line.append("%24s".formatted(name)));
        narrator.say(line.toString());
        var models = new TreeSet<String>();
        byInstance.values().forEach(digests -> models.addAll(digests.keySet()));
        for (String model : models) {
            var row = new StringBuilder("%-42s".formatted(model));
            for (Map<String, Digest> digests : byInstance.values()) {
                Digest digest = Objects.requireNonNull(digests.get(model));
                row.append(
                        "%12d  %-8s  "
                                .formatted(digest.records(), digest.digest().substring(0, 8)));
            }
            narrator.say(row.toString());
        }
    }
}
