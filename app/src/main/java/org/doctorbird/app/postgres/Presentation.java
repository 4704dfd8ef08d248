package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.exchange.Presenting;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.record.ETag;

/// A satellite tells central what it holds. Each method takes one statement.
final class Presentation {

    /// Before every uid.
    private static final UUID START = new UUID(0, 0);

    /// From which version a record goes on.
    private static final String VERSION =
            """
            coalesce(c.last_synchronisation,
              case when c.is_taken then timestamptz 'epoch' else c.base_etag end)\
            """;

    private final Statements statements;

    Presentation(Statements statements) {
        this.statements = statements;
    }

    void begin(Collection<String> models, long horizon) throws SQLException {
        statements.update(
                """
                insert into doctorbird.engine_presenting (model, horizon)
                select m, ? from unnest(?::text[]) m
                on conflict (model) do update set after = null, horizon = excluded.horizon
                """,
                horizon,
                models.toArray(String[]::new));
    }

    List<Presenting> open() throws SQLException {
        return statements.query(
                "select model, after, horizon from doctorbird.engine_presenting order by model",
                row ->
                        new Presenting(
                                row.getString(1),
                                Optional.ofNullable(row.getObject(2, UUID.class)),
                                row.getLong(3)));
    }

    List<Receipt> held(SyncedTable table, Optional<UUID> after, int limit) throws SQLException {
        return statements.query(
                """
                select c.uid, %s from %s c
                where c.uid > ? and (c.base_etag is not null
                  or c.id is not null and c.last_synchronisation is not null)
                order by c.uid limit ?
                """
                        .formatted(Times.toMicros(VERSION), table.companion()),
                row -> new Receipt(row.getObject(1, UUID.class), new ETag(row.getLong(2))),
                after.orElse(START),
                limit);
    }

    List<Receipt> unstored(String model, Optional<UUID> after, int limit) throws SQLException {
        return statements.query(
                """
                select k.uid, %s from (select uid, etag from doctorbird.engine_parked
                    where model = ? and instance = 0
                  union all select uid, etag from doctorbird.engine_quarantine
                    where model = ? and instance = 0) k
                where k.uid > ? order by k.uid limit ?
                """
                        .formatted(Times.toMicros("k.etag")),
                row -> new Receipt(row.getObject(1, UUID.class), new ETag(row.getLong(2))),
                model,
                model,
                after.orElse(START),
                limit);
    }

    void giveUp(String model, List<Receipt> lost) throws SQLException {
        for (String list : List.of("engine_parked", Quarantine.LIST)) {
            statements.update(
                    """
                    with gone as (delete from doctorbird.%s k
                      using unnest(?::uuid[], ?::bigint[]) r(uid, etag)
                      where k.model = ? and k.uid = r.uid and k.instance = 0 and k.etag = %s
                      returning k.model, k.uid, k.fields, k.is_deleted, k.etag)
                    insert into doctorbird.engine_refused
                      (model, uid, revision, fields, is_deleted, overwritten_by)
                    select g.model, g.uid, 0, g.fields, g.is_deleted, g.etag from gone g
                    on conflict (model, uid, revision) do update set fields = excluded.fields,
                      is_deleted = excluded.is_deleted, overwritten_by = excluded.overwritten_by
                    """
                            .formatted(list, Times.fromMicros("r.etag")),
                    lost.stream().map(Receipt::uid).toArray(UUID[]::new),
                    lost.stream().mapToLong(some -> some.etag().micros()).toArray(),
                    model);
        }
    }

    void reopen(SyncedTable table, List<Receipt> presented, List<UnknownVersion> unknown)
            throws SQLException {
        Map<UUID, ETag> versions = new HashMap<>();
        presented.forEach(some -> versions.put(some.uid(), some.etag()));
        List<UnknownVersion> asked =
                unknown.stream().filter(some -> versions.containsKey(some.uid())).toList();
        statements.update(
                """
                update %1$s c set last_synchronisation = null, changed_fields = null,
                  revision = c.revision + 1, is_taken = false,
                  base_etag = case when %2$s = timestamptz 'epoch' then c.base_etag else %3$s end
                from unnest(?::uuid[], ?::bigint[], ?::bigint[]) r(uid, version, base)
                where c.uid = r.uid and %2$s = %4$s
                """
                        .formatted(
                                table.companion(),
                                VERSION,
                                Times.fromMicros("nullif(r.base, -1)"),
                                Times.fromMicros("r.version")),
                asked.stream().map(UnknownVersion::uid).toArray(UUID[]::new),
                asked.stream()
                        .mapToLong(
                                some -> Objects.requireNonNull(versions.get(some.uid())).micros())
                        .toArray(),
                asked.stream()
                        .mapToLong(some -> some.base().map(ETag::micros).orElse(-1L))
                        .toArray());
    }

    void note(String model, UUID last) throws SQLException {
        statements.update(
                "update doctorbird.engine_presenting set after = ? where model = ?", last, model);
    }

    void end(String model) throws SQLException {
        statements.update("delete from doctorbird.engine_presenting where model = ?", model);
    }
}
