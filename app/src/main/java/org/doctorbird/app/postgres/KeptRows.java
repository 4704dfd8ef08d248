package org.doctorbird.app.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.record.ETag;
import org.doctorbird.record.FieldNames;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// Kept records as parameters of one statement, and back from a result.
///
/// Fields are stored as one jsonb object of texts and nulls.
final class KeptRows {

    /// The rows of [#parameters] as a source named `k`: model, uid, instance, etag, base, revision,
    /// is_deleted, origin_user, n (from 1) and fields.
    static final String SOURCE =
            """
            (select u.model, u.uid, u.instance, %s as etag, %s as base, u.revision, u.is_deleted,
               u.origin_user, u.n, coalesce(v.fields, '{}'::jsonb) as fields
             from unnest(?::text[], ?::uuid[], ?::smallint[], ?::bigint[], ?::bigint[], ?::bigint[],
               ?::boolean[], ?::text[]) with ordinality
               u(model, uid, instance, etag, base, revision, is_deleted, origin_user, n)
             left join (select w.n, jsonb_object_agg(w.name, w.cell) as fields
               from unnest(?::bigint[], ?::text[], ?::text[]) w(n, name, cell) group by w.n) v
               on v.n = u.n) k\
            """
                    .formatted(Times.fromMicros("u.etag"), Times.fromMicros("u.base"));

    /// Columns that [#read] understands, of a list `p` and its fields.
    static final String COLUMNS =
            """
            p.model, p.uid, p.instance, %s, %s, p.revision, p.is_deleted,
              (select array_agg(e.key) from jsonb_each_text(p.fields) e),
              (select array_agg(e.value) from jsonb_each_text(p.fields) e), p.origin_user\
            """
                    .formatted(Times.toMicros("p.etag"), Times.toMicros("p.base_etag"));

    private KeptRows() {}

    /// Returns the records without doubles: the last of a record from one sender stands.
    static List<KeptRecord> distinct(List<KeptRecord> records) {
        record Place(RecordKey key, InstanceId from) {}
        var last = new LinkedHashMap<Place, KeptRecord>();
        records.forEach(record -> last.put(new Place(record.key(), record.from()), record));
        return List.copyOf(last.values());
    }

    /// Returns the parameters of [#SOURCE].
    static List<@Nullable Object> parameters(List<KeptRecord> records) {
        var numbers = new ArrayList<Long>();
        var names = new ArrayList<String>();
        var cells = new ArrayList<@Nullable String>();
        for (int i = 0; i < records.size(); i++) {
            Fields fields = records.get(i).fields();
            for (int j = 0; j < fields.names().size(); j++) {
                numbers.add(i + 1L);
                names.add(fields.names().list().get(j));
                cells.add(storable(fields.values().get(j)));
            }
        }
        return List.of(
                records.stream().map(record -> record.key().model()).toArray(String[]::new),
                records.stream().map(KeptRecord::uid).toArray(UUID[]::new),
                records.stream().mapToInt(record -> record.from().number()).toArray(),
                records.stream().map(record -> micros(record.etag())).toArray(String[]::new),
                records.stream().map(record -> micros(record.base())).toArray(String[]::new),
                records.stream().mapToLong(KeptRecord::revision).toArray(),
                records.stream()
                        .map(record -> record.isDeleted() ? "true" : "false")
                        .toArray(String[]::new),
                records.stream().map(record -> record.user().orElse(null)).toArray(String[]::new),
                numbers.stream().mapToLong(Long::longValue).toArray(),
                names.toArray(String[]::new),
                cells.toArray(new @Nullable String[0]));
    }

    private static @Nullable String micros(Optional<ETag> etag) {
        return etag.map(some -> Long.toString(some.micros())).orElse(null);
    }

    /// PostgreSQL has no text with a zero character. Such a value came from outside and can only be
    /// shown; the replacement character stands where it was.
    private static @Nullable String storable(@Nullable String value) {
        return value == null ? null : value.replace('\0', '\uFFFD');
    }

    /// Reads the record of [#COLUMNS] in front and, behind them, the models and uids it waits for.
    static KeptRecord read(ResultSet row) throws SQLException {
        String[] models = texts(row.getArray(11));
        UUID[] uids = uids(row.getArray(12));
        var waitsFor = new ArrayList<RecordKey>();
        for (int i = 0; i < models.length; i++) {
            waitsFor.add(new RecordKey(models[i], uids[i]));
        }
        return new KeptRecord(
                new RecordKey(row.getString(1), row.getObject(2, UUID.class)),
                new InstanceId(row.getInt(3)),
                etag(row, 4),
                etag(row, 5),
                row.getLong(6),
                fields(row.getArray(8), row.getArray(9)),
                row.getBoolean(7),
                waitsFor,
                Optional.ofNullable(row.getString(10)));
    }

    /// Reads microseconds.
    ///
    /// @param column from 1; null gives an empty result
    static Optional<ETag> etag(ResultSet row, int column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(new ETag(micros));
    }

    /// Reads fields from two arrays of one length; null gives none.
    static Fields fields(@Nullable Array names, @Nullable Array cells) throws SQLException {
        if (names == null || cells == null) {
            return Fields.NONE;
        }
        return Fields.of(
                FieldNames.of(List.of(texts(names))),
                Arrays.<@Nullable String>asList((String[]) cells.getArray()));
    }

    /// Reads an array of texts; null gives an empty one.
    static String[] texts(@Nullable Array array) throws SQLException {
        return array == null ? new String[0] : (String[]) array.getArray();
    }

    /// Reads an array of uids; null gives an empty one.
    static UUID[] uids(@Nullable Array array) throws SQLException {
        return array == null ? new UUID[0] : (UUID[]) array.getArray();
    }
}
