package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.app.postgres.KeptKeys.Place;
import org.doctorbird.exchange.BackOff;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.DroppedVersion;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.QuarantineChoice;
import org.doctorbird.exchange.Refused;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.Uids;
import org.jspecify.annotations.Nullable;

/// The list of records that the database refuses, whole. Each method takes a fixed number of
/// statements.
final class Quarantine {

    static final String LIST = "engine_quarantine";

    /// What makes another try worthwhile.
    private static final String POINTERS = "engine_quarantine_on";

    /// Rows in one round trip: bounds memory when the values are large.
    private static final int FETCHED = 100;

    private static final String IS_SAME =
            "q.revision = excluded.revision and q.etag is not distinct from excluded.etag";

    private final Statements statements;

    Quarantine(Statements statements) {
        this.statements = statements;
    }

    /// Returns the condition on rows `q` that a choice means, and adds its parameters.
    static String condition(QuarantineChoice choice, List<@Nullable Object> parameters) {
        parameters.add(choice.model());
        if (choice.uid().isPresent()) {
            parameters.add(choice.uid().get());
            return "q.model = ? and q.uid = ?";
        }
        if (choice.cause().isPresent()) {
            parameters.add(choice.cause().get().code());
            parameters.add(choice.cause().get().reason());
            return "q.model = ? and q.code = ? and q.reason = ?";
        }
        return "q.model = ?";
    }

    /// Returns the expression of the pause after so many tries.
    private static String pause(String attempts) {
        return "(array[%s])[least(%s, %d)] * interval '1 second'"
                .formatted(
                        BackOff.pauses().stream()
                                .map(some -> Long.toString(some.toSeconds()))
                                .collect(Collectors.joining(", ")),
                        attempts,
                        BackOff.pauses().size());
    }

