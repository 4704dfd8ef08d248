package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.LocalCopy;
import org.doctorbird.comparison.LocalWhole;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.comparison.Standing;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.conflict.LocalRecord;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Lease;
import org.doctorbird.exchange.OwnConflict;
import org.doctorbird.exchange.Pending;
import org.doctorbird.exchange.Place;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.ReceiptPage;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.SatelliteTransaction;
import org.doctorbird.exchange.Settlement;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.SentRecord;

/// One transaction of a satellite on PostgreSQL.
final class PostgresSatelliteTransaction extends PostgresContinuityTransaction
        implements SatelliteTransaction {

    PostgresSatelliteTransaction(Statements statements, TablesByModel tables) {
        super(
                statements,
                tables,
                (table, staging) -> new SatelliteCompanions(statements, table, staging));
    }

    /// Notes beside a withdrawal why it could not be carried out.
    @Override
    public List<Refused> apply(ModelShape shape, List<? extends Write> writes) {
        List<Refused> refused = super.apply(shape, writes);
        boolean isRemoval = writes.stream().anyMatch(Write.RemoveAtSatellite.class::isInstance);
        if (isRemoval && !refused.isEmpty()) {
            deed(
                    "cannot note refused withdrawals",
                    () -> withdrawals(shape.model()).noteRefused(refused));
        }
        return refused;
    }

    private Withdrawals withdrawals(String model) {
        return new Withdrawals(statements(), model);
    }

    /// The lease's row stays share-locked: who takes it over waits for this transaction's end.
    @Override
    public void fence(Lease lease) {
        boolean isHeld =
                doing(
                        "cannot check the lease",
                        () ->
                                statements()
                                        .first(
                                                """
                                                select 1 from doctorbird.engine_lease
                                                where work = ? and number = ? for share
                                                """,
                                                row -> row.getInt(1),
                                                lease.work(),
                                                lease.number())
                                        .isPresent());
        if (!isHeld) {
            throw new SyncException(ErrorCode.FENCED, "the work was taken over")
                    .with("work", lease.work())
                    .with("lease", lease.number());
        }
    }

    @Override
    public Pending pending(
            ModelShape shape, UidRange range, Optional<String> from, BatchLimit limit) {
        return doing(
                "cannot read changes",
                () -> new PendingReader(statements(), tables(), shape).read(range, from, limit));
    }

    @Override
    public Map<String, Long> waiting(Collection<String> models) {
        if (models.isEmpty()) {
            return Map.of();
        }
        String sql =
                models.stream()
                        .map(model ->
                                """
                                select %s, count(*) from (select from %s
                                  where last_synchronisation is null limit %d) w\
                                """
                                        .formatted(
                                                Sql.literal(model),
                                                tables().get(model).companion(),
                                                WAITING_MAX))
                        .collect(Collectors.joining("\nunion all "));
        return doing(
                "cannot count changes",
                () -> {
                    var waiting = new HashMap<String, Long>();
                    statements()
                            .visit(
                                    sql,
                                    0,
                                    row -> {
                                        if (row.getLong(2) > 0) {
                                            waiting.put(row.getString(1), row.getLong(2));
                                        }
                                        return true;
                                    });
                    return waiting;
                });
    }

    @Override
    public void needNotLast() {
        deed("cannot begin", statements()::needNotLast);
    }

    @Override
    public void settle(ModelShape shape, List<? extends Settlement> settlements) {
        deed(
                "cannot note central's answers",
                () -> new Settling(statements(), tables().get(shape.model())).settle(settlements));
    }

    @Override
    public Map<UUID, LocalRecord> lock(ModelShape shape, Collection<UUID> uids) {
        return doing("cannot lock records", () -> locked(shape, uids));
    }

    private Map<UUID, LocalRecord> locked(ModelShape shape, Collection<UUID> uids)
            throws SQLException {
        if (uids.isEmpty()) {
            return Map.of();
        }
        RowLocks.lock(statements(), tables().get(shape.model()), uids);
        var reader = new RowReader(tables(), shape);
        var held = new HashMap<UUID, LocalRecord>();
        statements()
                .visit(
                        """
                        select c.uid, %s, %s, c.revision%s
                        from %s where c.uid = any(?) order by c.uid for update of c
                        """
                                .formatted(
                                        Times.toMicros("c.last_synchronisation"),
                                        Times.toMicros("c.base_etag"),
                                        reader.columns(),
                                        reader.source()),
                        0,
                        row -> {
                            LocalRecord record = local(row, reader);
                            held.put(record.uid(), record);
                            return true;
                        },
                        (Object) uids.toArray(UUID[]::new));
        return held;
    }

    private static LocalRecord local(ResultSet row, RowReader reader) throws SQLException {
        return new LocalRecord(
                row.getObject(1, UUID.class),
                KeptRows.etag(row, 2),
                KeptRows.etag(row, 3),
                row.getLong(4),
                !reader.isHere(row, 5),
                reader.read(row, 5));
    }

    @Override
    public void keepRefused(ModelShape shape, Map<LocalRecord, SentRecord> overwrittenBy) {
        deed(
                "cannot keep refused changes",
                () -> lists().keepRefused(shape.model(), overwrittenBy));
    }

    @Override
    public Cursor cursor(String model, Feed feed) {
        return doing(
                "cannot read the place in the feed",
                () ->
                        statements()
                                .first(
                                        """
                                        select transaction, uid from doctorbird.engine_cursor
                                        where model = ? and feed = ?
                                        """,
                                        row ->
                                                new Cursor(
                                                        row.getLong(1),
                                                        row.getObject(2, UUID.class)),
                                        model,
                                        word(feed))
                                .orElse(Cursor.START));
    }

    private static String word(Feed feed) {
        return switch (feed) {
            case PULL -> "pull";
            case NEW -> "new";
        };
    }

    @Override
    public void moveCursor(String model, Feed feed, Cursor next) {
        deed(
                "cannot move the place in the feed",
                () ->
                        statements()
                                .update(
                                        """
                                        insert into doctorbird.engine_cursor
                                          (model, feed, transaction, uid) values (?, ?, ?, ?)
                                        on conflict (model, feed) do update
                                          set transaction = excluded.transaction,
                                            uid = excluded.uid
                                        """,
                                        model,
                                        word(feed),
                                        next.transaction(),
                                        next.uid()));
    }

    @Override
    public List<Place> places() {
        return doing(
                "cannot read the places in the feeds",
                () ->
                        statements()
                                .query(
                                        """
                                        select model, feed, transaction, uid
                                        from doctorbird.engine_cursor order by model, feed
                                        """,
                                        row ->
                                                new Place(
                                                        row.getString(1),
                                                        feed(row.getString(2)),
                                                        new Cursor(
                                                                row.getLong(3),
                                                                row.getObject(4, UUID.class)))));
    }

    private static Feed feed(String word) {
        return "pull".equals(word) ? Feed.PULL : Feed.NEW;
    }

    @Override
    public void moveForward(List<Place> places) {
        var models = new ArrayList<String>();
        var feeds = new ArrayList<String>();
        var uids = new ArrayList<UUID>();
        places.forEach(place -> {
            models.add(place.model());
            feeds.add(word(place.feed()));
            uids.add(place.cursor().uid());
        });
        deed(
                "cannot move the places in the feeds",
                () ->
                        statements()
                                .update(
                                        """
                                        insert into doctorbird.engine_cursor as p
                                          (model, feed, transaction, uid)
                                        select * from unnest(
                                          ?::text[], ?::text[], ?::bigint[], ?::uuid[])
                                        on conflict (model, feed) do update
                                          set transaction = excluded.transaction,
                                            uid = excluded.uid
                                          where (p.transaction, p.uid)
                                            < (excluded.transaction, excluded.uid)
                                        """,
                                        models.toArray(String[]::new),
                                        feeds.toArray(String[]::new),
                                        places.stream()
                                                .mapToLong(place -> place.cursor().transaction())
                                                .toArray(),
                                        uids.toArray(UUID[]::new)));
    }

    /// One statement, which writes only what differs. A change that was held back because of a
    /// conflict is due when the conflict is over.
    @Override
    public void keepOwnConflicts(List<OwnConflict> conflicts) {
        deed(
                "cannot note conflicts",
                () ->
                        statements()
                                .update(
                                        """
                                        with told as (select distinct on (model, uid) * from
                                            unnest(?::text[], ?::uuid[], ?::text[]) t(model, uid, kind)),
                                          over as (delete from doctorbird.engine_own_conflict o
                                            where not exists (select 1 from told t
                                              where t.model = o.model and t.uid = o.uid)
                                            returning o.model, o.uid),
                                          due as (update doctorbird.engine_held h
                                            set next_try = clock_timestamp() from over o
                                            where h.model = o.model and h.uid = o.uid)
                                        insert into doctorbird.engine_own_conflict (model, uid, kind)
                                        select model, uid, kind from told
                                        on conflict (model, uid) do update set kind = excluded.kind
                                          where engine_own_conflict.kind <> excluded.kind
                                        """,
                                        conflicts.stream()
                                                .map(some -> some.key().model())
                                                .toArray(String[]::new),
                                        conflicts.stream()
                                                .map(some -> some.key().uid())
                                                .toArray(UUID[]::new),
                                        conflicts.stream()
                                                .map(some -> some.kind().word())
                                                .toArray(String[]::new)));
    }

    @Override
    public void keepWithdrawals(String model, List<Withdrawal> withdrawn) {
        deed("cannot keep withdrawals", () -> withdrawals(model).keep(withdrawn));
    }

    @Override
    public void dropWithdrawals(String model, Collection<UUID> uids) {
        deed("cannot forget withdrawals", () -> withdrawals(model).drop(uids));
    }

    @Override
    public List<Withdrawal> dueWithdrawals(ModelShape shape, Optional<UUID> after, int limit) {
        return doing(
                "cannot read withdrawals",
                () -> withdrawals(shape.model()).due(tables().get(shape.model()), after, limit));
    }

    @Override
    public Set<String> modelsWithWithdrawals() {
        return doing("cannot read withdrawals", () -> Withdrawals.models(statements()));
    }

    @Override
    public boolean hasKept() {
        return doing("cannot look for kept records", marks()::hasAny);
    }

    @Override
    public void keepWithdrawnReceipts(String model, List<Withdrawal> withdrawn) {
        deed(
                "cannot keep receipts",
                () -> ReceiptPages.keepWithdrawn(statements(), model, withdrawn));
    }

    @Override
    public void keepReceipts(String model, List<Receipt> receipts) {
        deed("cannot keep receipts", () -> ReceiptPages.keep(statements(), model, receipts));
    }

    @Override
    public Optional<ReceiptPage> oldestReceipts(String model) {
        return doing("cannot read receipts", () -> ReceiptPages.oldest(statements(), model));
    }

    @Override
    public void dropReceipts(String model, long page) {
        deed("cannot drop receipts", () -> ReceiptPages.drop(statements(), model, page));
    }

    @Override
    public Set<String> modelsWithReceipts() {
        return doing("cannot read receipts", () -> ReceiptPages.models(statements()));
    }

    private SatelliteComparing comparing(ModelShape shape) {
        return new SatelliteComparing(statements(), tables(), shape);
    }

    @Override
    public LocalWhole whole(ModelShape shape, boolean isDeep) {
        return doing("cannot compare a model", () -> comparing(shape).whole(isDeep));
    }

    @Override
    public List<RangeFingerprint> parts(
            ModelShape shape, boolean isDeep, List<UidPrefix> prefixes) {
        return doing("cannot compare a model", () -> comparing(shape).parts(isDeep, prefixes));
    }

    @Override
    public List<LocalCopy> copies(ModelShape shape, boolean isDeep, List<UidPrefix> prefixes) {
        return doing("cannot compare records", () -> comparing(shape).copies(isDeep, prefixes));
    }

    @Override
    public Map<UUID, Standing> standing(ModelShape shape, Collection<UUID> uids) {
        return doing("cannot compare records", () -> comparing(shape).standing(uids));
    }

    @Override
    public void putAtNoVersion(ModelShape shape, Collection<UUID> uids) {
        deed("cannot repair records", () -> comparing(shape).putAtNoVersion(uids));
    }

    @Override
    public void countAsChanged(ModelShape shape, Collection<UUID> uids) {
        deed("cannot repair records", () -> comparing(shape).countAsChanged(uids));
    }

    @Override
    public void capture(ModelShape shape) {
        deed("cannot capture rows", () -> comparing(shape).capture());
    }
}
