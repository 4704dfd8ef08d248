package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;

/// What searching needs in the database beside its tables: the SQL function
/// `doctorbird.engine_fold(text)`, which takes case and accents off a text, and an index of
/// trigrams.
///
/// Trigrams come from the extension pg_trgm. If the database does not have it and may get it, it is
/// created in the engine's schema and leaves with it. Without it, parts of texts are found by
/// reading all of them, and misspelt ones are not found.
final class SearchIndex {

    /// The extension.
    static final String TRIGRAMS = "pg_trgm";

    /// How many characters of a text are kept; PostgreSQL's btree holds texts of up to 2,700 bytes.
    private static final int CHARACTERS_MAX = 500;

    /*
     * Decomposed, so that an accent is a character of its own: U+0300 to U+036F, written by their
     * numbers because the function is read with whatever standard_conforming_strings the session
     * has.
     */
    private static final String FOLDED =
            """
            case when pg_catalog.octet_length(value) = pg_catalog.length(value)
              then pg_catalog.lower(value)
              else pg_catalog.lower(pg_catalog.regexp_replace(normalize(value, NFKD),
                '[' || pg_catalog.chr(768) || '-' || pg_catalog.chr(879) || ']', '', 'g')) end\
            """;

    private final Statements statements;

    SearchIndex(Statements statements) {
        this.statements = statements;
    }

    /// Says whether the plan lets any of the tables be searched.
    static boolean isNeeded(Collection<SyncedTable> tables) {
        return tables.stream().anyMatch(table -> table.plan().rules().search().isAllowed());
    }

    /// Creates what is missing, in the caller's transaction.
    void install() throws SQLException {
        statements.execute(
                """
                create or replace function doctorbird.engine_fold(value text) returns text
                language sql immutable strict parallel safe as $$
                    select %s
                $$;
                revoke all on function doctorbird.engine_fold(text) from public
                """
                        .formatted(isUnicode() ? FOLDED : "pg_catalog.lower(value)"));
        if (schema(statements).isEmpty()) {
            createExtension();
        }
        Optional<String> schema = schema(statements);
        if (schema.isPresent()) {
            statements.execute(
                    """
                    create index if not exists engine_search_trigrams on doctorbird.engine_search
                    using gin (folded %s.gin_trgm_ops)
                    """
                            .formatted(Sql.identifier(schema.get())));
        }
    }

    private boolean isUnicode() throws SQLException {
        return statements
                .first("show server_encoding", row -> "UTF8".equals(row.getString(1)))
                .orElseThrow();
    }

    /// Returns the expression of what is kept of a text.
    static String kept(String value) {
        return "left(doctorbird.engine_fold(%s), %d)".formatted(value, CHARACTERS_MAX);
    }

    /// Returns the schema of the extension, if the database has it.
    static Optional<String> schema(Statements statements) throws SQLException {
        return statements.first(
                """
                select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
                where e.extname = ?
                """,
                row -> row.getString(1),
                TRIGRAMS);
    }

    /// Leaves the transaction as it was if the server does not have the extension or the role may
    /// not create it.
    private void createExtension() throws SQLException {
        statements.execute("savepoint search_index");
        try {
            statements.execute("create extension pg_trgm schema doctorbird");
            new EngineMeta(statements).put(TRIGRAMS, "created");
        } catch (SQLException e) {
            statements.execute("rollback to savepoint search_index");
        }
        statements.execute("release savepoint search_index");
    }
}
