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
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.conflict.Decided;
import org.doctorbird.conflict.MadeSince;
import org.doctorbird.conflict.VersionMade;
import org.doctorbird.conflict.VersionReplaced;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;

/// Reads what central holds of single records.
final class CentralReading {

    private final Statements statements;
    private final TablesByModel tables;

    CentralReading(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
    }

    /// At most five statements, one if all are new: whether any is here, the rows' locks, the
    /// records, their history, what was kept as a conflict before. What a former database of an
    /// instance made (see [Readmission]) counts as central's.
    ///
    /// @param from the instance that pushes
    Map<UUID, CentralRecord> lock(
            ModelShape shape, InstanceId from, Collection<PushedRecord> pushed)
            throws SQLException {
        if (pushed.isEmpty()) {
            return Map.of();
        }
        SyncedTable table = tables.get(shape.model());
        boolean isRestricted = tables.graph().isRestricted(shape.model());
        var uids = pushed.stream().map(PushedRecord::uid).toList();
        if (pushed.stream().allMatch(some -> some.base().isEmpty()) && !isAnyHere(table, uids)) {
            return Map.of();
        }
        RowLocks.lock(statements, table, uids);
        var reader = new RowReader(tables, shape);
        List<Held> held =
                statements.query(
                        """
                        select c.uid, %s, c.deleted_at is not null, greatest(c.origin, 0),
                          coalesce(c.origin_revision, 0),
                          coalesce((select d.revision from doctorbird.engine_settled d
                            where d.model = ? and d.uid = c.uid and d.instance = ?), 0),
                          %s, %s%s
                        from %s where c.uid = any(?) order by c.uid for update of c
                        """
                                .formatted(
                                        Times.toMicros("c.etag"),
                                        isHeld(from),
                                        isRestricted ? isOpen(from) : "true",
                                        reader.columns(),
                                        reader.source()),
                        row -> held(row, reader),
                        table.model(),
                        from.number(),
                        uids.toArray(UUID[]::new));
        if (held.isEmpty()) {
            return Map.of();
        }
        var history = history(table, from, pushed);
        Map<UUID, Decided> decided =
                new ConflictList(statements).decided(table.model(), from, pushed);
        Set<String> all = Set.copyOf(shape.names().list());
        Map<UUID, Optional<ETag>> bases = new HashMap<>();
        pushed.forEach(some -> bases.put(some.uid(), some.base()));
        var records = new HashMap<UUID, CentralRecord>();
        for (Held some : held) {
            UUID uid = some.record().uid();
            var made =
                    MadeSince.of(
                            bases.getOrDefault(uid, Optional.empty()),
                            some.current(all),
                            history.rows().getOrDefault(uid, List.of()),
                            history.forgotten(),
                            all);
            records.put(uid, some.with(made, Optional.ofNullable(decided.get(uid))));
        }
        return records;
    }

    private boolean isAnyHere(SyncedTable table, List<UUID> uids) throws SQLException {
        return statements
                .first(
                        "select exists (select from %s where uid = any(?))"
                                .formatted(table.companion()),
                        row -> row.getBoolean(1),
                        (Object) uids.toArray(UUID[]::new))
                .orElseThrow();
    }

    /// A record without its history.
    private record Held(CentralRecord record, InstanceId origin, long revision) {

        VersionMade current(Set<String> all) {
            return new VersionMade(record.etag(), origin, revision, all);
        }

        CentralRecord with(MadeSince made, Optional<Decided> decided) {
            return new CentralRecord(
                    record.uid(),
                    record.etag(),
                    record.values(),
                    record.isRowGone(),
                    record.isMarkedDeleted(),
                    made.versions(),
                    record.settledRevision(),
                    decided,
                    record.isHeld(),
                    record.isOpen(),
                    made.isComplete());
        }
    }

    private static Held held(ResultSet row, RowReader reader) throws SQLException {
        boolean isHere = reader.isHere(row, 9);
        var record =
                new CentralRecord(
                        row.getObject(1, UUID.class),
                        new ETag(row.getLong(2)),
                        reader.read(row, 9),
                        !isHere,
                        isHere && row.getBoolean(3),
                        List.of(),
                        row.getLong(6),
                        Optional.empty(),
                        row.getBoolean(7),
                        row.getBoolean(8));
        return new Held(record, new InstanceId(row.getInt(4)), row.getLong(5));
    }

    /// What the history tells of pushed records.
    ///
    /// @param rows those after each base, oldest first
    /// @param forgotten rows of versions up to this one may have ended
    private record History(Map<UUID, List<VersionReplaced>> rows, ETag forgotten) {}

