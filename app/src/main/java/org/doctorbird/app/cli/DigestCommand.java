package org.doctorbird.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.postgres.SyncedTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `doctorbird digest`.
@Command(
        name = "digest",
        description =
                "Counts the records of each model and digests them: two instances that hold equal records have equal"
                        + " digests, whatever their local ids.")
final class DigestCommand implements Callable<Integer> {

    @Mixin private Common common = new Common();

    /// @param records that are here, those marked as deleted left out
    private record ModelDigest(String model, long records, String digest) {}

    @Override
    public Integer call() {
        List<ModelDigest> digests = new ArrayList<>();
        try (Look look = Look.open(common.settings())) {
            PostgresStatus status = look.status();
            Map<String, Long> counts = new java.util.HashMap<>();
            status.models().forEach(model -> counts.put(model.model(), model.records()));
            for (SyncedTable table : look.tables()) {
                digests.add(
                        new ModelDigest(
                                table.model(),
                                counts.getOrDefault(table.model(), 0L),
                                status.digest(table.shape())));
            }
        }
        digests.forEach(digest ->
                common.say(
                        "%-50s %,12d  %s"
                                .formatted(digest.model(), digest.records(), digest.digest())));
        common.print(Map.of("models", digests));
        return 0;
    }
}
