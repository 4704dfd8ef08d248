package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.app.postgres.TablesByModel.Pointer;

/// Nullable references whose target is not here: remembered beside the row, completed when the
/// target comes.
final class MissingReferences {

    /// References completed in one go: bounds a transaction when very many wait for one record. The
    /// rest is completed by [#completeReady].
    static final int COMPLETED_MAX = 10_000;

    private final Statements statements;
    private final TablesByModel tables;
    private final Bisection bisection;
    private final RecordWriter.Side side;

    MissingReferences(
            Statements statements,
            TablesByModel tables,
            Bisection bisection,
            RecordWriter.Side side) {
        this.statements = statements;
        this.tables = tables;
        this.bisection = bisection;
        this.side = side;
    }

    /// Remembers what is missing of the rows.
    void remember(SyncedTable table, List<StagedRow> rows) throws SQLException {
        var uids = new ArrayList<UUID>();
        var fields = new ArrayList<String>();
        var models = new ArrayList<String>();
        var targets = new ArrayList<UUID>();
        for (StagedRow row : rows) {
            for (StagedRow.Missing missing : row.missing()) {
                uids.add(row.uid());
                fields.add(missing.field());
                models.add(missing.targetModel());
                targets.add(missing.target());
            }
        }
        if (uids.isEmpty()) {
            return;
        }
        statements.update(
                """
                insert into doctorbird.engine_missing_reference
                  (model, uid, field, target_model, target_uid)
                select ?, m.* from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[]) m
                on conflict (model, uid, field) do update
                  set target_model = excluded.target_model, target_uid = excluded.target_uid
                """,
                table.model(),
                uids.toArray(UUID[]::new),
                fields.toArray(String[]::new),
                models.toArray(String[]::new),
                targets.toArray(UUID[]::new));
    }

    /// Forgets what was remembered of fields that the rows give anew.
    void forget(SyncedTable table, List<StagedRow> rows, StagingTable staging) throws SQLException {
        List<StagedRow> known = rows.stream().filter(StagedRow::isKnown).toList();
        List<SyncedColumn> columns = staging.columns();
        boolean hasReferences =
                columns.stream().anyMatch(column -> column.references().isPresent());
        if (known.isEmpty() || !hasReferences) {
            return;
        }
        String names =
                columns.stream()
                        .map(column -> Sql.literal(column.name()))
                        .collect(Collectors.joining(", "));
        statements.update(
                """
                delete from doctorbird.engine_missing_reference m using %s s
                where s.n = any(?) and m.model = ? and m.uid = s.uid
                  and (s.id is null or substring(s.given
                    from array_position(array[%s], m.field) for 1) = B'1')
                """
                        .formatted(staging.name(), names),
                RowStatements.numbers(known),
                table.model());
    }

    /// A reference that can be completed.
    private record Ready(Pointer pointer, UUID uid, UUID target) {}

    /// Completes the references that waited for records which are here now.
    void complete(String model, List<UUID> arrived) throws SQLException {
        if (arrived.isEmpty() || tables.pointersTo(model).isEmpty()) {
            return;
        }
        completeEach(
                """
                select model, uid, field, target_model, target_uid
                from doctorbird.engine_missing_reference
                where target_model = ? and target_uid = any(?) limit %d
                """
                        .formatted(COMPLETED_MAX),
                model,
                arrived.toArray(UUID[]::new));
    }

    /// Completes all references whose targets are here: those that were too many for [#complete],
    /// and those whose target and record were stored by two transactions at the same time.
    void completeReady() throws SQLException {
        String isHere = Presence.condition(tables, "m.target_model", "m.target_uid");
        completeEach(
                """
                select model, uid, field, target_model, target_uid
                from doctorbird.engine_missing_reference m where %s limit %d
                """
                        .formatted(isHere, COMPLETED_MAX));
    }

    private void completeEach(String select, Object... parameters) throws SQLException {
        Map<Pointer, List<Ready>> ready = new LinkedHashMap<>();
        statements.visit(
                select,
                0,
                row -> {
                    String field = row.getString(3);
                    String model = row.getString(1);
                    for (Pointer pointer : tables.pointersTo(row.getString(4))) {
                        if (pointer.table().model().equals(model)
                                && pointer.column().name().equals(field)) {
                            ready.computeIfAbsent(pointer, _ -> new ArrayList<>())
                                    .add(
                                            new Ready(
                                                    pointer,
                                                    row.getObject(2, UUID.class),
                                                    row.getObject(5, UUID.class)));
                        }
                    }
                    return true;
                },
                parameters);
        for (var some : ready.entrySet()) {
            // What the database refuses to complete stays as it is: the record itself is stored.
            bisection.run(
                    some.getValue(),
                    _ -> true,
                    references -> complete(some.getKey(), references),
                    (_, _) -> {});
        }
    }

    /// Fills one column, unless the application has given it a value of its own meanwhile.
    private void complete(Pointer pointer, List<Ready> ready) throws SQLException {
        SyncedTable table = pointer.table();
        SyncedTable target = tables.get(pointer.column().references().orElseThrow());
        String column = Sql.identifier(pointer.column().name());
        String key = Sql.identifier(table.keyColumn());
        UUID[] uids = ready.stream().map(Ready::uid).toArray(UUID[]::new);
        UUID[] targets = ready.stream().map(Ready::target).toArray(UUID[]::new);
        statements.update(
                """
                update %s t set %s = w.target%s from (
                  select t.%s as id, r.id as target
                  from unnest(?::uuid[], ?::uuid[]) m(uid, target_uid)
                  join %s c on c.uid = m.uid join %s r on r.uid = m.target_uid
                  join %s t on t.%s = c.id
                  where t.%s is null and r.id is not null
                  order by t.%s for no key update of t) w
                where t.%s = w.id
                """
                        .formatted(
                                table.qualified(),
                                column,
                                stamps(table),
                                key,
                                table.companion(),
                                target.companion(),
                                table.qualified(),
                                key,
                                column,
                                key,
                                key),
                uids,
                targets);
        statements.update(
                """
                delete from doctorbird.engine_missing_reference m
                using unnest(?::uuid[], ?::uuid[]) d(uid, target_uid), %s r
                where m.model = ? and m.field = ? and m.uid = d.uid
                  and m.target_uid = d.target_uid and r.uid = d.target_uid
                  and r.id is not null
                """
                        .formatted(target.companion()),
                uids,
                targets,
                table.model(),
                pointer.column().name());
        side.completed(pointer, List.of(uids), List.of(targets));
    }

    /// Returns what an update of a row by the engine sets besides, each with a comma in front.
    static String stamps(SyncedTable table) {
        return table.stamps().stream()
                .filter(stamp -> stamp.onUpdate().isPresent())
                .map(stamp ->
                        ", "
                                + Sql.identifier(stamp.column())
                                + " = "
                                + stamp.onUpdate().orElseThrow())
                .collect(Collectors.joining());
    }
}
