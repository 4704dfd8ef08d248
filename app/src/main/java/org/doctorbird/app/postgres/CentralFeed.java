package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Withdrawal;
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
     * When nothing is left the cursor goes to the end of what may be given, not to the last
     * companion, so that transactions on other models do not make this one look unread.
     *
     * The companions are scanned by one statement; the rows are read by another, only those that
     * are given. A companion that was changed in between is passed by: it comes when the feed
     * reaches its new place, and who should hold its new version is computed by then.
     */
    private final Statements statements;
    private final SyncedTable table;
    private final RowReader reader;
    private final FeedConditions giving;
    private final FeedAudience audience;
    private final boolean isRestricted;
    private final String rules;

    CentralFeed(Statements statements, TablesByModel tables, ModelShape shape) {
        this.statements = statements;
        this.table = tables.get(shape.model());
        this.reader = new RowReader(tables, shape);
        this.giving = new FeedConditions(tables, shape.model());
        this.audience = new FeedAudience(statements);
        this.isRestricted = tables.graph().isRestricted(shape.model());
        this.rules = tables.interestRules();
    }

    /// A companion that is given: its place in the feed, and whether as a withdrawal.
    private record Given(Cursor place, boolean isWithdrawn) {

        UUID uid() {
            return place.uid();
        }
    }

    /// What one scan found.
    private static final class Scan {
        private final List<Given> given = new ArrayList<>();
        private Cursor last;
        private boolean isFull;

        Scan(Cursor after) {
            this.last = after;
        }

        List<UUID> versions() {
            return given.stream().filter(some -> !some.isWithdrawn()).map(Given::uid).toList();
        }

        /// Returns the withdrawals among the first companions that are given.
        List<Withdrawal> withdrawals(int first) {
            return given.subList(0, first).stream()
                    .filter(Given::isWithdrawn)
                    .map(some -> new Withdrawal(some.uid(), some.place().transaction()))
                    .toList();
        }

        /// Returns how many are given up to a record and with it.
        int countTo(UUID uid) {
            int count = 1;
            while (!given.get(count - 1).uid().equals(uid)) {
                count++;
            }
            return count;
        }
    }

    /// Reads one page. The cursor also passes by what was looked at and is not for the instance.
    ///
    /// @param newestFirst see [org.doctorbird.exchange.CentralTransaction#read]
    Page read(
            InstanceId instance,
            Feed feed,
            Cursor after,
            BatchLimit limit,
            Optional<String> newestFirst)
            throws SQLException {
        long horizon = FeedHorizon.begin(statements, isRestricted, rules);
        String index = Integer.toString(instance.number());
        String[] conditions = {
            giving.given(index, feed), giving.withdrawn(index, feed),
        };
        FeedAudience.Ranges ranges = ranges(instance, after, horizon);
        if (feed == Feed.NEW && newestFirst.isPresent()) {
            Scan stretch = scan(conditions, after, ranges, SCANNED_MAX);
            return newest(stretch, newestFirst.get(), after, horizon, limit);
        }
        Scan scan = scan(conditions, after, ranges, limit.records());
        Rows rows = rows(scan.versions(), horizon, limit.bytes());
        if (rows.isCut()) {
            int count = scan.countTo(rows.records().getLast().uid());
            return new Page(
                    rows.records(),
                    scan.withdrawals(count),
                    scan.given.get(count - 1).place(),
                    true);
        }
        boolean hasMore = scan.given.size() == limit.records() || scan.isFull;
        return new Page(
                rows.records(),
                scan.withdrawals(scan.given.size()),
                hasMore ? scan.last : end(after, horizon),
                hasMore);
    }

    private FeedAudience.Ranges ranges(InstanceId instance, Cursor after, long horizon)
            throws SQLException {
        var part = new FeedAudience.Range(after.transaction(), horizon);
        return isRestricted
                ? audience.concerning(instance, table.model(), part)
                : FeedAudience.Ranges.of(part);
    }

    private static Cursor end(Cursor after, long horizon) {
        var end = new Cursor(Math.max(0, horizon - 1), UidRange.ALL.last());
        return end.compareTo(after) > 0 ? end : after;
    }

    /// Gives the newest of a stretch of the feed. The cursor stays until all of the stretch fits:
    /// what is acknowledged meanwhile is not found again.
    private Page newest(Scan stretch, String field, Cursor after, long horizon, BatchLimit limit)
            throws SQLException {
        if (stretch.given.isEmpty()) {
            boolean hasMore = stretch.isFull;
            return new Page(List.of(), hasMore ? stretch.last : end(after, horizon), hasMore);
        }
        List<UUID> chosen = newest(stretch.versions(), field, horizon, limit.records());
        Rows rows = rows(chosen, horizon, limit.bytes());
        if (rows.isCut() || stretch.given.size() > limit.records()) {
            return new Page(rows.records(), after, true);
        }
        boolean hasMore = stretch.isFull;
        return new Page(rows.records(), hasMore ? stretch.last : end(after, horizon), hasMore);
    }

    private List<UUID> newest(List<UUID> uids, String field, long horizon, int recordsMax)
            throws SQLException {
        return statements.query(
                """
                select c.uid from unnest(?::uuid[]) with ordinality g(uid, n)
                join %s c on c.uid = g.uid left join %s t on t.%s = c.id
                where c.changed < ?::xid8
                order by t.%s desc nulls last, g.n limit ?
                """
                        .formatted(
                                table.companion(),
                                table.qualified(),
                                Sql.identifier(table.keyColumn()),
                                Sql.identifier(field)),
                row -> row.getObject(1, UUID.class),
                uids.toArray(UUID[]::new),
                Long.toString(horizon),
                recordsMax);
    }

    /// What is for others is passed by in the database: with hundreds of instances that is nearly
    /// everything. Only the last companion of a full stretch comes along, because the next one
    /// begins there.
    private Scan scan(String[] conditions, Cursor after, FeedAudience.Ranges ranges, int recordsMax)
            throws SQLException {
        var scan = new Scan(after);
        if (!ranges.all().isEmpty()) {
            visit(scan, conditions, after, ranges, recordsMax);
        }
        if (!ranges.areAll() && !scan.isFull && scan.given.size() < recordsMax) {
            scan.last = new Cursor(ranges.all().getLast().until() - 1, UidRange.ALL.last());
            scan.isFull = true;
        }
        return scan;
    }

    private void visit(
            Scan scan,
            String[] conditions,
            Cursor after,
            FeedAudience.Ranges ranges,
            int recordsMax)
            throws SQLException {
        var parameters = new ArrayList<Object>();
        String companions =
                ranges.all().stream()
                        .map(range -> companions(range, after, parameters))
                        .collect(Collectors.joining("\nunion all "));
        parameters.add(SCANNED_MAX);
        parameters.add(SCANNED_MAX);
        statements.visit(
                """
                select s.changed::text::bigint, s.uid, s.given, s.withdrawn, s.place
                from (
                  select c.changed, c.uid, %s as given, %s as withdrawn,
                    row_number() over (order by c.changed, c.uid) as place
                  from (%s) c
                  order by c.changed, c.uid limit ?) s
                where s.given or s.place = ?
                order by s.changed, s.uid
                """
                        .formatted(conditions[0], conditions[1], companions),
                Math.min(recordsMax + 1, 1_000),
                row -> {
                    scan.last = new Cursor(row.getLong(1), row.getObject(2, UUID.class));
                    if (row.getBoolean(3)) {
                        scan.given.add(new Given(scan.last, row.getBoolean(4)));
                    }
                    scan.isFull = row.getLong(5) == SCANNED_MAX;
                    return scan.given.size() < recordsMax;
                },
                parameters.toArray());
    }

    /// Returns a query for the companions of a range behind the cursor, in order.
    private String companions(FeedAudience.Range range, Cursor after, List<Object> parameters) {
        boolean isFirst = range.since() <= after.transaction();
        parameters.add(Long.toString(isFirst ? after.transaction() : range.since()));
        if (isFirst) {
            parameters.add(after.uid());
        }
        parameters.add(Long.toString(range.until()));
        return "(select c.* from %s c where %s and c.changed < ?::xid8 order by c.changed, c.uid)"
                .formatted(
                        table.companion(),
                        isFirst
                                ? "(c.changed, c.uid) > (?::xid8, ?::uuid)"
                                : "c.changed >= ?::xid8");
    }

    /// What was read.
    ///
    /// @param isCut the values took too many bytes for all that was asked for
    private record Rows(List<SentRecord> records, boolean isCut) {}

    /// Reads in the order that is given until the values take so many bytes.
    private Rows rows(List<UUID> uids, long horizon, long bytesMax) throws SQLException {
        var records = new ArrayList<SentRecord>(uids.size());
        if (uids.isEmpty()) {
            return new Rows(records, false);
        }
        var size = new long[1];
        statements.visit(
                """
                select c.uid, %s%s
                from unnest(?::uuid[]) with ordinality g(uid, n)
                join %s c on c.uid = g.uid left join %s t on t.%s = c.id
                where c.changed < ?::xid8
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
                uids.toArray(UUID[]::new),
                Long.toString(horizon));
        boolean isCut = size[0] >= bytesMax && !records.getLast().uid().equals(uids.getLast());
        return new Rows(records, isCut);
    }
}
