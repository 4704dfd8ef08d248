package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/// Notices cheaply that somebody changed a table: one statement, whatever the number of tables.
public final class Fingerprint {

    private static final String QUERY =
            """
            with captured as (
                select c.oid from doctorbird.engine_capture k
                join pg_catalog.pg_namespace n on n.nspname = k.table_schema
                join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = k.table_name
                where k.definition is not null
            ), line (text) as (
                select pg_catalog.format('%s %s %s %s %s %s %s', a.attrelid, a.attnum, a.attname,
                    a.atttypid, a.atttypmod, a.attnotnull, a.attgenerated)
                from captured t join pg_catalog.pg_attribute a on a.attrelid = t.oid
                where a.attnum > 0 and not a.attisdropped
                union all
                select pg_catalog.format('%s %s %s %s %s %s', k.conrelid, k.contype, k.conkey,
                    k.confrelid, k.confkey, k.conname)
                from captured t join pg_catalog.pg_constraint k on k.conrelid = t.oid
                where k.contype in ('p', 'u', 'f')
                union all
                select pg_catalog.format('%s %s %s', g.tgrelid, g.tgname, g.tgenabled)
                from captured t join pg_catalog.pg_trigger g on g.tgrelid = t.oid
                where g.tgname like 'doctorbird\\_%'
            )
            select pg_catalog.md5(
                coalesce(pg_catalog.string_agg(text, ',' order by text collate "C"), '')) from line
            """;

    private Fingerprint() {}

    /// Returns the fingerprint of all captured tables as they are now: their columns, keys, foreign
    /// keys and triggers. When it is not the one that was installed ([Installation#fingerprint]),
    /// install again.
    ///
    /// @throws org.doctorbird.SyncException `NOT_INSTALLED`
    public static String read(Connection connection) {
        try {
            return of(new Statements(connection));
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot read the tables' fingerprint");
        }
    }

    static String of(Statements statements) throws SQLException {
        return statements.first(QUERY, row -> row.getString(1)).orElseThrow();
    }
}