    /// See [org.doctorbird.exchange.RecordTransaction#quarantine].
    void put(List<KeptRecord> given, List<Refused> refusals) throws SQLException {
        if (given.isEmpty()) {
            return;
        }
        Map<Place, Refused> reasons = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            reasons.put(Place.of(given.get(i)), refusals.get(i));
        }
        List<KeptRecord> records = KeptRows.distinct(given);
        var keys = new KeptKeys(statements, records);
        keys.deleteUnlessLater("engine_parked");
        List<Place> kept =
                insert(
                        records,
                        records.stream().map(record -> reasons.get(Place.of(record))).toList());
        keys.only(kept).point(POINTERS);
    }

    private List<Place> insert(List<KeptRecord> records, List<Refused> refusals)
            throws SQLException {
        var parameters = new ArrayList<@Nullable Object>(KeptRows.parameters(records));
        parameters.add(refusals.stream().map(some -> some.code().code()).toArray(String[]::new));
        parameters.add(refusals.stream().map(Refused::reason).toArray(String[]::new));
        parameters.add(
                refusals.stream()
                        .map(some -> some.detail().replace('\0', '\uFFFD'))
                        .toArray(String[]::new));
        String attempts = "case when %s then q.attempts + 1 else 1 end".formatted(IS_SAME);
        return statements.query(
                """
                insert into doctorbird.engine_quarantine as q (model, uid, instance, etag, base_etag,
                  revision, fields, is_deleted, origin_user, code, reason, detail, next_try)
                select k.model, k.uid, k.instance, k.etag, k.base, k.revision, k.fields,
                  k.is_deleted, k.origin_user, r.code, r.reason, r.detail, clock_timestamp() + %s
                from %s
                join unnest(?::text[], ?::text[], ?::text[]) with ordinality
                  r(code, reason, detail, n) on r.n = k.n
                where not exists (select 1 from doctorbird.engine_parked p
                  where p.model = k.model and p.uid = k.uid and p.instance = k.instance)
                on conflict (model, uid, instance) do update set etag = excluded.etag,
                  base_etag = excluded.base_etag, revision = excluded.revision,
                  fields = excluded.fields, is_deleted = excluded.is_deleted,
                  origin_user = excluded.origin_user,
                  code = excluded.code, reason = excluded.reason, detail = excluded.detail,
                  since = case when %s then q.since else excluded.since end,
                  dropped_at = case when %s then q.dropped_at end,
                  attempts = %s, next_try = clock_timestamp() + %s
                where q.revision <= excluded.revision
                  and coalesce(q.etag <= excluded.etag, true)
                returning q.model, q.uid, q.instance
                """
                        .formatted(
                                pause("1"),
                                KeptRows.SOURCE,
                                IS_SAME,
                                IS_SAME,
                                attempts,
                                pause(attempts)),
                Place::read,
                parameters.toArray());
    }

    /// Rows that somebody is trying at this moment are left out: nobody has to wait for a try, and
    /// it meets what was stored as soon as that is committed.
    int makeDue(Collection<RecordKey> changed) throws SQLException {
        return makeDue(
                """
                (q.model, q.uid, q.instance) in (select o.model, o.uid, o.instance
                  from unnest(?::text[], ?::uuid[]) a(model, uid)
                  join doctorbird.engine_quarantine_on o
                    on o.target_uid = a.uid and o.target_model = a.model)
                """,
                changed.stream().map(RecordKey::model).toArray(String[]::new),
                changed.stream().map(RecordKey::uid).toArray(UUID[]::new));
    }

    /// Makes everything due that is not dropped.
    int makeAllDue() throws SQLException {
        return makeDue("true");
    }

    private int makeDue(String condition, @Nullable Object... parameters) throws SQLException {
        return statements.update(
                """
                update doctorbird.engine_quarantine q set next_try = clock_timestamp()
                from (select q.model, q.uid, q.instance from doctorbird.engine_quarantine q
                  where q.dropped_at is null and q.next_try > clock_timestamp() and %s
                  for update skip locked) d
                where q.model = d.model and q.uid = d.uid and q.instance = d.instance
                """
                        .formatted(condition),
                parameters);
    }

    Set<String> modelsDue() throws SQLException {
        return new HashSet<>(
                statements.query(
                        """
                        select distinct model from doctorbird.engine_quarantine
                        where dropped_at is null and next_try <= clock_timestamp()
                        """,
                        row -> row.getString(1)));
    }

    List<KeptRecord> takeDue(String model, int limit) throws SQLException {
        return take(
                """
                p.model = ? and p.dropped_at is null and p.next_try <= clock_timestamp()
                order by p.next_try, p.uid, p.instance limit ? for update of p skip locked
                """,
                model,
                limit);
    }

    List<KeptRecord> takeChosen(QuarantineChoice choice, Optional<KeptRecord> after, int limit)
            throws SQLException {
        var parameters = new ArrayList<@Nullable Object>();
        String condition = condition(choice, parameters).replace("q.", "p.");
        parameters.add(after.map(KeptRecord::uid).orElse(Uids.FIRST));
        parameters.add(after.map(record -> record.from().number()).orElse(-1));
        parameters.add(limit);
        return take(
                """
                %s and %s and (p.uid, p.instance) > (?, ?)
                order by p.uid, p.instance limit ? for update of p
                """
                        .formatted(
                                condition,
                                choice.uid().isPresent() ? "true" : "p.dropped_at is null"),
                parameters.toArray());
    }

    private List<KeptRecord> take(String condition, @Nullable Object... parameters)
            throws SQLException {
        var taken = new ArrayList<KeptRecord>();
        var size = new long[1];
        statements.visit(
                """
                select %s,
                  (select array_agg(o.target_model order by o.target_model, o.target_uid)
                    from doctorbird.engine_quarantine_on o where o.model = p.model
                      and o.uid = p.uid and o.instance = p.instance),
                  (select array_agg(o.target_uid order by o.target_model, o.target_uid)
                    from doctorbird.engine_quarantine_on o where o.model = p.model
                      and o.uid = p.uid and o.instance = p.instance)
                from doctorbird.engine_quarantine p
                where %s
                """
                        .formatted(KeptRows.COLUMNS, condition),
                FETCHED,
                row -> {
                    KeptRecord record = KeptRows.read(row);
                    taken.add(record);
                    size[0] += RowReader.size(record.fields());
                    return size[0] < BatchLimit.BYTES_DEFAULT;
                },
                parameters);
        new KeptKeys(statements, taken)
                .update(
                        LIST,
                        "dropped_at = null, next_try = clock_timestamp() + " + pause("l.attempts"));
        return taken;
    }

    Map<UUID, DroppedVersion> dropped(String model, InstanceId from, Collection<UUID> uids)
            throws SQLException {
        var dropped = new HashMap<UUID, DroppedVersion>();
        statements.visit(
                """
                select q.uid, q.revision, %s from doctorbird.engine_quarantine q
                where q.dropped_at is not null and q.model = ? and q.uid = any(?)
                  and q.instance = ?
                """
                        .formatted(Times.toMicros("q.etag")),
                0,
                row -> {
                    dropped.put(
                            row.getObject(1, UUID.class),
                            new DroppedVersion(row.getLong(2), KeptRows.etag(row, 3)));
                    return true;
                },
                model,
                uids.toArray(UUID[]::new),
                from.number());
        return dropped;
    }
}
