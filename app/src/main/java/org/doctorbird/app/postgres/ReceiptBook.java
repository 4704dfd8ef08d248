package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.record.InstanceId;

/// Central's notes of what one instance holds of one model. Each method takes a fixed number of
/// statements.
final class ReceiptBook {

    private final Statements statements;
    private final SyncedTable table;
    private final InstanceId instance;
    private final String with;
    private final String isSet;

    ReceiptBook(Statements statements, SyncedTable table, InstanceId instance) {
        this.statements = statements;
        this.table = table;
        this.instance = instance;
        String index = Integer.toString(instance.number());
        this.with = Bits.with("c.synchronised_instances", index);
        this.isSet = Bits.isSet("c.synchronised_instances", index);
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
        String etag = Times.fromMicros("r.etag");
        int current =
                statements.update(
                        """
                        update %s c set synchronised_instances = %s
                        from unnest(?::uuid[], ?::bigint[]) r(uid, etag)
                        where c.uid = r.uid and c.etag = %s
                        """
                                .formatted(table.companion(), with, etag),
                        uids,
                        etags);
        statements.update(
                """
                delete from doctorbird.engine_late_receipt l
                using unnest(?::uuid[], ?::bigint[]) r(uid, etag), %s c
                where l.model = ? and l.instance = ? and l.uid = r.uid
                  and c.uid = r.uid and c.etag = %s
                """
                        .formatted(table.companion(), etag),
                uids,
                etags,
                table.model(),
                instance.number());
        if (current < receipts.size()) {
            statements.update(
                    """
                    insert into doctorbird.engine_late_receipt (model, uid, instance)
                    select distinct ?, c.uid, ?::smallint
                    from unnest(?::uuid[], ?::bigint[]) r(uid, etag) join %s c on c.uid = r.uid
                    where c.etag <> %s and not (%s)
                    on conflict do nothing
                    """
                            .formatted(table.companion(), etag, isSet),
                    table.model(),
                    instance.number(),
                    uids,
                    etags);
        }
        return current;
    }
}
