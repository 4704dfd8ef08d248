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
import java.util.TreeMap;
import java.util.UUID;
import org.doctorbird.conflict.Decided;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.KeptConflict;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.OwnConflict;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// Central's conflict list. Each method takes a fixed number of statements.
final class ConflictList {

    /// What a later push of the same record by the same instance ends: what could not be stored.
    /// Open conflicts `p` over records that are not stored.
    static final String UNSTORED = "p.resolution is null and p.kind in ('key', 'revival')";

    /// The columns that [KeptRows#read] understands, of `p`; a conflict waits for nothing.
    private static final String RECORD =
            """
            p.model, p.uid, p.instance, null::bigint, %s, p.revision, p.is_deleted,
              (select array_agg(e.key) from jsonb_each_text(p.fields) e),
              (select array_agg(e.value) from jsonb_each_text(p.fields) e), p.origin_user,
              null::text[], null::uuid[]\
            """
                    .formatted(Times.toMicros("p.base_etag"));

    /// The columns that [#conflict] reads, of `p`.
    static final String COLUMNS =
            RECORD
                    + """
                    , p.number, p.kind, p.disputed, p.reason, p.resolution, %s,
                      (select array_agg(e.key order by e.key) from jsonb_each_text(p.settled) e),
                      (select array_agg(e.value order by e.key) from jsonb_each_text(p.settled) e)\
                    """
                            .formatted(Times.toMicros("p.resolved_by"));

    private final Statements statements;

    ConflictList(Statements statements) {
        this.statements = statements;
    }

    /// See [org.doctorbird.exchange.CentralTransaction#keepConflicts].
    void keep(List<Dispute> disputes) throws SQLException {
        Map<KeptRecord, Dispute> byRecord = new HashMap<>();
        disputes.forEach(dispute -> byRecord.put(dispute.record(), dispute));
        List<KeptRecord> records =
                KeptRows.distinct(disputes.stream().map(Dispute::record).toList());
        List<Dispute> kept =
                records.stream()
                        .map(record -> java.util.Objects.requireNonNull(byRecord.get(record)))
                        .toList();
        endEarlier(records, "<");
        var fields = new Named();
        var settled = new Named();
        for (int i = 0; i < kept.size(); i++) {
            int number = i + 1;
            kept.get(i).open().forEach(name -> fields.add(number, name, ""));
            kept.get(i)
                    .settled()
                    .forEach((name, policy) -> settled.add(number, name, policy.word()));
        }
        var parameters = new ArrayList<@Nullable Object>(KeptRows.parameters(records));
        parameters.addAll(fields.numbersAndNames());
        parameters.addAll(settled.all());
        parameters.add(kept.stream().map(some -> some.kind().word()).toArray(String[]::new));
        parameters.add(kept.stream().map(Dispute::reason).toArray(String[]::new));
        parameters.add(
                kept.stream().map(some -> some.isOpen() ? null : "policy").toArray(String[]::new));
        statements.update(
                """
                insert into doctorbird.engine_conflict (model, uid, instance, revision, base_etag,
                  disputed, settled, fields, is_deleted, origin_user, kind, reason, resolution,
                  resolved_at)
                select k.model, k.uid, k.instance, k.revision, k.base,
                  coalesce(d.names, '{}'::text[]), coalesce(s.policies, '{}'::jsonb), k.fields,
                  k.is_deleted, k.origin_user, r.kind, r.reason, r.resolution,
                  case when r.resolution is not null then clock_timestamp() end
                from %s
                left join (select n, array_agg(name order by name) as names
                  from unnest(?::bigint[], ?::text[]) w(n, name) group by n) d on d.n = k.n
                left join (select n, jsonb_object_agg(name, word) as policies
                  from unnest(?::bigint[], ?::text[], ?::text[]) w(n, name, word) group by n) s
                  on s.n = k.n
                join unnest(?::text[], ?::text[], ?::text[]) with ordinality
                  r(kind, reason, resolution, n) on r.n = k.n
                on conflict (model, uid, instance, revision) do update
                  set resolution = excluded.resolution, resolved_at = excluded.resolved_at
                  where engine_conflict.resolution = 'overtaken'
                """
                        .formatted(KeptRows.SOURCE),
                parameters.toArray());
    }

    /// Notes that pushes which could not be stored were overtaken by these ones.
    ///
    /// @param comparison of their revisions with these, `<` or `<=`
    void endEarlier(Collection<KeptRecord> records, String comparison) throws SQLException {
        statements.update(
                """
                update doctorbird.engine_conflict p
                set resolution = 'overtaken', resolved_at = clock_timestamp()
                from unnest(?::text[], ?::uuid[], ?::smallint[], ?::bigint[])
                  k(model, uid, instance, revision)
                where p.model = k.model and p.uid = k.uid and p.instance = k.instance
                  and p.revision %s k.revision and %s
                """
                        .formatted(comparison, UNSTORED),
                records.stream().map(record -> record.key().model()).toArray(String[]::new),
                records.stream().map(KeptRecord::uid).toArray(UUID[]::new),
                records.stream().mapToInt(record -> record.from().number()).toArray(),
                records.stream().mapToLong(KeptRecord::revision).toArray());
    }

