package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.conflict.LocalRecord;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.Refused;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;

/// The lists of records that were received and are not stored: parked, in quarantine, in conflict,
/// refused. Each method takes a fixed number of statements.
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
        statements.update(
                """
                insert into doctorbird.engine_parked
                  (model, uid, instance, etag, base_etag, revision, fields, is_deleted, origin_user)
                select k.model, k.uid, k.instance, k.etag, k.base, k.revision, k.fields, k.is_deleted,
                  k.origin_user
                from %s
                on conflict (model, uid, instance) do update set etag = excluded.etag,
                  base_etag = excluded.base_etag, revision = excluded.revision,
                  fields = excluded.fields, is_deleted = excluded.is_deleted,
                  origin_user = excluded.origin_user
                """
                        .formatted(KeptRows.SOURCE),
                KeptRows.parameters(records).toArray());
        deleteEach("engine_parked_for", records);
        var keys = new Keys();
        var targetModels = new ArrayList<String>();
        var targets = new ArrayList<UUID>();
        for (KeptRecord record : records) {
            for (RecordKey target : Set.copyOf(record.waitsFor())) {
                keys.add(record);
                targetModels.add(target.model());
                targets.add(target.uid());
            }
        }
        statements.update(
                """
                insert into doctorbird.engine_parked_for
                  (model, uid, instance, target_model, target_uid)
                select * from unnest(?::text[], ?::uuid[], ?::smallint[], ?::text[], ?::uuid[])
                """,
                keys.models(),
                keys.uids(),
                keys.instances(),
                targetModels.toArray(String[]::new),
                targets.toArray(UUID[]::new));
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
                not exists (select 1 from doctorbird.engine_parked_for f
                  where f.model = p.model and f.uid = p.uid and f.instance = p.instance and not %s)
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
            deleteEach("engine_parked", taken);
        }
        return taken;
    }

    void quarantine(List<KeptRecord> given, List<Refused> refusals) throws SQLException {
        if (given.isEmpty()) {
            return;
        }
        Map<KeptRecord, Refused> reasons = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            reasons.put(given.get(i), refusals.get(i));
        }
        List<KeptRecord> records = KeptRows.distinct(given);
        List<Refused> distinct = records.stream().map(reasons::get).toList();
        var parameters = new ArrayList<@Nullable Object>(KeptRows.parameters(records));
        parameters.add(distinct.stream().map(some -> some.code().code()).toArray(String[]::new));
        parameters.add(distinct.stream().map(Refused::reason).toArray(String[]::new));
        parameters.add(
                distinct.stream()
                        .map(some -> some.detail().replace('\0', '\uFFFD'))
                        .toArray(String[]::new));
        statements.update(
                """
                insert into doctorbird.engine_quarantine as q (model, uid, instance, etag, base_etag,
                  revision, fields, is_deleted, origin_user, code, reason, detail)
                select k.model, k.uid, k.instance, k.etag, k.base, k.revision, k.fields,
                  k.is_deleted, k.origin_user, r.code, r.reason, r.detail
                from %s
                join unnest(?::text[], ?::text[], ?::text[]) with ordinality
                  r(code, reason, detail, n) on r.n = k.n
                on conflict (model, uid, instance) do update set etag = excluded.etag,
                  base_etag = excluded.base_etag, revision = excluded.revision,
                  fields = excluded.fields, is_deleted = excluded.is_deleted,
                  origin_user = excluded.origin_user, code = excluded.code, reason = excluded.reason, detail = excluded.detail,
                  attempts = q.attempts + 1
                """
                        .formatted(KeptRows.SOURCE),
                parameters.toArray());
    }

    void release(Collection<KeptRecord> records) throws SQLException {
        if (!records.isEmpty()) {
            deleteEach("engine_quarantine", records);
            deleteEach("engine_parked", records);
        }
    }

    private void deleteEach(String list, Collection<KeptRecord> records) throws SQLException {
        var keys = new Keys();
        records.forEach(keys::add);
        statements.update(
                """
                delete from doctorbird.%s l
                using unnest(?::text[], ?::uuid[], ?::smallint[]) k(model, uid, instance)
                where l.model = k.model and l.uid = k.uid and l.instance = k.instance
                """
                        .formatted(list),
                keys.models(),
                keys.uids(),
                keys.instances());
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

    /// Keys of kept records as parameters.
    private static final class Keys {

        private final List<KeptRecord> records = new ArrayList<>();

        void add(KeptRecord record) {
            records.add(record);
        }

        String[] models() {
            return records.stream().map(record -> record.key().model()).toArray(String[]::new);
        }

        UUID[] uids() {
            return records.stream().map(KeptRecord::uid).toArray(UUID[]::new);
        }

        int[] instances() {
            return records.stream().mapToInt(record -> record.from().number()).toArray();
        }
    }
}
