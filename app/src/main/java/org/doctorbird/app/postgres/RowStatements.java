package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes staged rows into the application's table: one statement for all inserts, one for all
/// updates, one for all deletions.
final class RowStatements {

    private final Statements statements;
    private final SyncedTable table;
    private final StagingTable staging;

    RowStatements(Statements statements, SyncedTable table, StagingTable staging) {
        this.statements = statements;
        this.table = table;
        this.staging = staging;
    }

    /// Returns the numbers of rows as a parameter.
    static int[] numbers(List<StagedRow> rows) {
        return rows.stream().mapToInt(StagedRow::number).toArray();
    }

    /// Makes rows. Columns that a record does not give get their defaults.
    ///
    /// Rows are grouped by the columns they give. All groups go into one statement, because rows of
    /// different groups may refer to each other and PostgreSQL checks references at its end.
    ///
    /// @throws SQLException also if fewer rows were stored than given
    void insert(List<StagedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        statements.keepingPlans(() -> insertAll(rows));
    }

    private void insertAll(List<StagedRow> rows) throws SQLException {
        Map<BitSet, List<StagedRow>> groups = new LinkedHashMap<>();
        rows.forEach(row -> groups.computeIfAbsent(row.given(), _ -> new ArrayList<>()).add(row));
        int stored;
        if (groups.size() == 1) {
            stored = statements.update(insert(rows.getFirst().given()), numbers(rows));
        } else {
            stored = insertGroups(groups);
        }
        if (stored != rows.size()) {
            throw SqlFailures.notWritten();
        }
    }

    private int insertGroups(Map<BitSet, List<StagedRow>> groups) throws SQLException {
        var parts = new ArrayList<String>();
        var sums = new ArrayList<String>();
        var parameters = new ArrayList<@Nullable Object>();
        groups.forEach((given, rows) -> {
            String name = "g" + parts.size();
            parts.add(name + " as (" + insert(given) + " returning 1)");
            sums.add("(select count(*) from " + name + ")");
            parameters.add(numbers(rows));
        });
        String sql = "with " + String.join(",\n", parts) + "\nselect " + String.join(" + ", sums);
        return statements.first(sql, row -> row.getInt(1), parameters.toArray()).orElseThrow();
    }

    private String insert(BitSet given) {
        var names = new ArrayList<String>();
        var values = new ArrayList<String>();
        names.add(Sql.identifier(table.keyColumn()));
        values.add("s.id::" + table.keyType());
        given.stream()
                .filter(i -> !isKey(i))
                .forEach(i -> {
                    names.add(Sql.identifier(staging.columns().get(i).name()));
                    values.add(value(i));
                });
        for (SyncedTable.Stamp stamp : table.stamps()) {
            names.add(Sql.identifier(stamp.column()));
            values.add(stamp.onInsert());
        }
        return "insert into %s (%s)%s\nselect %s from %s s where s.n = any(?) order by s.n"
                .formatted(
                        table.qualified(),
                        String.join(", ", names),
                        table.isKeyAlwaysGenerated() ? " overriding system value" : "",
                        String.join(", ", values),
                        staging.name());
    }

    private boolean isKey(int column) {
        return staging.columns().get(column).name().equals(table.keyColumn());
    }

    private String value(int column) {
        return "s.f%d::%s"
                .formatted(column, ColumnType.uncut(staging.columns().get(column).type()));
    }

    /// Sets the given columns of rows.
    ///
    /// @throws SQLException also if fewer rows were stored than given
    void update(List<StagedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        var any = new BitSet();
        var all = (BitSet) rows.getFirst().given().clone();
        rows.forEach(row -> {
            any.or(row.given());
            all.and(row.given());
        });
        var sets =
                any.stream()
                        .mapToObj(i -> set(i, all.get(i)))
                        .collect(Collectors.toCollection(ArrayList::new));
        for (SyncedTable.Stamp stamp : table.stamps()) {
            stamp.onUpdate()
                    .ifPresent(value -> sets.add(Sql.identifier(stamp.column()) + " = " + value));
        }
        String sql =
                """
                update %s t set %s
                from %s s join %s c on c.uid = s.uid
                where s.n = any(?) and t.%s = c.id
                """
                        .formatted(
                                table.qualified(),
                                String.join(",\n ", sets),
                                staging.name(),
                                table.companion(),
                                Sql.identifier(table.keyColumn()));
        if (statements.update(sql, numbers(rows)) != rows.size()) {
            throw SqlFailures.notWritten();
        }
    }

    private String set(int column, boolean isInAll) {
        String name = Sql.identifier(staging.columns().get(column).name());
        return isInAll
                ? name + " = " + value(column)
                : "%s = case when get_bit(s.given, %d) = 1 then %s else t.%s end"
                        .formatted(name, column, value(column), name);
    }

    /// Deletes rows. One that is gone already, by a cascade, is as good.
    ///
    /// @param hanging the tables whose rows may be deleted with them by foreign keys
    /// @throws SQLException also if a record that waits to be pushed would be deleted with them,
    ///   and if fewer rows were deleted than given
    void delete(List<StagedRow> rows, Collection<SyncedTable> hanging) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String sql =
                """
                delete from %s t using %s s, %s c
                where s.n = any(?) and c.uid = s.uid and t.%s = c.id
                """
                        .formatted(
                                table.qualified(),
                                staging.name(),
                                table.companion(),
                                Sql.identifier(table.keyColumn()));
        statements.keepingPlans(() -> statements.update(sql, numbers(rows)));
        if (!hanging.isEmpty() && hasLostChanges(rows, hanging)) {
            throw SqlFailures.takesChangesAlong();
        }
    }

    private boolean isOwn(SyncedTable other) {
        return other.model().equals(table.model());
    }

    /// Says whether a record that waits to be pushed has lost its row. The triggers let the
    /// engine's deletions pass by, those of foreign keys included. Those that are to be deleted
    /// themselves do not count.
    private boolean hasLostChanges(List<StagedRow> rows, Collection<SyncedTable> hanging)
            throws SQLException {
        String sql =
                hanging.stream()
                        .map(other ->
                                """
                                exists (select 1 from %s w where w.last_synchronisation is null
                                  and w.id is not null and w.uid <> all(?)
                                  and not exists (select 1 from %s t where t.%s = w.id))\
                                """
                                        .formatted(
                                                other.companion(),
                                                other.qualified(),
                                                Sql.identifier(other.keyColumn())))
                        .collect(Collectors.joining("\n or ", "select ", ""));
        UUID[] own = rows.stream().map(StagedRow::uid).toArray(UUID[]::new);
        Object[] parameters =
                hanging.stream()
                        .map(other -> (Object) (isOwn(other) ? own : new UUID[0]))
                        .toArray();
        return statements.first(sql, row -> row.getBoolean(1), parameters).orElseThrow();
    }
}
