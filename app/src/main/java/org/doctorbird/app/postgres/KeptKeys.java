package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.RecordKey;

/// The places of kept records in their list, what each of them points to there, and the statements
/// that go by them.
final class KeptKeys {

    private static final String SOURCE =
            """
            unnest(?::text[], ?::uuid[], ?::smallint[], ?::bigint[], ?::bigint[])
              k(model, uid, instance, revision, etag)\
            """;

    private final Statements statements;
    private final List<KeptRecord> records;

    KeptKeys(Statements statements, Collection<KeptRecord> records) {
        this.statements = statements;
        this.records = List.copyOf(records);
    }

    /// Where a record is kept: once for each sender.
    record Place(RecordKey key, InstanceId from) {

        static Place of(KeptRecord record) {
            return new Place(record.key(), record.from());
        }

        /// Reads model, uid and instance.
        static Place read(ResultSet row) throws SQLException {
            return new Place(
                    new RecordKey(row.getString(1), row.getObject(2, UUID.class)),
                    new InstanceId(row.getInt(3)));
        }
    }

    /// Returns those whose places are named.
    KeptKeys only(Collection<Place> places) {
        Set<Place> chosen = new HashSet<>(places);
        return new KeptKeys(
                statements,
                records.stream().filter(record -> chosen.contains(Place.of(record))).toList());
    }

    /// Deletes all rows of a table that have these places.
    void delete(String table) throws SQLException {
        run("delete from doctorbird." + table + " l using ", "");
    }

    /// Deletes rows of a list that have these places, unless they are later versions.
    void deleteUnlessLater(String list) throws SQLException {
        run(
                "delete from doctorbird." + list + " l using ",
                " and l.revision <= k.revision and coalesce(%s <= k.etag, true)"
                        .formatted(Times.toMicros("l.etag")));
    }

    /// Sets columns of the rows of a list that have these places.
    void update(String list, String settings) throws SQLException {
        run("update doctorbird." + list + " l set " + settings + " from ", "");
    }

    private void run(String head, String condition) throws SQLException {
        if (records.isEmpty()) {
            return;
        }
        statements.update(
                head
                        + SOURCE
                        + " where l.model = k.model and l.uid = k.uid and l.instance = k.instance"
                        + condition,
                models(records),
                uids(records),
                instances(records),
                records.stream().mapToLong(KeptRecord::revision).toArray(),
                records.stream().map(record -> micros(record.etag())).toArray(String[]::new));
    }

    private static @org.jspecify.annotations.Nullable String micros(Optional<ETag> etag) {
        return etag.map(some -> Long.toString(some.micros())).orElse(null);
    }

    /// Notes anew in a table what each record points to.
    void point(String table) throws SQLException {
        delete(table);
        var pointing = new ArrayList<KeptRecord>();
        var targets = new ArrayList<RecordKey>();
        for (KeptRecord record : records) {
            for (RecordKey target : Set.copyOf(record.waitsFor())) {
                pointing.add(record);
                targets.add(target);
            }
        }
        if (targets.isEmpty()) {
            return;
        }
        statements.update(
                """
                insert into doctorbird.%s (model, uid, instance, target_model, target_uid)
                select * from unnest(?::text[], ?::uuid[], ?::smallint[], ?::text[], ?::uuid[])
                """
                        .formatted(table),
                models(pointing),
                uids(pointing),
                instances(pointing),
                targets.stream().map(RecordKey::model).toArray(String[]::new),
                targets.stream().map(RecordKey::uid).toArray(UUID[]::new));
    }

    private static String[] models(List<KeptRecord> records) {
        return records.stream().map(record -> record.key().model()).toArray(String[]::new);
    }

    private static UUID[] uids(List<KeptRecord> records) {
        return records.stream().map(KeptRecord::uid).toArray(UUID[]::new);
    }

    private static int[] instances(List<KeptRecord> records) {
        return records.stream().mapToInt(record -> record.from().number()).toArray();
    }
}
