package org.doctorbird.app.postgres;

import java.sql.SQLException;

/// How far central's feeds give: only companions whose `changed` is below a transaction.
///
/// A transaction that began earlier may commit later. So nothing is given at or above the
/// snapshot's xmin: every transaction below it has ended, and a new one gets a number above it. Of
/// restricted models nothing is given either before it is computed and published who should hold
/// it.
final class FeedHorizon {

    /// The transaction below which interest is computed, and which the feeds may have passed by; an
    /// expression of type xid8.
    static final String PASSED =
            """
            coalesce((select m.value from doctorbird.engine_meta m
              where m.key = 'interest_horizon'), '0')::xid8\
            """;

    /// The transaction below which restricted models are given, 0 after a change of plan until what
    /// it means is computed; an expression of type xid8.
    static final String PUBLISHED =
            """
            (case when exists (select from doctorbird.engine_meta m
                where m.key = 'interest_paused' and m.value = 'true') then '0'::xid8
              else %s end)\
            """
                    .formatted(PASSED);

    private FeedHorizon() {}

    /// Returns the transaction below which a model is given; 0 if other rules are in force than
    /// those of the caller, who has not heard of them yet: a model that went to everybody may be
    /// restricted by now.
    ///
    /// @param rules see [InterestRules#fingerprint]
    static long read(Statements statements, boolean isRestricted, String rules)
            throws SQLException {
        return read(statements, expression(isRestricted, rules), "");
    }

    /// As [#read], and what follows in this transaction is read by an index in its order. Where
    /// PostgreSQL had no statistics yet of a table that grew fast, it read and sorted all of it for
    /// each page.
    static long begin(Statements statements, boolean isRestricted, String rules)
            throws SQLException {
        return read(
                statements,
                expression(isRestricted, rules),
                """
                , set_config('enable_sort', 'off', true),
                  set_config('enable_bitmapscan', 'off', true)\
                """);
    }

    private static long read(Statements statements, String expression, String settings)
            throws SQLException {
        return statements
                .first(
                        "select (%s)::text::bigint%s".formatted(expression, settings),
                        row -> row.getLong(1))
                .orElseThrow();
    }

    /// Returns the same as an expression of type xid8.
    static String expression(boolean isRestricted, String rules) {
        String open = "pg_snapshot_xmin(pg_current_snapshot())";
        return """
        case when exists (select from doctorbird.engine_meta m
            where m.key = %s and m.value <> %s) then '0'::xid8
          else %s end\
        """
                .formatted(
                        Sql.literal(InterestRules.FINGERPRINT),
                        Sql.literal(rules),
                        isRestricted ? "least(" + open + ", " + PUBLISHED + ")" : open);
    }
}
