package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.interest.Due;
import org.doctorbird.record.InstanceId;

/// Records of one model that an instance asks for, and lets go again.
final class Pins {

    private final Statements statements;
    private final TablesByModel tables;
    private final SyncedTable table;
    private final InstanceId instance;

    Pins(Statements statements, TablesByModel tables, String model, InstanceId instance) {
        this.statements = statements;
        this.tables = tables;
        this.table = tables.get(model);
        this.instance = instance;
    }

    /// Pins those of the records that are there. A pin that is there already gets the new reason
    /// and end.
    ///
    /// @return how many
    int pin(PinRequest request) throws SQLException {
        List<UUID> pinned =
                statements.query(
                        """
                        insert into doctorbird.engine_pin (model, uid, instance, reason, expires_at)
                        select ?, c.uid, ?::smallint, ?,
                          clock_timestamp() + ?::integer * interval '1 day'
                        from %s c where c.uid = any(?) and c.id is not null order by c.uid
                        on conflict (model, uid, instance) do update set reason = excluded.reason,
                          pinned_at = excluded.pinned_at, expires_at = excluded.expires_at
                        returning uid
                        """
                                .formatted(table.companion()),
                        row -> row.getObject(1, UUID.class),
                        table.model(),
                        instance.number(),
                        request.reason(),
                        request.days().orElse(null),
                        request.uids().toArray(UUID[]::new));
        reconsider(pinned);
        return pinned.size();
    }

    /// Ends pins and the creator's interest.
    ///
    /// @return how many records there were of either
    int release(Collection<UUID> uids) throws SQLException {
        UUID[] all = uids.toArray(UUID[]::new);
        var released =
                new HashSet<>(
                        statements.query(
                                """
                                delete from doctorbird.engine_pin
                                where model = ? and instance = ? and uid = any(?) returning uid
                                """,
                                row -> row.getObject(1, UUID.class),
                                table.model(),
                                instance.number(),
                                all));
        released.addAll(
                statements.query(
                        "update %s set creator = null where uid = any(?) and creator = ? returning uid"
                                .formatted(table.companion()),
                        row -> row.getObject(1, UUID.class),
                        all,
                        instance.number()));
        reconsider(released);
        return released.size();
    }

    private void reconsider(Collection<UUID> uids) throws SQLException {
        if (tables.graph().isRestricted(table.model())) {
            new InterestList(statements, tables).add(table.model(), Due.Kind.DIRECT, uids);
        }
    }
}
