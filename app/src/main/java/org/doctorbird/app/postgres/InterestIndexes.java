package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.doctorbird.plan.InterestGraph.Edge;

/// The indexes that central needs on columns of the application's tables: one for each reference
/// over which interest flows, so that the records that point to one are found without reading the
/// table. Where the application has such an index, none is made.
final class InterestIndexes {

    private final Connection connection;
    private final Statements statements;

    InterestIndexes(Connection connection) {
        this.connection = connection;
        this.statements = new Statements(connection);
    }

    /// An index of ours.
    private record Made(String schema, String name) {

        String qualified() {
            return Sql.identifier(schema) + "." + Sql.identifier(name);
        }
    }

    /// Makes what is missing and drops what is not needed any more, a transaction an index. While
    /// one is made the application's writers of the table wait.
    ///
    /// @param settings statements that begin each transaction
    /// @return the columns, as `table.column`, that have no index because the engine's role does
    ///   not own the table; computing is slow where such a table is large
    List<String> bringUpToDate(TablesByModel tables, String settings) throws SQLException {
        var wanted = new LinkedHashSet<Made>();
        var missing = new ArrayList<String>();
        for (Edge edge : tables.graph().edges()) {
            SyncedTable table = tables.get(edge.model());
            var index = new Made(table.schema(), nameOf(table, edge.field()));
            if (wanted.contains(index) || isIndexed(table, edge.field(), index)) {
                continue;
            }
            if (isOwned(table)) {
                wanted.add(index);
                make(table, edge.field(), index, settings);
            } else {
                missing.add(table.qualified() + "." + Sql.identifier(edge.field()));
            }
        }
        for (Made index : made()) {
            if (!wanted.contains(index)) {
                drop(index, settings);
            }
        }
        connection.rollback();
        return missing;
    }

    /// Drops all of them.
    void removeAll(String settings) throws SQLException {
        for (Made index : made()) {
            drop(index, settings);
        }
    }

    private static String nameOf(SyncedTable table, String column) {
        return Sql.fitted("doctorbird_" + table.table() + "_" + column);
    }

    private boolean isIndexed(SyncedTable table, String column, Made ours) throws SQLException {
        return statements
                .first(
                        """
                        select exists (select 1 from pg_index i
                          join pg_class x on x.oid = i.indexrelid
                          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                          join pg_am m on m.oid = x.relam
                          where i.indrelid = ?::regclass and a.attname = ? and i.indisvalid
                            and i.indpred is null and m.amname in ('btree', 'hash')
                            and x.relname <> ?)
                        """,
                        row -> row.getBoolean(1),
                        table.qualified(),
                        column,
                        ours.name())
                .orElseThrow();
    }

    private boolean isOwned(SyncedTable table) throws SQLException {
        return statements
                .first(
                        """
                        select pg_has_role(c.relowner, 'USAGE')
                          and has_schema_privilege(c.relnamespace, 'CREATE')
                        from pg_class c where c.oid = ?::regclass
                        """,
                        row -> row.getBoolean(1),
                        table.qualified())
                .orElseThrow();
    }

    private List<Made> made() throws SQLException {
        return statements.query(
                "select table_schema, index_name from doctorbird.engine_index",
                row -> new Made(row.getString(1), row.getString(2)));
    }

    private void make(SyncedTable table, String column, Made index, String settings)
            throws SQLException {
        statements.execute(settings);
        statements.update(
                """
                insert into doctorbird.engine_index (table_schema, index_name) values (?, ?)
                on conflict do nothing
                """,
                index.schema(),
                index.name());
        statements.execute(
                "create index if not exists %s on %s (%s)"
                        .formatted(
                                Sql.identifier(index.name()),
                                table.qualified(),
                                Sql.identifier(column)));
        connection.commit();
    }

    private void drop(Made index, String settings) throws SQLException {
        statements.execute(settings);
        statements.execute("drop index if exists " + index.qualified());
        statements.update(
                "delete from doctorbird.engine_index where table_schema = ? and index_name = ?",
                index.schema(),
                index.name());
        connection.commit();
    }
}
