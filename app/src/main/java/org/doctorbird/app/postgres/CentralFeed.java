package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.SentRecord;

/// Reads central's feeds: the companions in the order of the transactions that changed them.
final class CentralFeed {

    /// Companions looked at for one page: bounds its time when few of them are for the instance.
    static final int SCANNED_MAX = 20_000;

    /// Rows in one round trip: bounds memory when the values are large.
    private static final int FETCHED = 200;

    /*
     * A transaction that began earlier may commit later. So only companions below the snapshot's
     * xmin are read: every transaction below it has ended, and a new one gets a number above it.
     * When nothing is left the cursor goes to the end of that range, not to the last companion, so
     * that transactions on other models do not make this one look unread.
     *
     * The companions are scanned by one statement; the rows are read by another, only those that
     * are given. It may see a later version than the scan did; that version is given with its own
     * ETag, and comes once more when the feed reaches it.
     */
    private final Statements statements;
    private final SyncedTable table;
    private final ModelShape shape;
    private final RowReader reader;

    CentralFeed(Statements statements, TablesByModel tables, ModelShape shape) {
        this.statements = statements;
        this.table = tables.get(shape.model());
        this.shape = shape;
        this.reader = new RowReader(tables, shape);
    }

    /// Returns the oldest transaction that may still be open.
    static long horizon(Statements statements) throws SQLException {
        return statements
                .first(
                        "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
                        row -> row.getLong(1))
                .orElseThrow();
    }

    /// What one scan found.
    private static final class Scan {
        private final List<Cursor> given = new ArrayList<>();
        private Cursor last;
        private int scanned;

        Scan(Cursor after) {
            this.last = after;
        }
    }

    /// Reads one page. The cursor also passes by what was looked at and is not for the instance.
    Page read(InstanceId instance, Feed feed, Cursor after, BatchLimit limit) throws SQLException {
        long horizon = horizon(statements);
        Scan scan = scan(condition(instance, feed), after, horizon, limit.records());
        List<SentRecord> records = rows(scan.given, limit.bytes());
        if (records.size() < scan.given.size()) {
            return new Page(records, scan.given.get(records.size() - 1), true);
        }
        if (records.size() == limit.records() || scan.scanned == SCANNED_MAX) {
            return new Page(records, scan.last, true);
        }
        Cursor end = new Cursor(horizon - 1, UidRange.ALL.last());
        return new Page(records, end.compareTo(after) > 0 ? end : after, false);
    }

    /// A record that ended is new only to an instance that is known to hold an older version.
    private String condition(InstanceId instance, Feed feed) {
        String index = Integer.toString(instance.number());
        String isHeld = Bits.isSet("c.synchronised_instances", index);
        return switch (feed) {
            case PULL -> isHeld + " and c.origin is distinct from " + index;
            case NEW ->
                    """
                    not (%s) and (
                      (c.id is not null and c.deleted_at is null
                        and (c.interested_instances is null or %s))
                      or exists (select 1 from doctorbird.engine_late_receipt l
                        where l.model = %s and l.uid = c.uid and l.instance = %s))\
                    """
                            .formatted(
                                    isHeld,
                                    Bits.isSet("c.interested_instances", index),
                                    Sql.literal(shape.model()),
                                    index);
        };
    }

    private Scan scan(String isGiven, Cursor after, long horizon, int recordsMax)
            throws SQLException {
        var scan = new Scan(after);
        statements.visit(
                """
                select c.changed::text::bigint, c.uid, %s
                from %s c
                where (c.changed, c.uid) > (?::xid8, ?::uuid) and c.changed < ?::xid8
                order by c.changed, c.uid limit ?
                """
                        .formatted(isGiven, table.companion()),
                Math.min(recordsMax + 1, 1_000),
                row -> {
                    scan.last = new Cursor(row.getLong(1), row.getObject(2, UUID.class));
                    scan.scanned++;
                    if (row.getBoolean(3)) {
                        scan.given.add(scan.last);
                    }
                    return scan.given.size() < recordsMax;
                },
                Long.toString(after.transaction()),
                after.uid(),
                Long.toString(horizon),
                SCANNED_MAX);
        return scan;
    }

    /// Reads in the order of the feed until the values take so many bytes.
    private List<SentRecord> rows(List<Cursor> places, long bytesMax) throws SQLException {
        var records = new ArrayList<SentRecord>(places.size());
        if (places.isEmpty()) {
            return records;
        }
        var size = new long[1];
        statements.visit(
                """
                select c.uid, %s%s
                from unnest(?::uuid[]) with ordinality g(uid, n)
                join %s c on c.uid = g.uid left join %s t on t.%s = c.id
                order by g.n
                """
                        .formatted(
                                Times.toMicros("c.etag"),
                                reader.columns(),
                                table.companion(),
                                table.qualified(),
                                Sql.identifier(table.keyColumn())),
                FETCHED,
                row -> {
                    SentRecord sent = CentralReading.sent(row, reader);
                    records.add(sent);
                    size[0] += RowReader.size(sent.fields());
                    return size[0] < bytesMax;
                },
                (Object) places.stream().map(Cursor::uid).toArray(UUID[]::new));
        return records;
    }
}
