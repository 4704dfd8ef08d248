package org.doctorbird.demo;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.satellite.InstalledSatellite;
import org.doctorbird.plan.Mode;

/// Counts and digests of all instances, as the command `digest` tells them.
///
/// @param byInstance per instance's name and model
record Digests(Map<String, Map<String, Digest>> byInstance) {

    /// @param records how many
    /// @param digest equal on two instances exactly when they hold equal records
    record Digest(long records, String digest) {}

    /// Looks into every instance's database. Models of mode `none` are left out: each instance has
    /// its own.
    static Digests of(Stage stage) {
        var all = new LinkedHashMap<String, Map<String, Digest>>();
        for (DemoInstance instance : stage.instances()) {
            List<SyncedTable> tables =
                    instance.equals(stage.central())
                            ? InstalledCentral.load(instance.database()).tables()
                            : InstalledSatellite.load(instance.database(), Set.of()).tables();
            all.put(
                    instance.name(),
                    digests(new PostgresStatus(instance.database(), tables), tables));
        }
        return new Digests(all);
    }

    private static Map<String, Digest> digests(PostgresStatus status, List<SyncedTable> tables) {
        Map<String, Long> counts = new HashMap<>();
        status.models().forEach(model -> counts.put(model.model(), model.records()));
        var digests = new LinkedHashMap<String, Digest>();
        for (SyncedTable table : tables) {
            if (table.plan().mode() != Mode.NONE) {
                String model = table.model();
                String digest = status.digest(table.shape());
                digests.put(
                        model,
                        new Digest(
                                Objects.requireNonNull(counts.get(model)),
                                digest.substring(digest.indexOf('/') + 1)));
            }
        }
        return digests;
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
