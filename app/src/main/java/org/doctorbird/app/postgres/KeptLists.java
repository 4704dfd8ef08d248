package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.doctorbird.app.postgres.KeptKeys.Place;
import org.doctorbird.conflict.LocalRecord;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;

/// The lists of records that were received and are not stored: parked, in conflict, refused; for
/// those in quarantine see [Quarantine]. Each method takes a fixed number of statements.
final class KeptLists {

    private final Statements statements;
    private final TablesByModel tables;

    KeptLists(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
    }

    void park(List<KeptRecord> given) throws SQLException {
        List<KeptRecord> records = KeptRows.distinct(given);
        if (records.isEmpty()) {
            return;
        }
        var keys = new KeptKeys(statements, records);
        keys.deleteUnlessLater(Quarantine.LIST);
        List<Place> parked =
                statements.query(
                        """
                        insert into doctorbird.engine_parked as p
                          (model, uid, instance, etag, base_etag, revision, fields, is_deleted,
                          origin_user)
                        select k.model, k.uid, k.instance, k.etag, k.base, k.revision, k.fields,
                          k.is_deleted, k.origin_user
                        from %s
                        where not exists (select 1 from doctorbird.engine_quarantine q
                          where q.model = k.model and q.uid = k.uid and q.instance = k.instance)
                        on conflict (model, uid, instance) do update set etag = excluded.etag,
                          base_etag = excluded.base_etag, revision = excluded.revision,
                          fields = excluded.fields, is_deleted = excluded.is_deleted,
                          origin_user = excluded.origin_user
                        where p.revision <= excluded.revision
                          and coalesce(p.etag <= excluded.etag, true)
                        returning p.model, p.uid, p.instance
                        """
                                .formatted(KeptRows.SOURCE),
                        Place::read,
                        KeptRows.parameters(records).toArray());
        keys.only(parked).point("engine_parked_for");
    }

    List<KeptRecord> takeParked(Collection<RecordKey> arrived, int limit) throws SQLException {
        if (arrived.isEmpty()) {
            return List.of();
        }
        return take(
                """
                (p.model, p.uid, p.instance) in (select f.model, f.uid, f.instance
                  from doctorbird.engine_parked_for f join unnest(?::text[], ?::uuid[]) a(model, uid)
                    on f.target_uid = a.uid and f.target_model = a.model)
                """,
                arrived.stream().map(RecordKey::model).toArray(String[]::new),
                arrived.stream().map(RecordKey::uid).toArray(UUID[]::new),
                limit);
    }

    List<KeptRecord> takeReady(int limit) throws SQLException {
        return take(
                """
                (not exists (select 1 from doctorbird.engine_parked_for f
                    where f.model = p.model and f.uid = p.uid and f.instance = p.instance and not %s)
                  or exists (select 1 from doctorbird.engine_settled d where d.model = p.model
                    and d.uid = p.uid and d.instance = p.instance and d.revision > p.revision))
                """
                        .formatted(Presence.condition(tables, "f.target_model", "f.target_uid")),
                limit);
    }

    /// Two transactions that take at the same time take different records.
    private List<KeptRecord> take(String condition, Object... parameters) throws SQLException {
        List<KeptRecord> taken =
                statements.query(
                        """
                        select %s,
                          (select array_agg(f.target_model order by f.target_model, f.target_uid)
                            from doctorbird.engine_parked_for f where f.model = p.model
                              and f.uid = p.uid and f.instance = p.instance),
                          (select array_agg(f.target_uid order by f.target_model, f.target_uid)
                            from doctorbird.engine_parked_for f where f.model = p.model
                              and f.uid = p.uid and f.instance = p.instance)
                        from doctorbird.engine_parked p
                        where %s
                        order by p.since, p.model, p.uid, p.instance limit ?
                        for update of p skip locked
                        """
                                .formatted(KeptRows.COLUMNS, condition),
                        KeptRows::read,
                        parameters);
        if (!taken.isEmpty()) {
            new KeptKeys(statements, taken).delete("engine_parked");
        }
        return taken;
    }

    void release(Collection<KeptRecord> records) throws SQLException {
        var keys = new KeptKeys(statements, records);
        keys.deleteUnlessLater(Quarantine.LIST);
        keys.deleteUnlessLater("engine_parked");
    }

    void keepRefused(String model, Map<LocalRecord, SentRecord> overwrittenBy) throws SQLException {
        if (overwrittenBy.isEmpty()) {
            return;
        }
        var records = new ArrayList<KeptRecord>();
        var etags = new ArrayList<Long>();
        overwrittenBy.forEach((local, sent) -> {
            var change =
                    new PushedRecord(
                            local.uid(),
                            local.base(),
                            local.revision(),
                            local.values(),
                            local.isDeleted());
            records.add(KeptRecord.of(model, InstanceId.CENTRAL, change, List.of()));
            etags.add(sent.etag().micros());
        });
        var parameters = new ArrayList<@Nullable Object>(KeptRows.parameters(records));
        parameters.add(etags.stream().mapToLong(Long::longValue).toArray());
        statements.update(
                """
                insert into doctorbird.engine_refused
                  (model, uid, revision, fields, is_deleted, overwritten_by)
                select k.model, k.uid, k.revision, k.fields, k.is_deleted, %s
                from %s join unnest(?::bigint[]) with ordinality o(etag, n) on o.n = k.n
                on conflict (model, uid, revision) do update set fields = excluded.fields,
                  is_deleted = excluded.is_deleted, overwritten_by = excluded.overwritten_by
                """
                        .formatted(Times.fromMicros("o.etag"), KeptRows.SOURCE),
                parameters.toArray());
    }
}
