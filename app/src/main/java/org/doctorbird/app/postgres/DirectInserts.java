package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.doctorbird.app.postgres.StagedRow.Change;
import org.doctorbird.record.Uids;
import org.jspecify.annotations.Nullable;

/// Stores records that are all new here by copying them straight into companion and table, without
/// staging: a first load comes near the pace of a plain COPY.
///
/// Serves batches whose rows give the same columns, in tables to which COPY means the same as
/// INSERT. All others are staged.
final class DirectInserts {

    private final Statements statements;
    private final SyncedTable table;
    private final List<SyncedColumn> columns;
    private final CompanionStatements companions;
    private Terms terms = Terms.NONE;

    DirectInserts(
            Statements statements,
            SyncedTable table,
            List<SyncedColumn> columns,
            CompanionStatements companions) {
        this.statements = statements;
        this.table = table;
        this.columns = columns;
        this.companions = companions;
    }

    /// What is the same for all rows of a transaction.
    ///
    /// @param transaction its number, as text
    /// @param stamps the values of [SyncedTable#stamps] on insert, as text
    private record Terms(boolean isAllowed, String transaction, List<@Nullable String> stamps) {

        static final Terms NONE = new Terms(false, "", List.of());
    }

    /// Says whether rows, and any part of them, can be stored in this way.
    boolean suits(List<StagedRow> rows) throws SQLException {
        if (!areAlike(rows)) {
            return false;
        }
        terms = readTerms();
        return terms.isAllowed();
    }

    private boolean areAlike(List<StagedRow> rows) {
        if (rows.isEmpty()) {
            return false;
        }
        BitSet given = rows.getFirst().given();
        return rows.stream()
                .allMatch(row ->
                        row.change() == Change.INSERT
                                && !row.isKnown()
                                && row.given().equals(given)
                                && companions.canCopy(row));
    }

    /// Stores rows for which [#suits] was true.
    ///
    /// @throws SQLException `40001` if another transaction made one of the records
    void store(List<StagedRow> rows) throws SQLException {
        copyCompanions(rows);
        statements.keepingPlans(() -> copyRows(rows));
    }

    /// COPY passes rules by, and cannot write where policies on rows are in force.
    private Terms readTerms() throws SQLException {
        String stamps =
                table.stamps().stream()
                        .map(stamp -> ", (" + stamp.onInsert() + ")::text")
                        .collect(Collectors.joining());
        return statements
                .first(
                        """
                        select r.relkind in ('r', 'p') and not r.relhasrules
                          and not row_security_active(r.oid), pg_current_xact_id()::text%s
                        from pg_class r where r.oid = ?::regclass
                        """
                                .formatted(stamps),
                        this::terms,
                        table.qualified())
                .orElseThrow();
    }

    private Terms terms(ResultSet row) throws SQLException {
        var stamps = new ArrayList<@Nullable String>();
        for (int i = 0; i < table.stamps().size(); i++) {
            stamps.add(row.getString(3 + i));
        }
        return new Terms(row.getBoolean(1), row.getString(2), stamps);
    }

    /// In the order of their uids, so that two transactions that make the same records do not wait
    /// for each other.
    private void copyCompanions(List<StagedRow> rows) throws SQLException {
        var text = new CopyText();
        rows.stream()
                .sorted(Comparator.comparing(StagedRow::uid, Uids.ORDER))
                .forEach(row -> companions.append(text, row, terms.transaction()));
        try {
            copy(table.companion(), companions.copied(), text);
        } catch (SQLException e) {
            throw SqlFailures.isUniqueKeyTaken(e) ? SqlFailures.collision() : e;
        }
    }

    private void copyRows(List<StagedRow> rows) throws SQLException {
        int[] places = rows.getFirst().given().stream().filter(place -> !isKey(place)).toArray();
        var text = new CopyText();
        for (StagedRow row : rows) {
            text.cell(row.key());
            for (int place : places) {
                text.cell(row.values()[place]);
            }
            terms.stamps().forEach(text::cell);
            text.end();
        }
        var names = new ArrayList<String>();
        names.add(table.keyColumn());
        for (int place : places) {
            names.add(columns.get(place).name());
        }
        table.stamps().forEach(stamp -> names.add(stamp.column()));
        if (copy(table.qualified(), names, text) != rows.size()) {
            throw SqlFailures.notWritten();
        }
    }

    private boolean isKey(int place) {
        return columns.get(place).name().equals(table.keyColumn());
    }

    private long copy(String target, List<String> names, CopyText text) throws SQLException {
        return statements.copy(
                "copy %s (%s) from stdin with (encoding 'UTF8')"
                        .formatted(
                                target,
                                names.stream()
                                        .map(Sql::identifier)
                                        .collect(Collectors.joining(", "))),
                text.bytes());
    }
}
