package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.RowStatements.numbers;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.doctorbird.app.postgres.TablesByModel.Pointer;
import org.jspecify.annotations.Nullable;

/// Makes a satellite's rows ready to be removed because central has withdrawn them: what still
/// points to them lets go of them, or keeps them here.
final class Removals {

    private final Statements statements;
    private final TablesByModel tables;
    private final SyncedTable table;
    private final StagingTable staging;

    Removals(Statements statements, TablesByModel tables, SyncedTable table, StagingTable staging) {
        this.statements = statements;
        this.tables = tables;
        this.table = table;
        this.staging = staging;
    }

    /// Sets the nullable references to the rows to null and remembers them, uncaptured: they are
    /// completed when a record comes back. Two statements for each column that points to the model,
    /// at most.
    ///
    /// @throws SQLException also if a record of the plan that stays points to one of the rows by a
    ///   required reference, so that it would go with it
    void detach(List<StagedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        List<Pointer> pointers = tables.pointersTo(table.model());
        List<Pointer> required =
                pointers.stream().filter(pointer -> pointer.column().shape().isRequired()).toList();
        if (!required.isEmpty() && isNeeded(required, rows)) {
            throw SqlFailures.stillNeeded();
        }
        for (Pointer pointer : pointers) {
            if (!pointer.column().shape().isRequired()) {
                detach(pointer, rows);
            }
        }
    }

    private boolean isNeeded(List<Pointer> required, List<StagedRow> rows) throws SQLException {
        var sql = new ArrayList<String>();
        var parameters = new ArrayList<@Nullable Object>();
        for (Pointer pointer : required) {
            boolean isOwn = pointer.table().model().equals(table.model());
            sql.add(
                    "exists (select 1 from %s%s)"
                            .formatted(
                                    pointing(pointer),
                                    isOwn
                                            ? " and not exists (select 1 from %s z where z.n = any(?) and z.uid = w.uid)"
                                                    .formatted(staging.name())
                                            : ""));
            parameters.add(numbers(rows));
            if (isOwn) {
                parameters.add(numbers(rows));
            }
        }
        return statements
                .first(
                        "select " + String.join("\n or ", sql),
                        row -> row.getBoolean(1),
                        parameters.toArray())
                .orElseThrow();
    }

    /// Returns the rows `t` with their companions `w` that point to staged records `r`; ends in a
    /// condition.
    private String pointing(Pointer pointer) {
        SyncedTable from = pointer.table();
        return """
        %s s join %s r on r.uid = s.uid join %s t on t.%s = r.id join %s w on w.id = t.%s
        where s.n = any(?)\
        """
                .formatted(
                        staging.name(),
                        table.companion(),
                        from.qualified(),
                        Sql.identifier(pointer.column().name()),
                        from.companion(),
                        Sql.identifier(from.keyColumn()));
    }

    private void detach(Pointer pointer, List<StagedRow> rows) throws SQLException {
        SyncedTable from = pointer.table();
        String key = Sql.identifier(from.keyColumn());
        statements.update(
                """
                with pointing as materialized (
                  select t.%1$s as key, w.uid, r.uid as target from %2$s
                  order by t.%1$s for no key update of t), remembered as (
                  insert into doctorbird.engine_missing_reference
                    (model, uid, field, target_model, target_uid)
                  select %3$s, p.uid, %4$s, %5$s, p.target from pointing p
                  on conflict (model, uid, field) do update
                    set target_model = excluded.target_model, target_uid = excluded.target_uid)
                update %6$s t set %7$s = null%8$s from pointing p where t.%1$s = p.key
                """
                        .formatted(
                                key,
                                pointing(pointer),
                                Sql.literal(from.model()),
                                Sql.literal(pointer.column().name()),
                                Sql.literal(table.model()),
                                from.qualified(),
                                Sql.identifier(pointer.column().name()),
                                MissingReferences.stamps(from)),
                numbers(rows));
    }
}
