package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;

/// How far the computation of interest has come: its keys in [EngineMeta].
///
/// @param collected the snapshot of the last collection, as PostgreSQL writes it; one that sees
///   nothing before the first
/// @param horizon the published transaction: feeds of restricted models give what is below; 0
///   before the first
/// @param isPaused feeds of restricted models give nothing: the rules have changed, and what they
///   say now is not computed yet
record InterestState(String collected, long horizon, boolean isPaused) {

    static final String COLLECTED = "interest_collected";
    static final String HORIZON = "interest_horizon";
    static final String PAUSED = "interest_paused";

    /// Sees no transaction.
    private static final String NOTHING = "1:1:";

    static InterestState read(Statements statements) throws SQLException {
        Map<String, String> metas =
                statements
                        .query(
                                "select key, value from doctorbird.engine_meta where key = any(?)",
                                row -> Map.entry(row.getString(1), row.getString(2)),
                                (Object) new String[] {COLLECTED, HORIZON, PAUSED})
                        .stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new InterestState(
                metas.getOrDefault(COLLECTED, NOTHING),
                Long.parseLong(metas.getOrDefault(HORIZON, "0")),
                Boolean.parseBoolean(metas.get(PAUSED)));
    }

    /// Returns a snapshot that every later statement of a READ COMMITTED transaction sees at least.
    static String snapshot(Statements statements) throws SQLException {
        return statements
                .first("select pg_current_snapshot()::text", row -> row.getString(1))
                .orElseThrow();
    }

    /// Says whether nothing was collected yet.
    boolean isNew() {
        return collected.equals(NOTHING);
    }

    /// Returns the transaction below which the last collection saw everything.
    long seen() {
        return Long.parseLong(collected.substring(0, collected.indexOf(':')));
    }

    /// Returns the condition that the last collection did not see a transaction.
    ///
    /// @param transaction a column of type xid8 with an index
    String isUnseen(String transaction) {
        return "%1$s >= '%2$d'::xid8 and not pg_visible_in_snapshot(%1$s, '%3$s'::pg_snapshot)"
                .formatted(transaction, seen(), collected);
    }
}
