package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Removes what the installer made.
final class Removal {

    private static final String SETTINGS =
            "set local lock_timeout = '10s'; set local search_path = pg_catalog";

    private final Connection connection;
    private final Statements statements;

    private Removal(Connection connection) {
        this.connection = connection;
        this.statements = new Statements(connection);
    }

    static boolean run(Connection connection) throws SQLException {
        boolean isAutoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
        var removal = new Removal(connection);
        removal.statements.query("select pg_advisory_lock(?)", _ -> true, Installer.LOCK);
        try {
            connection.setAutoCommit(false);
            return removal.removeAll();
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
                removal.statements.query("select pg_advisory_unlock(?)", _ -> true, Installer.LOCK);
                connection.setAutoCommit(isAutoCommit);
            }
        }
    }

    /// Drops the trigger functions of a companion and with them the triggers, on whatever table
    /// they are now.
    static void dropFunctions(Statements statements, String companionName) throws SQLException {
        for (String kind : CaptureDefinition.KINDS) {
            statements.execute(
                    "drop function if exists %s() cascade"
                            .formatted(CaptureDefinition.function(companionName, kind)));
        }
    }

    private boolean removeAll() throws SQLException {
        if (!new EngineSchema(connection).isThere()) {
            return false;
        }
        Optional<String> schema = new EngineMeta(statements).get("schema");
        List<String> extensions = extensions();
        if (isTableThere("doctorbird.engine_index")) {
            new InterestIndexes(connection).removeAll(SETTINGS);
        }
        // One model after the other: the application waits for each only a moment, and a database
        // with thousands of
        // tables does not run out of locks.
        for (String companion : captured()) {
            settle();
            dropFunctions(statements, companion);
            statements.execute(
                    "drop table if exists doctorbird." + Sql.identifier(companion) + " cascade");
            statements.update(
                    "delete from doctorbird.engine_capture where companion = ?", companion);
            connection.commit();
        }
        settle();
        if (schema.isPresent()) {
            statements.execute("drop schema doctorbird cascade");
        } else {
            emptySchema(extensions);
        }
        connection.commit();
        return true;
    }

    private List<String> extensions() throws SQLException {
        return statements.query(
                """
                select key from doctorbird.engine_meta
                where key in ('pgcrypto', 'pg_trgm') and value = 'created'
                """,
                row -> row.getString(1));
    }

    private void settle() throws SQLException {
        statements.execute(SETTINGS);
    }

    private List<String> captured() throws SQLException {
        if (!isTableThere("doctorbird.engine_capture")) {
            return List.of();
        }
        return statements.query(
                "select companion from doctorbird.engine_capture order by companion",
                row -> row.getString(1));
    }

    private boolean isTableThere(String name) throws SQLException {
        return statements
                .first("select to_regclass(?) is not null", row -> row.getBoolean(1), name)
                .orElseThrow();
    }

    /// Leaves the schema, which was there before the installer.
    ///
    /// @param extensions those that the installer created
    private void emptySchema(List<String> extensions) throws SQLException {
        for (String extension : extensions) {
            statements.execute(
                    "drop extension if exists %s cascade".formatted(Sql.identifier(extension)));
        }
        for (String drop :
                statements.query(
                        """
                        select format('drop %s if exists doctorbird.%s cascade',
                            case when p.prokind = 'p' then 'procedure' else 'function' end,
                            format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)))
                        from pg_proc p where p.pronamespace = 'doctorbird'::regnamespace
                        union all
                        select format('drop table if exists doctorbird.%I cascade', c.relname)
                        from pg_class c where c.relnamespace = 'doctorbird'::regnamespace
                            and c.relkind = 'r'
                        """,
                        row -> row.getString(1))) {
            statements.execute(drop);
        }
    }
}
