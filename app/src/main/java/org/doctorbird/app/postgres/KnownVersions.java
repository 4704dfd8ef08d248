package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.record.ETag;

/// Which versions central knows: the current ones and those in the history, and also those whose
/// history may have ended.
final class KnownVersions {

    private final Statements statements;
    private final SyncedTable table;

    KnownVersions(Statements statements, SyncedTable table) {
        this.statements = statements;
        this.table = table;
    }

    /// One statement, with two looks into the history for each version that is not current.
    List<UnknownVersion> without(List<Receipt> versions) throws SQLException {
        return statements.query(
                """
                select r.uid, %1$s
                from unnest(?::uuid[], ?::bigint[]) a(uid, micros)
                cross join lateral (select a.uid, %2$s as etag) r
                left join %3$s c on c.uid = r.uid
                left join lateral (
                  select bool_or(r.etag in (h.etag, h.replaced_etag)) as is_known,
                    greatest(max(h.etag) filter (where h.etag < r.etag),
                      max(h.replaced_etag) filter (where h.replaced_etag < r.etag)) as base
                  from doctorbird.engine_history h where h.uid = r.uid and h.model = ?) p on true
                where c.etag is distinct from r.etag and p.is_known is not true
                  and not (c.uid is not null and a.micros > 0 and exists (
                    select from doctorbird.engine_forgotten f
                    where f.model = ? and f.etag >= r.etag))
                """
                        .formatted(
                                Times.toMicros(
                                        "greatest(case when c.etag < r.etag then c.etag end, p.base)"),
                                Times.fromMicros("a.micros"),
                                table.companion()),
                KnownVersions::unknown,
                versions.stream().map(Receipt::uid).toArray(UUID[]::new),
                versions.stream().mapToLong(some -> some.etag().micros()).toArray(),
                table.model(),
                table.model());
    }

    private static UnknownVersion unknown(ResultSet row) throws SQLException {
        var uid = row.getObject(1, UUID.class);
        long base = row.getLong(2);
        return new UnknownVersion(
                uid, row.wasNull() ? Optional.empty() : Optional.of(new ETag(base)));
    }
}
