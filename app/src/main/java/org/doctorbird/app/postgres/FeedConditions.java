package org.doctorbird.app.postgres;

import org.doctorbird.exchange.Feed;
import org.doctorbird.record.InstanceId;

/// What central's feeds give to an instance, as conditions on a companion `c`.
final class FeedConditions {

    /// The condition that a record was deleted or marked as deleted.
    static final String HAS_ENDED = "(c.id is null or c.deleted_at is not null)";

    private final String model;
    private final boolean isRestricted;

    FeedConditions(TablesByModel tables, String model) {
        this.model = model;
        this.isRestricted = tables.graph().isRestricted(model);
    }

    /// Returns the condition on which a companion is given. A record that ended is new only to an
    /// instance that is known to hold an older version.
    ///
    /// @param index the instance's number, an expression of type integer
    String given(String index, Feed feed) {
        String isHeld = Bits.isSet("c.synchronised_instances", index);
        String isWanted = isRestricted ? isInterested(index) : "true";
        return switch (feed) {
            case PULL ->
                    """
                    %s and (c.origin is distinct from %s or c.stamped > 0
                      or c.id is null or not %s)\
                    """
                            .formatted(isHeld, index, isWanted);
            case NEW ->
                    """
                    not (%s) and (
                      (not %s and %s)
                      or (c.id is null or %s)
                        and exists (select 1 from doctorbird.engine_late_receipt l
                          where l.model = %s and l.uid = c.uid and l.instance = %s))\
                    """
                            .formatted(
                                    isHeld,
                                    HAS_ENDED,
                                    isWanted,
                                    isWanted,
                                    Sql.literal(model),
                                    index);
        };
    }

    /// Returns the condition on which either feed gives a companion.
    ///
    /// @param index as above
    String givenByAny(String index) {
        return "(%s or %s)".formatted(given(index, Feed.PULL), given(index, Feed.NEW));
    }

    /// Returns the condition on which what is given is a withdrawal.
    ///
    /// @param index as above
    String withdrawn(String index, Feed feed) {
        return isRestricted && feed == Feed.PULL
                ? "c.id is not null and not " + isInterested(index)
                : "false";
    }

    private static String isInterested(String index) {
        return "coalesce(%s, false)".formatted(Bits.isSet("c.interested_instances", index));
    }

    /// Returns the condition that an instance should hold the record; nobody should where that was
    /// never computed.
    static String isInterested(InstanceId instance) {
        return isInterested(Integer.toString(instance.number()));
    }
}
