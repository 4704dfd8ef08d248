package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.record.InstanceId;

/// Central's notes of what one instance holds of one model. Each method takes a fixed number of
/// statements.
final class ReceiptBook {

    private final Statements statements;
    private final SyncedTable table;
    private final InstanceId instance;
    private final String with;
    private final String without;
    private final String isSet;
    private final String isUnwanted;

    /// @param isRestricted not everybody should hold the model's records
    ReceiptBook(
            Statements statements, SyncedTable table, InstanceId instance, boolean isRestricted) {
        this.statements = statements;
        this.table = table;
        this.instance = instance;
        String index = Integer.toString(instance.number());
        this.with = Bits.with("c.synchronised_instances", index);
        this.without = Bits.without("c.synchronised_instances", index);
        this.isSet = Bits.isSet("c.synchronised_instances", index);
        this.isUnwanted =
                isRestricted
                        ? "(c.id is not null and not %s)"
                                .formatted(FeedConditions.isInterested(instance))
                        : "false";
    }

    /// Sets the instance's bit.
    void markHeld(Collection<UUID> uids) throws SQLException {
        statements.update(
                "update %s c set synchronised_instances = %s where c.uid = any(?) and not (%s)"
                        .formatted(table.companion(), with, isSet),
                (Object) uids.toArray(UUID[]::new));
    }

    /// Takes receipts; see [org.doctorbird.exchange.CentralTransaction#acknowledge].
    ///
    /// @return how many named the current version
    int acknowledge(List<Receipt> receipts) throws SQLException {
        UUID[] uids = receipts.stream().map(Receipt::uid).toArray(UUID[]::new);
        long[] etags = receipts.stream().mapToLong(receipt -> receipt.etag().micros()).toArray();
        int current = note(uids, etags);
        String etag = Times.fromMicros("r.etag");
        statements.update(
                """
                delete from doctorbird.engine_late_receipt l
                using unnest(?::uuid[], ?::bigint[]) r(uid, etag), %s c
                where l.model = ? and l.instance = ? and l.uid = r.uid
                  and c.uid = r.uid and (c.etag = %s or %s)
                """
                        .formatted(table.companion(), etag, isSet),
                uids,
                etags,
                table.model(),
                instance.number());
        if (current < receipts.size()) {
            rememberLate(uids, etags);
        }
        return current;
    }

    /// A record that ended meanwhile goes to the end of the feed: before the receipt came, nothing
    /// gave its end to the instance, which may have passed by it. Each record is locked, so that
    /// one that ends at the same time does so before, and is seen to have ended, or afterwards, and
    /// is given as one that is held.
    private void rememberLate(UUID[] uids, long[] etags) throws SQLException {
        statements.update(
                """
                with late as (
                  update %1$s c set
                    changed = case when %2$s then pg_current_xact_id() else c.changed end,
                    stamped = case when %2$s then 2 else c.stamped end
                  from unnest(?::uuid[], ?::bigint[]) r(uid, etag)
                  where c.uid = r.uid and c.etag <> %3$s and not (%4$s)
                  returning c.uid)
                insert into doctorbird.engine_late_receipt (model, uid, instance)
                select ?, uid, ?::smallint from late
                on conflict do nothing
                """
                        .formatted(
                                table.companion(),
                                FeedConditions.HAS_ENDED,
                                Times.fromMicros("r.etag"),
                                isSet),
                uids,
                etags,
                table.model(),
                instance.number());
    }

    /// A record that the instance should not hold goes to the end of the feed, unless it was noted
    /// as held and is there yet to come: the instance may have passed by its withdrawal before it
    /// stored the record. It goes there for the instance that made it, too: if the receipt is an
    /// old one that comes late, and the record is given to that instance again meanwhile, nothing
    /// else would bring it. While the plan is changing, its place counts as that of a version, so
    /// that no computation leaves it out.
    ///
    /// @return how many named the current version
    private int note(UUID[] uids, long[] etags) throws SQLException {
        String isPassed = isUnwanted + " and c.changed < " + FeedHorizon.PASSED;
        return statements
                .first(
                        """
                        with noted as (
                          update %1$s c set
                            synchronised_instances = case when c.id is null then %2$s else %3$s end,
                            changed = case when %4$s and not (%5$s) or %6$s
                              then pg_current_xact_id() else c.changed end,
                            stamped = case when %6$s and c.changed < %7$s then 2
                              else c.stamped end
                          from unnest(?::uuid[], ?::bigint[]) r(uid, etag)
                          where c.uid = r.uid and (c.etag = %8$s or %4$s)
                          returning c.etag = %8$s as is_current)
                        select count(*) filter (where is_current) from noted
                        """
                                .formatted(
                                        table.companion(),
                                        without,
                                        with,
                                        isUnwanted,
                                        isSet,
                                        isPassed,
                                        FeedHorizon.PUBLISHED,
                                        Times.fromMicros("r.etag")),
                        row -> row.getInt(1),
                        uids,
                        etags)
                .orElseThrow();
    }

    /// Takes receipts for withdrawals; see
    /// [org.doctorbird.exchange.CentralTransaction#acknowledgeWithdrawn]. A record that is
    /// withdrawn no more, or that everybody should hold by now, is given once more.
    ///
    /// @return how many named the current withdrawal
    int acknowledgeWithdrawn(List<Withdrawal> withdrawn) throws SQLException {
        UUID[] uids = withdrawn.stream().map(Withdrawal::uid).toArray(UUID[]::new);
        String isCurrent = "(c.changed = r.stamp::xid8 and " + isUnwanted + ")";
        int current =
                statements
                        .first(
                                """
                                with noted as (
                                  update %1$s c set
                                    synchronised_instances = case when %2$s then %3$s
                                      else c.synchronised_instances end,
                                    changed = case when %2$s then c.changed
                                      else pg_current_xact_id() end,
                                    stamped = case when %2$s then c.stamped else 2 end
                                  from unnest(?::uuid[], ?::text[]) r(uid, stamp)
                                  where c.uid = r.uid and %4$s
                                  returning not (%4$s) as is_current)
                                select count(*) filter (where is_current) from noted
                                """
                                        .formatted(table.companion(), isCurrent, without, isSet),
                                row -> row.getInt(1),
                                uids,
                                withdrawn.stream()
                                        .map(some -> Long.toString(some.stamp()))
                                        .toArray(String[]::new))
                        .orElseThrow();
        statements.update(
                """
                delete from doctorbird.engine_late_receipt l using %s c
                where l.model = ? and l.instance = ? and l.uid = any(?)
                  and c.uid = l.uid and not (%s) and %s
                """
                        .formatted(table.companion(), isSet, isUnwanted),
                table.model(),
                instance.number(),
                uids);
        return current;
    }
}
