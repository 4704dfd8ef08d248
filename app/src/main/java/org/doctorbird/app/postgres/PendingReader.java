package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.Uids;

/// Reads a satellite's changes that wait to be pushed.
final class PendingReader {

    /// Rows in one round trip: bounds memory when the values are large.
    private static final int FETCHED = 200;

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

    /// See [org.doctorbird.exchange.SatelliteTransaction#pending].
    List<PushedRecord> read(UidRange range, Optional<UUID> after, BatchLimit limit)
            throws SQLException {
        var pending = new ArrayList<PushedRecord>();
        var size = new long[1];
        statements.visit(
                """
                select c.uid, %s, c.revision, c.changed_fields::text, %s%s
                from %s
                where c.last_synchronisation is null and c.uid between ? and ? and c.uid > ?
                  and not exists (select 1 from doctorbird.engine_held h
                    where h.model = ? and h.uid = c.uid and h.revision = c.revision
                      and h.next_try > clock_timestamp())
                order by c.uid limit ?
                """
                        .formatted(
                                Times.toMicros("c.base_etag"),
                                user(),
                                reader.columns(),
                                reader.source()),
                FETCHED,
                row -> {
                    PushedRecord pushed = pushed(row);
                    pending.add(pushed);
                    size[0] += RowReader.size(pushed.fields());
                    return size[0] < limit.bytes();
                },
                range.first(),
                range.last(),
                // The first uid itself has no uid before it; none is ever made.
                after.orElse(Uids.FIRST),
                table.model(),
                limit.records());
        return pending;
    }

    private PushedRecord pushed(ResultSet row) throws SQLException {
        var base = KeptRows.etag(row, 2);
        String changed = row.getString(4);
        Fields fields = reader.read(row, 6);
        if (base.isPresent() && changed != null) {
            fields = changedOnly(fields, changed);
        }
        return new PushedRecord(
                row.getObject(1, UUID.class),
                base,
                row.getLong(3),
                fields,
                !reader.isHere(row, 6),
                Optional.ofNullable(row.getString(5)).filter(PushedRecord::isUser));
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
        return fields.only(names);
    }
}