    /// One statement, so that what was forgotten and what is left are seen together: the retention
    /// may be at work.
    private History history(SyncedTable table, InstanceId from, Collection<PushedRecord> pushed)
            throws SQLException {
        var rows = new HashMap<UUID, List<VersionReplaced>>();
        var forgotten = new ETag[] {new ETag(0)};
        statements.visit(
                """
                select p.uid, f.micros, %s, case when h.etag <= i.reset_etag and h.origin = i.id
                    then 0 else greatest(h.origin, 0) end, h.origin_revision, h.fields,
                  %s, case when h.replaced_etag <= i.reset_etag and h.replaced_origin = i.id
                    then 0 else greatest(h.replaced_origin, 0) end, h.replaced_revision, %s,
                  b.names, b.cells
                from unnest(?::uuid[], ?::bigint[]) p(uid, base)
                cross join (select max(%s) as micros from doctorbird.engine_forgotten
                  where model = ?) f
                left join doctorbird.engine_instance i on i.id = ?
                left join lateral (select * from doctorbird.engine_history h
                  where h.uid = p.uid and h.etag > %s and h.model = ? order by h.etag) h on true
                left join lateral (select array_agg(e.key) as names, array_agg(e.value) as cells
                  from jsonb_each_text(h.before) e where e.key = any(?)) b on true
                order by p.uid, h.etag
                """
                        .formatted(
                                Times.toMicros("h.etag"),
                                Times.toMicros("h.replaced_etag"),
                                Times.toMicros("coalesce(h.edited_at, h.etag)"),
                                Times.toMicros("etag"),
                                Times.fromMicros("p.base")),
                0,
                row -> {
                    forgotten[0] = new ETag(row.getLong(2));
                    return row.getObject(3) == null
                            || rows.computeIfAbsent(
                                            row.getObject(1, UUID.class), _ -> new ArrayList<>())
                                    .add(replaced(row));
                },
                pushed.stream().map(PushedRecord::uid).toArray(UUID[]::new),
                pushed.stream()
                        .mapToLong(some -> some.base().map(ETag::micros).orElse(-1L))
                        .toArray(),
                table.model(),
                from.number(),
                table.model(),
                continued(table));
        return new History(rows, forgotten[0]);
    }

    /// Returns the fields in which both sides' texts are kept: only of them the values before are
    /// needed.
    private static String[] continued(SyncedTable table) {
        ConflictRules rules = table.plan().rules().conflicts();
        return table.shape().names().list().stream()
                .filter(name -> rules.of(name) == Policy.APPEND)
                .toArray(String[]::new);
    }

    private static VersionReplaced replaced(ResultSet row) throws SQLException {
        return new VersionReplaced(
                new VersionMade(
                        new ETag(row.getLong(3)),
                        new InstanceId(row.getInt(4)),
                        row.getLong(5),
                        Set.of(KeptRows.texts(row.getArray(6))),
                        new ETag(row.getLong(10)),
                        KeptRows.fields(row.getArray(11), row.getArray(12))),
                new ETag(row.getLong(7)),
                new InstanceId(row.getInt(8)),
                row.getLong(9));
    }

    /// Returns the condition that an instance should hold the current version, and that this is
    /// published.
    private static String isOpen(InstanceId instance) {
        return "(%s and c.changed < %s)"
                .formatted(FeedConditions.isInterested(instance), FeedHorizon.PUBLISHED);
    }

    private static String isHeld(InstanceId instance) {
        return Bits.isSet("c.synchronised_instances", Integer.toString(instance.number()));
    }

    Map<UUID, Long> settled(ModelShape shape, InstanceId from, Collection<UUID> uids)
            throws SQLException {
        var settled = new HashMap<UUID, Long>();
        statements.visit(
                """
                select d.uid, d.revision from doctorbird.engine_settled d
                where d.model = ? and d.uid = any(?) and d.instance = ?
                """,
                0,
                row -> {
                    settled.put(row.getObject(1, UUID.class), row.getLong(2));
                    return true;
                },
                shape.model(),
                uids.toArray(UUID[]::new),
                from.number());
        return settled;
    }

    Map<UUID, SentRecord> current(ModelShape shape, Collection<UUID> uids) throws SQLException {
        return versions(shape, uids, "true");
    }

    /// A record that ended is open to all that hold it.
    Map<UUID, SentRecord> openTo(ModelShape shape, InstanceId instance, Collection<UUID> uids)
            throws SQLException {
        String condition = isHeld(instance);
        if (tables.graph().isRestricted(shape.model())) {
            condition +=
                    " and (%s or c.id is null and c.changed < %s)"
                            .formatted(isOpen(instance), FeedHorizon.PUBLISHED);
        }
        return versions(shape, uids, condition);
    }

    List<Withdrawal> withdrawnFrom(ModelShape shape, InstanceId instance, Collection<UUID> uids)
            throws SQLException {
        if (uids.isEmpty() || !tables.graph().isRestricted(shape.model())) {
            return List.of();
        }
        return statements.query(
                """
                select c.uid, c.changed::text::bigint from %s c
                where c.uid = any(?) and c.id is not null and %s and not %s and c.changed < %s
                order by c.changed, c.uid
                """
                        .formatted(
                                tables.get(shape.model()).companion(),
                                isHeld(instance),
                                FeedConditions.isInterested(instance),
                                FeedHorizon.PUBLISHED),
                row -> new Withdrawal(row.getObject(1, UUID.class), row.getLong(2)),
                (Object) uids.toArray(UUID[]::new));
    }

    private Map<UUID, SentRecord> versions(
            ModelShape shape, Collection<UUID> uids, String condition) throws SQLException {
        if (uids.isEmpty()) {
            return Map.of();
        }
        var reader = new RowReader(tables, shape);
        var records = new HashMap<UUID, SentRecord>();
        statements.visit(
                """
                select c.uid, %s%s from %s where c.uid = any(?) and %s
                """
                        .formatted(
                                Times.toMicros("c.etag"),
                                reader.columns(),
                                reader.source(),
                                condition),
                0,
                row -> {
                    SentRecord sent = sent(row, reader);
                    records.put(sent.uid(), sent);
                    return true;
                },
                (Object) uids.toArray(UUID[]::new));
        return records;
    }

    /// Reads uid, ETag and fields.
    static SentRecord sent(ResultSet row, RowReader reader) throws SQLException {
        return new SentRecord(
                row.getObject(1, UUID.class),
                new ETag(row.getLong(2)),
                reader.read(row, 3),
                !reader.isHere(row, 3));
    }
}
