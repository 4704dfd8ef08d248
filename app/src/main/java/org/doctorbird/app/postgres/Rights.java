package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// Checks, before anything is changed, that the engine's role may do what it has to do.
final class Rights {

    private final Statements statements;

    Rights(Statements statements) {
        this.statements = statements;
    }

    /// @throws SyncException `RIGHTS_MISSING` with the role, the right, and what it is missing on
    void require(List<SyncedTable> tables) throws SQLException {
        requireSchema();
        requireTables(tables);
        requireSequences(tables);
    }

    private void requireSchema() throws SQLException {
        boolean may =
                statements
                        .first(
                                """
                                select case when to_regnamespace('doctorbird') is null
                                    then has_database_privilege(current_database(), 'CREATE')
                                    else has_schema_privilege('doctorbird', 'CREATE')
                                        and has_schema_privilege('doctorbird', 'USAGE') end
                                """,
                                row -> row.getBoolean(1))
                        .orElseThrow();
        if (!may) {
            throw missing("CREATE", "the database, or the schema doctorbird");
        }
        boolean mayStage =
                statements
                        .first(
                                "select has_database_privilege(current_database(), 'TEMPORARY')",
                                row -> row.getBoolean(1))
                        .orElseThrow();
        if (!mayStage) {
            throw missing("TEMPORARY", "the database");
        }
    }

    private record Table(String name, Optional<String> missing) {}

    private void requireTables(List<SyncedTable> tables) throws SQLException {
        List<Table> rights =
                statements.query(
                        """
                        select t.name, case
                            when not has_schema_privilege(n.oid, 'USAGE') then 'USAGE on the schema of'
                            when not has_table_privilege(c.oid, 'TRIGGER') then 'TRIGGER'
                            when not has_table_privilege(c.oid, 'SELECT') then 'SELECT'
                            when not has_table_privilege(c.oid, 'INSERT') then 'INSERT'
                            when not has_table_privilege(c.oid, 'UPDATE') then 'UPDATE'
                            when not has_table_privilege(c.oid, 'DELETE') then 'DELETE'
                            when row_security_active(c.oid) then 'BYPASSRLS, because of row security,' end
                        from unnest(?::text[], ?::text[], ?::text[]) with ordinality
                            t (name, schema, relation, place)
                        join pg_namespace n on n.nspname = t.schema
                        join pg_class c on c.relnamespace = n.oid and c.relname = t.relation
                        order by t.place
                        """,
                        row -> new Table(row.getString(1), Optional.ofNullable(row.getString(2))),
                        tables.stream().map(SyncedTable::qualified).toArray(String[]::new),
                        tables.stream().map(SyncedTable::schema).toArray(String[]::new),
                        tables.stream().map(SyncedTable::table).toArray(String[]::new));
        for (Table table : rights) {
            if (table.missing().isPresent()) {
                throw missing(table.missing().get(), table.name());
            }
        }
    }

    /// The engine takes keys of new rows from the sequences that the application takes them from.
    private void requireSequences(List<SyncedTable> tables) throws SQLException {
        String[] names =
                tables.stream()
                        .flatMap(table -> table.keySequence().stream())
                        .toArray(String[]::new);
        Optional<String> refused =
                statements.first(
                        """
                        select s.name from unnest(?::text[]) s (name)
                        where not has_sequence_privilege(s.name::regclass, 'USAGE')
                        """,
                        row -> row.getString(1),
                        (Object) names);
        if (refused.isPresent()) {
            throw missing("USAGE", refused.get());
        }
    }

    private SyncException missing(String right, String on) throws SQLException {
        String role =
                statements.first("select current_user", row -> row.getString(1)).orElseThrow();
        return new SyncException(ErrorCode.RIGHTS_MISSING, "the database role lacks a right")
                .with("role", role)
                .with("right", right)
                .with("on", on);
    }
}