    /// Returns, by uid, those of the pushes that were kept before in the same revision.
    Map<UUID, Decided> decided(String model, InstanceId from, Collection<PushedRecord> pushed)
            throws SQLException {
        var decided = new HashMap<UUID, Decided>();
        statements
                .query(
                        """
                        select %s, p.resolution is null from doctorbird.engine_conflict p
                        join unnest(?::uuid[], ?::bigint[]) k(uid, revision)
                          on p.uid = k.uid and p.revision = k.revision
                        where p.model = ? and p.instance = ?
                        """
                                .formatted(RECORD),
                        row -> Map.entry(KeptRows.read(row), row.getBoolean(13)),
                        pushed.stream().map(PushedRecord::uid).toArray(UUID[]::new),
                        pushed.stream().mapToLong(PushedRecord::revision).toArray(),
                        model,
                        from.number())
                .forEach(entry ->
                        decided.put(
                                entry.getKey().uid(),
                                new Decided(entry.getKey().asPushed(), entry.getValue())));
        return decided;
    }

    List<OwnConflict> open(InstanceId from, int limit) throws SQLException {
        return statements.query(
                """
                select p.model, p.uid, p.kind from doctorbird.engine_conflict p
                where p.instance = ? and p.resolution is null order by p.number limit ?
                """,
                row ->
                        new OwnConflict(
                                new RecordKey(row.getString(1), row.getObject(2, UUID.class)),
                                Dispute.Kind.of(row.getString(3)).orElse(Dispute.Kind.FIELDS)),
                from.number(),
                limit);
    }

    Optional<KeptConflict> find(long number) throws SQLException {
        return statements.first(
                "select "
                        + COLUMNS
                        + " from doctorbird.engine_conflict p where p.number = ? for update",
                ConflictList::conflict,
                number);
    }

    /// Reads one entry of [#COLUMNS].
    static KeptConflict conflict(ResultSet row) throws SQLException {
        Map<String, Policy> settled = new TreeMap<>();
        String[] names = KeptRows.texts(row.getArray(19));
        String[] words = KeptRows.texts(row.getArray(20));
        for (int i = 0; i < names.length; i++) {
            settled.put(names[i], Policy.of(words[i]).orElse(Policy.MANUAL));
        }
        Optional<String> resolution = Optional.ofNullable(row.getString(17));
        return new KeptConflict(
                row.getLong(13),
                new Dispute(
                        KeptRows.read(row),
                        Dispute.Kind.of(row.getString(14)).orElse(Dispute.Kind.FIELDS),
                        Set.of(KeptRows.texts(row.getArray(15))),
                        settled,
                        row.getString(16),
                        resolution.isEmpty()),
                resolution,
                KeptRows.etag(row, 18));
    }

    void end(long number, String resolution, Optional<ETag> resolvedBy) throws SQLException {
        statements.update(
                """
                update doctorbird.engine_conflict
                set resolution = ?, resolved_at = clock_timestamp(), resolved_by = %s
                where number = ?
                """
                        .formatted(Times.fromMicros("?::bigint")),
                resolution,
                resolvedBy.map(ETag::micros).orElse(null),
                number);
    }

    void reopen(long number) throws SQLException {
        statements.update(
                """
                update doctorbird.engine_conflict
                set resolution = null, resolved_at = null, resolved_by = null where number = ?
                """,
                number);
    }

    /// Returns the values that a version replaced, of the fields that it changed.
    Fields replacedBy(RecordKey key, ETag version) throws SQLException {
        return statements
                .first(
                        """
                        select array_agg(e.key), array_agg(e.value)
                        from doctorbird.engine_history h, jsonb_each_text(h.before) e
                        where h.uid = ? and h.model = ? and h.etag = %s
                        """
                                .formatted(Times.fromMicros("?::bigint")),
                        row -> KeptRows.fields(row.getArray(1), row.getArray(2)),
                        key.uid(),
                        key.model(),
                        version.micros())
                .orElse(Fields.NONE);
    }

    Set<String> changedSince(RecordKey key, ETag version) throws SQLException {
        return Set.copyOf(
                statements.query(
                        """
                        select distinct unnest(h.fields) from doctorbird.engine_history h
                        where h.uid = ? and h.model = ? and h.etag > %s
                        """
                                .formatted(Times.fromMicros("?::bigint")),
                        row -> row.getString(1),
                        key.uid(),
                        key.model(),
                        version.micros()));
    }

    /// Numbered names with words, as parameters.
    private static final class Named {

        private final List<Long> numbers = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private final List<String> words = new ArrayList<>();

        void add(long number, String name, String word) {
            numbers.add(number);
            names.add(name);
            words.add(word);
        }

        List<Object> numbersAndNames() {
            return List.of(
                    numbers.stream().mapToLong(Long::longValue).toArray(),
                    names.toArray(String[]::new));
        }

        List<Object> all() {
            var all = new ArrayList<>(numbersAndNames());
            all.add(words.toArray(String[]::new));
            return all;
        }
    }
}
