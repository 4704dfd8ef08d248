package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Pending;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.Uids;
import org.jspecify.annotations.Nullable;

/// Reads a satellite's changes that wait to be pushed.
final class PendingReader {

    /// Rows in one round trip: bounds memory when the values are large.
    private static final int FETCHED = 200;

    /// How long ago the record was changed, in milliseconds by this database's clock.
    private static final String AGE =
            "greatest(0, extract(epoch from clock_timestamp() - c.modified_at) * 1000)::bigint";

    private static final String ROW = "r";
    private static final String GONE = "g";

    private final Statements statements;
    private final SyncedTable table;
    private final ModelShape shape;
    private final RowReader reader;

    PendingReader(Statements statements, TablesByModel tables, ModelShape shape) {
        this.statements = statements;
        this.table = tables.get(shape.model());
        this.shape = shape;
        this.reader = new RowReader(tables, shape);
    }

    /// Where a walk goes on: behind a row's key, or, after all rows, behind the uid of a record
    /// whose row is gone.
    private sealed interface Place {

        record Row(Optional<String> key) implements Place {}

        record Gone(UUID uid) implements Place {}

        static Place parse(Optional<String> text) {
            if (text.isEmpty()) {
                return new Row(Optional.empty());
            }
            String rest = text.get().substring(GONE.length());
            return text.get().startsWith(GONE)
                    ? new Gone(UUID.fromString(rest))
                    : new Row(Optional.of(rest));
        }
    }

    /// What was read of a walk.
    private static final class Batch {

        private final List<PushedRecord> records = new ArrayList<>();
        private final Set<UUID> uids = new HashSet<>();
        private final BatchLimit limit;
        private String last = "";
        private long size;

        Batch(BatchLimit limit) {
            this.limit = limit;
        }

        /// A row that was read may be deleted before the ends are: its end is for a later walk.
        ///
        /// @return whether more may be added
        boolean add(PushedRecord pushed, String place) {
            if (uids.add(pushed.uid())) {
                records.add(pushed);
                last = place;
                size += RowReader.size(pushed.fields());
            }
            return !isFull();
        }

        boolean isFull() {
            return records.size() >= limit.records() || size >= limit.bytes();
        }

        Pending pending() {
            return new Pending(records, isFull() ? Optional.of(last) : Optional.empty());
        }
    }

    /// See [org.doctorbird.exchange.SatelliteTransaction#pending].
    ///
    /// In the order of the rows' keys: rows that were written together are read, sent and stored
    /// together, and the records of a patient follow each other.
    Pending read(UidRange range, Optional<String> from, BatchLimit limit) throws SQLException {
        var batch = new Batch(limit);
        switch (Place.parse(from)) {
            case Place.Row(Optional<String> key) -> {
                readRows(batch, range, key);
                if (!batch.isFull()) {
                    readGone(batch, range, Uids.FIRST);
                }
            }
            case Place.Gone(UUID uid) -> readGone(batch, range, uid);
        }
        return batch.pending();
    }

    private void readRows(Batch batch, UidRange range, Optional<String> key) throws SQLException {
        String isBehind = key.isPresent() ? "c.id > ?::" + table.keyType() : "?::text is null";
        visit(
                "c.id is not null and " + isBehind + " and c.uid between ? and ?",
                "c.id",
                row -> batch.add(pushed(row), ROW + row.getString(7)),
                key.orElse(null),
                range.first(),
                range.last(),
                table.model(),
                batch.limit.records());
    }

    /// The first uid itself has no uid before it; none is ever made.
    private void readGone(Batch batch, UidRange range, UUID uid) throws SQLException {
        visit(
                "c.id is null and c.uid > ? and c.uid between ? and ?",
                "c.uid",
                row -> batch.add(pushed(row), GONE + row.getString(1)),
                uid,
                range.first(),
                range.last(),
                table.model(),
                batch.limit.records());
    }

    private void visit(
            String condition,
            String order,
            Statements.RowVisitor visitor,
            @Nullable Object... parameters)
            throws SQLException {
        statements.visit(
                """
                select c.uid, %s, c.revision, c.changed_fields::text, %s, %s, c.id::text%s
                from %s
                where c.last_synchronisation is null and %s
                  and not exists (select 1 from doctorbird.engine_held h
                    where h.model = ? and h.uid = c.uid and h.revision = c.revision
                      and h.next_try > clock_timestamp())
                order by %s limit ?
                """
                        .formatted(
                                Times.toMicros("c.base_etag"),
                                user(),
                                table.plan().rules().conflicts().needAge() ? AGE : "null::bigint",
                                reader.columns(),
                                reader.source(),
                                condition,
                                order),
                FETCHED,
                visitor,
                parameters);
    }

    private PushedRecord pushed(ResultSet row) throws SQLException {
        var base = KeptRows.etag(row, 2);
        String changed = row.getString(4);
        Fields fields = reader.read(row, 8);
        if (base.isPresent() && changed != null) {
            fields = changedOnly(fields, changed);
        }
        return new PushedRecord(
                row.getObject(1, UUID.class),
                base,
                row.getLong(3),
                fields,
                !reader.isHere(row, 8),
                Optional.ofNullable(row.getString(5)).filter(PushedRecord::isUser),
                age(row));
    }

    private static Optional<Duration> age(ResultSet row) throws SQLException {
        long millis = row.getLong(6);
        return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }

    /// Of a row that is gone nobody knows who deleted it.
    private String user() {
        return table.userColumns().isEmpty()
                ? "null::text"
                : table.userColumns().stream()
                        .map(name -> "t." + Sql.identifier(name) + "::text")
                        .collect(Collectors.joining(", ", "coalesce(", ")"));
    }

    /// @param changed a bit for each column number; missing bits are 0
    private Fields changedOnly(Fields fields, String changed) {
        var names = new ArrayList<String>();
        for (FieldShape field : shape.fields()) {
            int position = TablesByModel.column(table, field.name()).position();
            if (position < changed.length() && changed.charAt(position) == '1') {
                names.add(field.name());
            }
        }
        return fields.only(table.plan().rules().conflicts().widened(names));
    }
}
