package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.Withdrawal;

/// A satellite's notes of one model's records that central has withdrawn and that are still here.
/// Each method takes a fixed number of statements.
final class Withdrawals {

    private final Statements statements;
    private final String model;

    Withdrawals(Statements statements, String model) {
        this.statements = statements;
        this.model = model;
    }

    static Set<String> models(Statements statements) throws SQLException {
        return new HashSet<>(
                statements.query(
                        "select distinct model from doctorbird.engine_withdrawal",
                        row -> row.getString(1)));
    }

    /// A later withdrawal of a record takes the place of an earlier one; how long it has been
    /// waiting stays.
    void keep(List<Withdrawal> withdrawn) throws SQLException {
        statements.update(
                """
                insert into doctorbird.engine_withdrawal (model, uid, stamp)
                select ?, r.uid, r.stamp from unnest(?::uuid[], ?::bigint[]) r(uid, stamp)
                order by r.uid
                on conflict (model, uid) do update set stamp = excluded.stamp
                """,
                model,
                withdrawn.stream().map(Withdrawal::uid).toArray(UUID[]::new),
                withdrawn.stream().mapToLong(Withdrawal::stamp).toArray());
    }

    void drop(Collection<UUID> uids) throws SQLException {
        statements.update(
                "delete from doctorbird.engine_withdrawal where model = ? and uid = any(?)",
                model,
                uids.toArray(UUID[]::new));
    }

    /// Notes why records could not be removed.
    void noteRefused(List<Refused> refused) throws SQLException {
        statements.update(
                """
                update doctorbird.engine_withdrawal w
                set reason = r.reason, attempts = w.attempts + 1
                from unnest(?::uuid[], ?::text[]) r(uid, reason)
                where w.model = ? and w.uid = r.uid
                """,
                refused.stream().map(Refused::uid).toArray(UUID[]::new),
                refused.stream().map(Refused::reason).toArray(String[]::new),
                model);
    }

    /// Four statements: those that may be due, the locks of their rows and of their companions, and
    /// what is still so under the locks.
    List<Withdrawal> due(SyncedTable table, Optional<UUID> after, int limit) throws SQLException {
        List<UUID> some =
                statements.query(
                        """
                        select w.uid from doctorbird.engine_withdrawal w
                        left join %s c on c.uid = w.uid
                        where w.model = ? and (?::uuid is null or w.uid > ?::uuid)
                          and (c.uid is null or c.last_synchronisation is not null)
                        order by w.uid limit ?
                        """
                                .formatted(table.companion()),
                        row -> row.getObject(1, UUID.class),
                        model,
                        after.orElse(null),
                        after.orElse(null),
                        limit);
        if (some.isEmpty()) {
            return List.of();
        }
        RowLocks.lock(statements, table, some);
        Set<UUID> changed = new HashSet<>();
        statements.visit(
                """
                select c.uid, c.last_synchronisation is null from %s c
                where c.uid = any(?) order by c.uid for update
                """
                        .formatted(table.companion()),
                0,
                row -> {
                    if (row.getBoolean(2)) {
                        changed.add(row.getObject(1, UUID.class));
                    }
                    return true;
                },
                (Object) some.toArray(UUID[]::new));
        return statements.query(
                """
                select w.uid, w.stamp from doctorbird.engine_withdrawal w
                where w.model = ? and w.uid = any(?) order by w.uid for update
                """,
                row -> new Withdrawal(row.getObject(1, UUID.class), row.getLong(2)),
                model,
                some.stream().filter(uid -> !changed.contains(uid)).toArray(UUID[]::new));
    }
}
