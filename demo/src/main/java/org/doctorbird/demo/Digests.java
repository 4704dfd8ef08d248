package org.doctorbird.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.satellite.InstalledSatellite;
import org.doctorbird.plan.Mode;
import org.doctorbird.record.ModelShape;

/// Counts and digests of all instances, as the command `digest` tells them.
///
/// @param byInstance per instance's name and model
/// @param expected per satellite's name and model: what central knows the satellite to hold
record Digests(
        Map<String, Map<String, Digest>> byInstance, Map<String, Map<String, Digest>> expected) {

    /// @param records how many
    /// @param digest equal on two instances exactly when they hold equal records
    record Digest(long records, String digest) {}

    /// Looks into every instance's database. Models of mode `none` are left out: each instance has
    /// its own.
    static Digests of(Stage stage) {
        var all = new LinkedHashMap<String, Map<String, Digest>>();
        List<SyncedTable> tables = InstalledCentral.load(stage.central().database()).tables();
        var central = new PostgresStatus(stage.central().database(), tables);
        all.put(stage.central().name(), digests(tables, central::digest));
        var expected = new LinkedHashMap<String, Map<String, Digest>>();
        for (PostgresStatus.Contact contact : central.contacts()) {
            expected.put(
                    contact.name(),
                    digests(tables, shape -> central.digest(shape, contact.instance())));
        }
        for (DemoInstance satellite : stage.satellites()) {
            List<SyncedTable> own =
                    InstalledSatellite.load(satellite.database(), Set.of()).tables();
            all.put(
                    satellite.name(),
                    digests(own, new PostgresStatus(satellite.database(), own)::digest));
        }
        return new Digests(all, expected);
    }

    private static Map<String, Digest> digests(
            List<SyncedTable> tables, Function<ModelShape, String> digest) {
        var digests = new TreeMap<String, Digest>();
        for (SyncedTable table : tables) {
            if (table.plan().mode() != Mode.NONE) {
                String[] parts = digest.apply(table.shape()).split("/", 2);
                digests.put(table.model(), new Digest(Long.parseLong(parts[0]), parts[1]));
            }
        }
        return digests;
    }

    /// Says whether every satellite holds, record by record and value by value, what central knows
    /// it to hold, and that is everything but what was deleted.
    boolean agree() {
        return expected.entrySet().stream()
                .allMatch(entry -> entry.getValue().equals(byInstance.get(entry.getKey())));
    }

    /// Says whether all instances, central too, hold equal records.
    boolean areEqual() {
        return byInstance.values().stream().distinct().count() == 1;
    }

    /// Says whether central holds at least so many records.
    boolean isComplete(long records) {
        return records("central") >= records;
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
