package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;

/// Central's records of one model that an instance is known to hold, for a comparison; see
/// [org.doctorbird.comparison.CentralSide].
final class CentralComparing {

    private final Statements statements;
    private final TablesByModel tables;
    private final ModelShape shape;
    private final InstanceId instance;

    CentralComparing(
            Statements statements, TablesByModel tables, ModelShape shape, InstanceId instance) {
        this.statements = statements;
        this.tables = tables;
        this.shape = shape;
        this.instance = instance;
    }

    private String isHeld() {
        return Bits.isSet("c.synchronised_instances", Integer.toString(instance.number()));
    }

    private boolean isRestricted() {
        return tables.graph().isRestricted(shape.model());
    }

    /// Of restricted models nothing is told before it is published who should hold it, and of no
    /// model while other rules are in force than those of the caller.
    private String isTold() throws SQLException {
        long horizon = FeedHorizon.read(statements, isRestricted(), tables.interestRules());
        if (!isRestricted()) {
            return Boolean.toString(horizon > 0);
        }
        return "(%s and c.changed < '%d'::xid8)"
                .formatted(FeedConditions.isInterested(instance), horizon);
    }

    private ComparedRecords records(boolean isDeep, String isTold) throws SQLException {
        return new ComparedRecords(
                statements,
                tables,
                shape,
                isDeep,
                new ComparedRecords.Side("join", isHeld(), "c.etag", isTold));
    }

    RangeFingerprint whole(boolean isDeep) throws SQLException {
        return records(isDeep, isTold()).whole();
    }

    List<RangeFingerprint> parts(boolean isDeep, List<UidPrefix> prefixes) throws SQLException {
        return records(isDeep, isTold()).parts(prefixes);
    }

    List<HeldVersion> versions(boolean isDeep, List<UidPrefix> prefixes) throws SQLException {
        String isTold = isTold();
        ComparedRecords records = records(isDeep, isTold);
        return records.list(
                prefixes,
                "c.uid, case when %s then %s else 0 end, c.changed::text::bigint, %s"
                        .formatted(
                                isTold,
                                Times.toMicros("c.etag"),
                                isDeep
                                        ? "case when %s then %s else 0 end"
                                                .formatted(isTold, records.hash())
                                        : "0"),
                row ->
                        new HeldVersion(
                                row.getObject(1, UUID.class),
                                new ETag(row.getLong(2)),
                                row.getLong(3),
                                row.getLong(4)));
    }

    int giveAgain(Collection<UUID> uids) throws SQLException {
        return statements
                .first(
                        """
                        with given as (
                          update %s c set changed = pg_current_xact_id(), stamped = 2
                          where c.uid = any(?) and (%s or %s)
                          returning %s as is_held)
                        select count(*) filter (where is_held) from given
                        """
                                .formatted(
                                        tables.get(shape.model()).companion(),
                                        isHeld(),
                                        isRestricted()
                                                ? FeedConditions.isInterested(instance)
                                                : "true",
                                        isHeld()),
                        row -> row.getInt(1),
                        (Object) uids.toArray(UUID[]::new))
                .orElseThrow();
    }
}
