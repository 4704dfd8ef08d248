package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.comparison.LocalCopy;
import org.doctorbird.comparison.LocalWhole;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.comparison.Standing;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.record.ETag;
import org.doctorbird.record.ModelShape;

/// A satellite's records of one model for a comparison, and what repairs them; see
/// [org.doctorbird.comparison.SatelliteSide].
final class SatelliteComparing {

    private static final String VERSION = "coalesce(c.last_synchronisation, c.base_etag)";

    private final Statements statements;
    private final TablesByModel tables;
    private final SyncedTable table;
    private final ModelShape shape;
    private final String key;

    SatelliteComparing(Statements statements, TablesByModel tables, ModelShape shape) {
        this.statements = statements;
        this.tables = tables;
        this.table = tables.get(shape.model());
        this.shape = shape;
        this.key = Sql.identifier(table.keyColumn());
    }

    private String isCopy() {
        return """
        (%s > timestamptz 'epoch' and (t.%s is not null
          or c.id is null and c.last_synchronisation is null))\
        """
                .formatted(VERSION, key);
    }

    private ComparedRecords records(boolean isDeep) throws SQLException {
        return new ComparedRecords(
                statements,
                tables,
                shape,
                isDeep,
                new ComparedRecords.Side("left join", isCopy(), VERSION, "true"));
    }

    /// One statement, so that both numbers are of one moment.
    LocalWhole whole(boolean isDeep) throws SQLException {
        ComparedRecords records = records(isDeep);
        return statements
                .first(
                        """
                        select count(*) filter (where %1$s),
                          coalesce(bit_xor(%2$s) filter (where %1$s), 0),
                          (select count(*) from %3$s) - count(t.%4$s)
                        from %5$s
                        """
                                .formatted(
                                        isCopy(),
                                        records.hash(),
                                        table.qualified(),
                                        key,
                                        records.all()),
                        row ->
                                new LocalWhole(
                                        new RangeFingerprint(row.getLong(1), row.getLong(2)),
                                        row.getLong(3)))
                .orElseThrow();
    }

    List<RangeFingerprint> parts(boolean isDeep, List<UidPrefix> prefixes) throws SQLException {
        return records(isDeep).parts(prefixes);
    }

    List<LocalCopy> copies(boolean isDeep, List<UidPrefix> prefixes) throws SQLException {
        ComparedRecords records = records(isDeep);
        return records.list(
                prefixes,
                "c.uid, %s, %s".formatted(Times.toMicros(VERSION), isDeep ? records.hash() : "0"),
                row ->
                        new LocalCopy(
                                row.getObject(1, UUID.class),
                                new ETag(row.getLong(2)),
                                row.getLong(3)));
    }

    Map<UUID, Standing> standing(Collection<UUID> uids) throws SQLException {
        var standing = new HashMap<UUID, Standing>();
        statements.visit(
                """
                select u.uid, t.%1$s is not null,
                  c.uid is not null and c.last_synchronisation is null,
                  exists (select 1 from doctorbird.engine_parked k
                      where k.model = m.model and k.uid = u.uid and k.instance = 0)
                    or exists (select 1 from doctorbird.engine_quarantine k
                      where k.model = m.model and k.uid = u.uid and k.instance = 0),
                  exists (select 1 from doctorbird.engine_withdrawal w
                      where w.model = m.model and w.uid = u.uid)
                    or exists (select 1 from doctorbird.engine_receipt r
                      where r.model = m.model and u.uid = any(r.uids)),
                  case when c.id is null then %2$s end
                from (select ?::text as model) m cross join unnest(?::uuid[]) u(uid)
                left join %3$s c on c.uid = u.uid left join %4$s t on t.%1$s = c.id
                """
                        .formatted(
                                key,
                                Times.toMicros("c.last_synchronisation"),
                                table.companion(),
                                table.qualified()),
                0,
                row -> {
                    standing.put(row.getObject(1, UUID.class), standing(row));
                    return true;
                },
                shape.model(),
                uids.toArray(UUID[]::new));
        return standing;
    }

    private static Standing standing(ResultSet row) throws SQLException {
        Optional<ETag> ended = KeptRows.etag(row, 6);
        return new Standing(
                row.getBoolean(2), row.getBoolean(3), row.getBoolean(4), row.getBoolean(5), ended);
    }

    /// Where the row is gone without the engine's knowledge, the companion gives its key up.
    void putAtNoVersion(Collection<UUID> uids) throws SQLException {
        statements.update(
                """
                update %1$s c set last_synchronisation = timestamptz 'epoch',
                  changed_fields = null, revision = c.revision + 1,
                  id = (select t.%2$s from %3$s t where t.%2$s = c.id),
                  deleted_at = case when not exists (select from %3$s t where t.%2$s = c.id)
                    then coalesce(c.deleted_at, clock_timestamp()) end
                where c.uid = any(?) and c.last_synchronisation is not null
                """
                        .formatted(table.companion(), key, table.qualified()),
                (Object) uids.toArray(UUID[]::new));
    }

    /// All fields count as changed: which ones are, nobody knows.
    void countAsChanged(Collection<UUID> uids) throws SQLException {
        statements.update(
                """
                update %s c set last_synchronisation = null, changed_fields = null,
                  revision = c.revision + 1, modified_at = clock_timestamp()
                where c.uid = any(?) and c.last_synchronisation is not null
                """
                        .formatted(table.companion()),
                (Object) uids.toArray(UUID[]::new));
    }

    void capture() throws SQLException {
        for (String sql : NewRows.adopted(table, new SatelliteCapture()).statements()) {
            statements.execute(sql);
        }
    }
}
