package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.doctorbird.interest.DirectReasons.Direct;
import org.doctorbird.interest.WholeReasons.Whole;
import org.doctorbird.record.InstanceId;

/// Stores who should hold records. A fixed number of statements, whatever the number of records.
final class InterestSets {

    private static final String DIRECT =
            """
            direct_instances = w.bits::varbit,
            creator = case when w.keeps = 1 then c.creator end\
            """;

    private final Statements statements;
    private final SyncedTable table;

    InterestSets(Statements statements, SyncedTable table) {
        this.statements = statements;
        this.table = table;
    }

    void storeDirect(List<Direct> sets) throws SQLException {
        statements.update(
                "update %s c set %s from unnest(?::uuid[], ?::text[], ?::integer[]) w(uid, bits, keeps) where c.uid = w.uid"
                        .formatted(table.companion(), DIRECT),
                uids(sets),
                bits(sets),
                keeps(sets));
    }

    private static UUID[] uids(List<Direct> sets) {
        return sets.stream().map(Direct::uid).toArray(UUID[]::new);
    }

    private static String[] bits(List<Direct> sets) {
        return sets.stream().map(set -> set.instances().toBitString()).toArray(String[]::new);
    }

    private static int[] keeps(List<Direct> sets) {
        return sets.stream().mapToInt(set -> set.keepsCreator() ? 1 : 0).toArray();
    }

    /// See [org.doctorbird.interest.InterestTransaction#storeBoth].
    void storeBoth(List<Direct> sets) throws SQLException {
        storeWhole(uids(sets), bits(sets), keeps(sets), ", " + DIRECT);
    }

    /// See [org.doctorbird.interest.InterestTransaction#storeWhole].
    void storeWhole(List<Whole> sets) throws SQLException {
        storeWhole(
                sets.stream().map(Whole::uid).toArray(UUID[]::new),
                sets.stream().map(set -> set.instances().toBitString()).toArray(String[]::new),
                new int[sets.size()],
                "");
    }

    /// The feeds may have passed by what they were let give. While they pause after a change of the
    /// rules, that is everything: a model may have gone to everybody until then. A version that was
    /// not collected yet has never been let out, and has to be collected still.
    ///
    /// @param more other columns to be set
    private void storeWhole(UUID[] uids, String[] bits, int[] keeps, String more)
            throws SQLException {
        InterestState state = InterestState.read(statements);
        String width =
                """
                greatest(length(w.bits::varbit), length(c.interested_instances),
                  length(c.synchronised_instances))\
                """;
        String gains =
                "c.interested_instances is not null and position(B'1' in (%s & ~%s & %s)) > 0"
                        .formatted(
                                Bits.padded("w.bits::varbit", width),
                                Bits.padded("c.interested_instances", width),
                                Bits.padded("c.synchronised_instances", width));
        String isPassed =
                """
                pg_visible_in_snapshot(c.changed, ?::pg_snapshot)
                    and (?::boolean or c.changed < ?::xid8)\
                """;
        statements.update(
                """
                update %1$s c set interested_instances = w.bits::varbit,
                  changed = case when %2$s then pg_current_xact_id() else c.changed end,
                  stamped = case when %2$s then 1
                    when %3$s then greatest(c.stamped, 2) else c.stamped end%4$s
                from unnest(?::uuid[], ?::text[], ?::integer[]) w(uid, bits, keeps)
                where c.uid = w.uid
                """
                        .formatted(table.companion(), isPassed, gains, more),
                state.collected(),
                state.isPaused(),
                Long.toString(state.horizon()),
                state.collected(),
                state.isPaused(),
                Long.toString(state.horizon()),
                uids,
                bits,
                keeps);
        holdLate(uids, bits);
    }

    /// Notes instances as holding a record that they have handed in a late receipt for and should
    /// not hold.
    private void holdLate(UUID[] uids, String[] bits) throws SQLException {
        String width = Integer.toString(InstanceId.NUMBER_MAX + 1);
        statements.update(
                """
                with late as (
                  delete from doctorbird.engine_late_receipt l
                  using unnest(?::uuid[], ?::text[]) w(uid, bits), %1$s c
                  where l.model = ? and l.uid = w.uid and c.uid = w.uid and c.id is not null
                    and not (%2$s)
                  returning l.uid, l.instance
                ), held as (
                  select l.uid, bit_or(set_bit(repeat('0', %3$s)::bit(%3$s), l.instance::integer, 1))
                    as bits
                  from late l group by l.uid)
                update %1$s c set synchronised_instances =
                  rtrim((%4$s | h.bits)::text, '0')::varbit
                from held h where c.uid = h.uid
                """
                        .formatted(
                                table.companion(),
                                Bits.isSet("w.bits::varbit", "l.instance::integer"),
                                width,
                                Bits.padded("c.synchronised_instances", width)),
                uids,
                bits,
                table.model());
    }
}
