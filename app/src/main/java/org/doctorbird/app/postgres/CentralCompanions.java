package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.RowStatements.numbers;

import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.doctorbird.exchange.Write;

/// The companions of central: versions, who made them, who holds them, and the history.
final class CentralCompanions implements CompanionStatements {

    /// Longer values are not kept in the history: PostgreSQL's jsonb ends at 256 MB.
    private static final int KEPT_MAX = 16 * 1024 * 1024;

    private final Statements statements;
    private final TablesByModel tables;
    private final SyncedTable table;
    private final StagingTable staging;

    CentralCompanions(
            Statements statements, TablesByModel tables, SyncedTable table, StagingTable staging) {
        this.statements = statements;
        this.tables = tables;
        this.table = table;
        this.staging = staging;
    }

    /// The instance that pushed knows the record from now on. Central itself has no bit.
    @Override
    public void make(List<StagedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String sql =
                """
                insert into %s (uid, id, etag, changed, origin, origin_revision, origin_user,
                  synchronised_instances, deleted_at, creator)
                select s.uid, s.id::%s, %s, pg_current_xact_id(), s.origin, s.revision, s.origin_user,
                  case when s.marks or s.origin = 0 then ''::varbit else %s end,
                  case when s.marks then clock_timestamp() end, nullif(s.origin, 0)
                from %s s where s.n = any(?) order by s.uid
                on conflict (uid) do nothing
                """
                        .formatted(
                                table.companion(),
                                table.keyType(),
                                Times.fromMicros("s.etag"),
                                Bits.with("''::varbit", "s.origin::integer"),
                                staging.name());
        if (statements.update(sql, numbers(rows)) != rows.size()) {
            throw SqlFailures.collision();
        }
    }

    @Override
    public List<String> copied() {
        return List.of(
                "uid",
                "id",
                "etag",
                "changed",
                "origin",
                "origin_revision",
                "origin_user",
                "synchronised_instances",
                "creator");
    }

    @Override
    public boolean canCopy(StagedRow row) {
        return row.write() instanceof Write.AtCentral write && !write.marksDeleted();
    }

    @Override
    public void append(CopyText text, StagedRow row, String transaction) {
        if (!(row.write() instanceof Write.AtCentral write)) {
            throw new IllegalStateException("no such write comes to central");
        }
        int origin = write.origin().number();
        text.cell(row.uid().toString()).cell(row.key());
        text.cell(Times.text(write.etag().micros())).cell(transaction);
        text.cell(origin).cell(write.revision()).cell(write.user().orElse(null));
        text.cell(origin == 0 ? "" : "0".repeat(origin) + "1");
        text.cell(origin == 0 ? null : Integer.toString(origin)).end();
    }

    @Override
    public void keepHistory(List<StagedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String sql =
                """
                insert into doctorbird.engine_history (model, uid, etag, origin, origin_revision,
                  origin_user, kind, fields, before,
                  replaced_etag, replaced_origin, replaced_revision, replaced_user, edited_at)
                select %1$s, c.uid, %2$s, s.origin, s.revision, s.origin_user,
                  case when s.id is null then 'deleted' when s.marks then 'marked'
                    when t.%6$s is null or c.deleted_at is not null then 'returned'
                    else 'changed' end,
                  coalesce(b.names, '{}'::text[]), coalesce(b.cells, '{}'::jsonb),
                  c.etag, coalesce(c.origin, 0), coalesce(c.origin_revision, 0), c.origin_user,
                  %8$s
                from %3$s s join %4$s c on c.uid = s.uid left join %5$s t on t.%6$s = c.id
                left join lateral (%7$s) b on true
                where s.n = any(?)
                """
                        .formatted(
                                Sql.literal(table.model()),
                                Times.fromMicros("s.etag"),
                                staging.name(),
                                table.companion(),
                                table.qualified(),
                                Sql.identifier(table.keyColumn()),
                                before(changedByAny(rows)),
                                Times.fromMicros("s.edited"));
        statements.update(sql, numbers(rows));
    }

    private BitSet changedByAny(List<StagedRow> rows) {
        var changed = new BitSet(staging.columns().size());
        for (int i = 0; i < staging.columns().size(); i++) {
            String name = staging.columns().get(i).name();
            changed.set(i, rows.stream().anyMatch(row -> changes(row, name)));
        }
        return changed;
    }

    private static boolean changes(StagedRow row, String name) {
        return row.write() instanceof Write.DeleteAtCentral
                || (row.write() instanceof Write.AtCentral write && write.changed().contains(name));
    }

    /// Gathers the changed fields of one record with their values before.
    private String before(BitSet changed) {
        if (changed.isEmpty()) {
            return "select null::text[] as names, null::jsonb as cells";
        }
        String cells = changed.stream().mapToObj(this::cell).collect(Collectors.joining(",\n   "));
        return """
        select array_agg(v.name order by v.place) as names,
          jsonb_object_agg(v.name, v.cell) filter (where t.%s is not null) as cells
        from (values %s) v(place, name, cell) where get_bit(s.changed, v.place) = 1\
        """
                .formatted(Sql.identifier(table.keyColumn()), cells);
    }

    private String cell(int column) {
        SyncedColumn some = staging.columns().get(column);
        String value = RowReader.value(tables, table, some);
        return switch (some.shape().kind()) {
            case BINARY, TEXT ->
                    "(%1$d, %2$s, case when octet_length(%3$s) <= %4$d then %3$s end)"
                            .formatted(column, Sql.literal(some.name()), value, KEPT_MAX);
            case BOOLEAN, INTEGER, FLOAT, NUMERIC, DATE, TIME, TIMESTAMP, REFERENCE ->
                    "(%d, %s, %s)".formatted(column, Sql.literal(some.name()), value);
        };
    }

    @Override
    public void update(List<StagedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String sql =
                """
                update %s c set id = s.id::%s, etag = %s, changed = pg_current_xact_id(),
                  origin = s.origin, origin_revision = s.revision, origin_user = s.origin_user,
                  stamped = 0,
                  synchronised_instances = case when s.origin = 0 then c.synchronised_instances
                    when s.marks then %s else %s end,
                  deleted_at = case when s.marks then clock_timestamp()
                    when s.id is null then c.deleted_at end
                from %s s where s.n = any(?) and c.uid = s.uid
                """
                        .formatted(
                                table.companion(),
                                table.keyType(),
                                Times.fromMicros("s.etag"),
                                Bits.without("c.synchronised_instances", "s.origin::integer"),
                                Bits.with("c.synchronised_instances", "s.origin::integer"),
                                staging.name());
        if (statements.update(sql, numbers(rows)) != rows.size()) {
            throw SqlFailures.collision();
        }
    }
}
