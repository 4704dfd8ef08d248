package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.Settlement;

/// Notes central's answers to a push: at most thirteen statements, whatever the number of records.
///
/// Only records whose revision is still the one that was pushed are touched: a change made
/// meanwhile has another one, and stays to be pushed.
final class Settling {

    private final Statements statements;
    private final SyncedTable table;

    Settling(Statements statements, SyncedTable table) {
        this.statements = statements;
        this.table = table;
    }

    void settle(List<? extends Settlement> settlements) throws SQLException {
        settleInStep(of(settlements, Settlement.InStep.class));
        settleTaken(of(settlements, Settlement.Taken.class));
        settleHeld(of(settlements, Settlement.Held.class));
        settleWhole(of(settlements, Settlement.Whole.class));
        settleJoined(of(settlements, Settlement.Joined.class));
    }

    private static <S extends Settlement> List<S> of(
            List<? extends Settlement> settlements, Class<S> kind) {
        return settlements.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static UUID[] uids(List<? extends Settlement> settlements) {
        return settlements.stream().map(Settlement::uid).toArray(UUID[]::new);
    }

    private static long[] revisions(List<? extends Settlement> settlements) {
        return settlements.stream().mapToLong(Settlement::revision).toArray();
    }

    private void settleInStep(List<Settlement.InStep> settlements) throws SQLException {
        if (settlements.isEmpty()) {
            return;
        }
        statements.update(
                """
                update %s c set last_synchronisation = %s, base_etag = %s, changed_fields = null,
                  is_taken = false
                from unnest(?::uuid[], ?::bigint[], ?::bigint[]) r(uid, revision, etag)
                where c.uid = r.uid and c.revision = r.revision
                """
                        .formatted(
                                table.companion(),
                                Times.fromMicros("r.etag"),
                                Times.fromMicros("r.etag")),
                uids(settlements),
                revisions(settlements),
                settlements.stream().mapToLong(some -> some.etag().micros()).toArray());
        endHolding(settlements);
    }

    /// At no version of central's: whatever comes is newer. Until then the base is not all that
    /// central had, whatever is changed here.
    private void settleTaken(List<Settlement.Taken> settlements) throws SQLException {
        if (settlements.isEmpty()) {
            return;
        }
        statements.update(
                """
                update %s c set last_synchronisation = timestamptz 'epoch', changed_fields = null,
                  is_taken = true
                from unnest(?::uuid[], ?::bigint[]) r(uid, revision)
                where c.uid = r.uid and c.revision = r.revision
                """
                        .formatted(table.companion()),
                uids(settlements),
                revisions(settlements));
        endHolding(settlements);
    }

    private void endHolding(List<? extends Settlement> settlements) throws SQLException {
        statements.update(
                """
                delete from doctorbird.engine_held h
                using unnest(?::uuid[], ?::bigint[]) r(uid, revision)
                where h.model = ? and h.uid = r.uid and h.revision <= r.revision
                """,
                uids(settlements),
                revisions(settlements),
                table.model());
    }

    private void settleHeld(List<Settlement.Held> settlements) throws SQLException {
        if (!settlements.isEmpty()) {
            hold(settlements);
            noteConflicts(settlements);
        }
    }

    /// The pauses grow from one minute to one hour; another change of the record begins anew.
    private void hold(List<Settlement.Held> settlements) throws SQLException {
        statements.update(
                """
                insert into doctorbird.engine_held as h
                  (model, uid, revision, code, reason, next_try)
                select ?, c.uid, c.revision, r.code, r.reason,
                  clock_timestamp() + interval '1 minute'
                from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[])
                  r(uid, revision, code, reason)
                join %s c on c.uid = r.uid and c.revision = r.revision
                on conflict (model, uid) do update set
                  since = case when h.revision = excluded.revision then h.since
                    else excluded.since end,
                  attempts = case when h.revision = excluded.revision then h.attempts + 1 else 1
                    end,
                  next_try = clock_timestamp() + case when h.revision = excluded.revision
                    then least(interval '1 hour',
                      interval '1 minute' * power(2, least(h.attempts, 10)))
                    else interval '1 minute' end,
                  revision = excluded.revision, code = excluded.code, reason = excluded.reason
                """
                        .formatted(table.companion()),
                table.model(),
                uids(settlements),
                revisions(settlements),
                settlements.stream().map(some -> some.code().code()).toArray(String[]::new),
                settlements.stream().map(Settlement.Held::reason).toArray(String[]::new));
    }

    /// The user is told at once. The next greeting that does not name the conflict any more makes
    /// the change due.
    private void noteConflicts(List<Settlement.Held> settlements) throws SQLException {
        var kinds = new LinkedHashMap<UUID, String>();
        for (Settlement.Held held : settlements) {
            if (held.code() == ErrorCode.UNIQUE_KEY_TAKEN) {
                kinds.put(held.uid(), Dispute.Kind.KEY.word());
            } else if (held.code() == ErrorCode.DELETED_AT_CENTRAL) {
                kinds.put(held.uid(), Dispute.Kind.REVIVAL.word());
            }
        }
        if (!kinds.isEmpty()) {
            statements.update(
                    """
                    insert into doctorbird.engine_own_conflict (model, uid, kind)
                    select ?, * from unnest(?::uuid[], ?::text[])
                    on conflict (model, uid) do nothing
                    """,
                    table.model(),
                    kinds.keySet().toArray(UUID[]::new),
                    kinds.values().toArray(String[]::new));
        }
    }

    /// The row stays, and with it what refers to it: only its uid is another one from now on. Where
    /// this database has the other record, too, two rows cannot become one: a person has to.
    private void settleJoined(List<Settlement.Joined> settlements) throws SQLException {
        if (settlements.isEmpty()) {
            return;
        }
        statements.update(
                """
                update %1$s c set uid = r.survivor, last_synchronisation = timestamptz 'epoch',
                  base_etag = null, changed_fields = null
                from unnest(?::uuid[], ?::bigint[], ?::uuid[]) r(uid, revision, survivor)
                where c.uid = r.uid and c.revision = r.revision
                  and not exists (select 1 from %1$s o where o.uid = r.survivor)
                """
                        .formatted(table.companion()),
                uids(settlements),
                revisions(settlements),
                settlements.stream().map(Settlement.Joined::survivor).toArray(UUID[]::new));
        hold(
                settlements.stream()
                        .map(some ->
                                new Settlement.Held(
                                        some.uid(),
                                        some.revision(),
                                        ErrorCode.UNIQUE_KEY_TAKEN,
                                        "joined with another record of this database"))
                        .toList());
        forgetOthers();
    }

    /// Nothing is held of a record that goes on under another uid.
    private void forgetOthers() throws SQLException {
        statements.update(
                """
                delete from doctorbird.engine_held h where h.model = ?
                  and not exists (select 1 from %s c where c.uid = h.uid)
                """
                        .formatted(table.companion()),
                table.model());
    }

    private void settleWhole(List<Settlement.Whole> settlements) throws SQLException {
        if (settlements.isEmpty()) {
            return;
        }
        statements.update(
                """
                update %s c set base_etag = null, changed_fields = null, revision = c.revision + 1
                from unnest(?::uuid[], ?::bigint[]) r(uid, revision)
                where c.uid = r.uid and c.revision = r.revision
                """
                        .formatted(table.companion()),
                uids(settlements),
                revisions(settlements));
        endHolding(settlements);
    }
}
