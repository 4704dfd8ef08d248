package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /*
     * A transaction that began earlier may commit later. So only companions below the snapshot's
     * xmin are read: every transaction below it has ended, and a new one gets a number above it.
     * When nothing is left the cursor goes to the end of that range, not to the last companion, so
     * that transactions on other models do not make this one look unread.
     *
     * The feed is scanned by its index alone with the companion; the rows are read by a second
     * statement, only those that are given. It may see a later version than the first one did; that
     * version is given with its own ETag, and comes once more when the feed reaches it.
     */
    private static final String SCAN =
            """
            with scanned as materialized (
              select c.changed, c.uid, %s as is_given
              from %s c
              where (c.changed, c.uid) > (?::xid8, ?::uuid)
                and c.changed < pg_snapshot_xmin(pg_current_snapshot())
              order by c.changed, c.uid limit ?)
            select changed::text::bigint, uid, is_given, null::bigint
            from (select * from scanned where is_given order by changed, uid limit ?) given
            union all
            select changed::text::bigint, uid, false, null
            from (select * from scanned order by changed desc, uid desc limit 1) last
            union all
            select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, null, false, count(*)
            from scanned
            """;

    private final Statements statements;
    private final TablesByModel tables;

    CentralFeed(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
    }

    /// What one scan found.
    private static final class Scan {
        private final List<Cursor> given = new ArrayList<>();
        private Optional<Cursor> last = Optional.empty();
        private long horizon;
        private long scanned;
    }

    /// Reads one page. `limit.records()` and what [#SCANNED_MAX] allows are both looked at as one
    /// page; the cursor passes by what was looked at and not given.
    Page read(ModelShape shape, InstanceId instance, Feed feed, Cursor after, BatchLimit limit)
            throws SQLException {
        Scan scan = scan(shape, instance, feed, after, limit.records());
        var records = new ArrayList<SentRecord>();
        Map<UUID, SentRecord> versions = new HashMap<>();
        Cursor next = after;
        long size = 0;
        var reader = new FeedRows(shape, scan.given);
        reader.readInto(versions, limit.bytes());
        for (Cursor place : scan.given) {
            SentRecord version = versions.get(place.uid());
            if (version == null && reader.isCut) {
                return new Page(records, next, true);
            }
            if (version != null) {
                size += RowReader.size(version.fields());
                records.add(version);
            }
            next = place;
            if (size >= limit.bytes()) {
                return new Page(records, next, true);
            }
        }
        if (scan.given.size() == limit.records()) {
            return new Page(records, next, true);
        }
        boolean hasMore = scan.scanned == SCANNED_MAX;
        Cursor end =
                hasMore
                        ? scan.last.orElse(after)
                        : new Cursor(scan.horizon - 1, UidRange.ALL.last());
        return new Page(records, end.compareTo(after) > 0 ? end : after, hasMore);
    }

    private Scan scan(
            ModelShape shape, InstanceId instance, Feed feed, Cursor after, int recordsMax)
            throws SQLException {
        var scan = new Scan();
        String index = Integer.toString(instance.number());
        String isHeld = Bits.isSet("c.synchronised_instances", index);
        String isGiven =
                switch (feed) {
                    case PULL -> isHeld + " and c.origin is distinct from " + index;
                    case NEW ->
                            "c.id is not null and c.deleted_at is null and not (%s)"
                                            .formatted(isHeld)
                                    + " and (c.interested_instances is null or %s)"
                                            .formatted(Bits.isSet("c.interested_instances", index));
                };
        statements.visit(
                SCAN.formatted("(" + isGiven + ")", tables.get(shape.model()).companion()),
                0,
                row -> {
                    UUID uid = row.getObject(2, UUID.class);
                    if (uid == null) {
                        scan.horizon = row.getLong(1);
                        scan.scanned = row.getLong(4);
                    } else if (row.getBoolean(3)) {
                        scan.given.add(new Cursor(row.getLong(1), uid));
                    } else {
                        scan.last = Optional.of(new Cursor(row.getLong(1), uid));
                    }
                    return true;
                },
                Long.toString(after.transaction()),
                after.uid(),
                SCANNED_MAX,
                recordsMax);
        return scan;
    }

    /// The rows of one page.
    private final class FeedRows {

        /// Rows in one round trip: bounds memory when the values are large.
        private static final int FETCHED = 200;

        private final ModelShape shape;
        private final List<Cursor> places;
        private boolean isCut;

        FeedRows(ModelShape shape, List<Cursor> places) {
            this.shape = shape;
            this.places = places;
        }

        /// Reads in the order of the feed until the values take so many bytes.
        void readInto(Map<UUID, SentRecord> versions, long bytesMax) throws SQLException {
            if (places.isEmpty()) {
                return;
            }
            var reader = new RowReader(tables, shape);
            var size = new long[1];
            statements.visit(
                    """
                    select c.uid, %s%s
                    from unnest(?::uuid[]) with ordinality g(uid, n)
                    join lateral (select * from %s c where c.uid = g.uid) c on true
                    left join %s t on t.%s = c.id
                    order by g.n
                    """
                            .formatted(
                                    Times.toMicros("c.etag"),
                                    reader.columns(),
                                    tables.get(shape.model()).companion(),
                                    tables.get(shape.model()).qualified(),
                                    Sql.identifier(tables.get(shape.model()).keyColumn())),
                    FETCHED,
                    row -> {
                        SentRecord sent = CentralReading.sent(row, reader);
                        versions.put(sent.uid(), sent);
                        size[0] += RowReader.size(sent.fields());
                        isCut = size[0] >= bytesMax;
                        return !isCut;
                    },
                    (Object) places.stream().map(Cursor::uid).toArray(UUID[]::new));
        }
    }
}
