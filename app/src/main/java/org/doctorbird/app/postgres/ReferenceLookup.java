package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.doctorbird.ErrorCode;
import org.doctorbird.exchange.Refused;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// Turns the uids in a batch into local keys: of the records themselves, of new rows, and of the
/// records that they refer to. Two statements, whatever the size of the batch.
final class ReferenceLookup {

    private final Statements statements;
    private final TablesByModel tables;
    private final SyncedTable table;
    private final List<SyncedColumn> columns;
    private final int[] references;
    private final Map<UUID, StagedRow> batch = new LinkedHashMap<>();
    private final Map<RecordKey, String> keys = new HashMap<>();
    private final List<Refused> refused = new ArrayList<>();

    ReferenceLookup(
            Statements statements,
            TablesByModel tables,
            SyncedTable table,
            List<SyncedColumn> columns) {
        this.statements = statements;
        this.tables = tables;
        this.table = table;
        this.columns = columns;
        this.references = references(columns);
    }

    /// What became of a batch.
    ///
    /// @param rows those that can be stored, each after those of the same batch that it refers to
    ///   where that is possible; all have their keys
    /// @param refused those with a reference that is no uid, or required and missing
    record Resolved(List<StagedRow> rows, List<Refused> refused) {}

    /// Resolves a batch.
    ///
    /// @param rows no uid twice; their references are uids, and are local keys afterwards
    Resolved resolve(List<StagedRow> rows) throws SQLException {
        rows.forEach(row -> batch.put(row.uid(), row));
        Map<String, Set<UUID>> asked = targets();
        lookUp(asked);
        refuseMissing();
        allotKeys();
        batch.values().forEach(this::replaceReferences);
        return new Resolved(inOrder(), refused);
    }

    /// Collects what the batch refers to, by model; refuses records with malformed references.
    private Map<String, Set<UUID>> targets() {
        var asked = new LinkedHashMap<String, Set<UUID>>();
        for (StagedRow row : List.copyOf(batch.values())) {
            for (int i : references) {
                String value = row.values()[i];
                if (value == null) {
                    continue;
                }
                try {
                    asked.computeIfAbsent(target(i), _ -> new LinkedHashSet<>())
                            .add(UUID.fromString(value));
                } catch (IllegalArgumentException e) {
                    refuse(row, ErrorCode.VALUE_MALFORMED, i, "is no uid", "");
                    break;
                }
            }
        }
        return asked;
    }

    private static int[] references(List<SyncedColumn> columns) {
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).references().isPresent())
                .toArray();
    }

    private String target(int column) {
        return columns.get(column).references().orElseThrow();
    }

    private void refuse(StagedRow row, ErrorCode code, int column, String what, String detail) {
        String reason = "reference " + columns.get(column).name() + " " + what;
        refused.add(new Refused(row.uid(), code, reason, detail));
        batch.remove(row.uid());
    }

    private void lookUp(Map<String, Set<UUID>> asked) throws SQLException {
        String key = Sql.identifier(table.keyColumn());
        var sql =
                new StringBuilder(
                        "select null::text, c.uid, t.%s::text from %s c left join %s t on t.%s = c.id"
                                .formatted(key, table.companion(), table.qualified(), key));
        sql.append(" where c.uid = any(?)");
        var parameters = new ArrayList<@Nullable Object>();
        parameters.add(batch.keySet().toArray(UUID[]::new));
        asked.forEach((model, uids) -> {
            sql.append("\nunion all select ")
                    .append(Sql.literal(model))
                    .append(", uid, id::text from ")
                    .append(tables.get(model).companion())
                    .append(" where uid = any(?) and id is not null");
            parameters.add(uids.toArray(UUID[]::new));
        });
        var known = new HashMap<UUID, @Nullable String>();
        statements.visit(sql.toString(), 0, row -> note(row, known), parameters.toArray());
        batch.values()
                .forEach(row ->
                        row.meet(
                                known.containsKey(row.uid()),
                                known.get(row.uid()),
                                columns.isEmpty()));
    }

    private boolean note(ResultSet row, Map<UUID, @Nullable String> known) throws SQLException {
        String model = row.getString(1);
        UUID uid = row.getObject(2, UUID.class);
        if (model == null) {
            known.put(uid, row.getString(3));
        } else {
            keys.put(new RecordKey(model, uid), row.getString(3));
        }
        return true;
    }

    /// Refuses records whose required references are missing, and then those that refer to them.
    private void refuseMissing() {
        int before;
        do {
            before = batch.size();
            for (StagedRow row : List.copyOf(batch.values())) {
                for (int i : references) {
                    if (isRefusedFor(row, i)) {
                        refuse(
                                row,
                                ErrorCode.REFERENCE_MISSING,
                                i,
                                "is required and not here",
                                "it refers to " + target(i) + " " + row.values()[i]);
                        break;
                    }
                }
            }
        } while (batch.size() < before);
    }

    private boolean isRefusedFor(StagedRow row, int column) {
        String value = row.values()[column];
        return value != null
                && columns.get(column).shape().isRequired()
                && !isHere(column, UUID.fromString(value));
    }

    private boolean isHere(int column, UUID target) {
        return keys.containsKey(new RecordKey(target(column), target)) || isMade(column, target);
    }

    /// Says whether the target is a row that this batch makes.
    private boolean isMade(int column, UUID target) {
        StagedRow made = target(column).equals(table.model()) ? batch.get(target) : null;
        return made != null && made.change() == StagedRow.Change.INSERT;
    }

    private void allotKeys() throws SQLException {
        if (table.keyDefault().isEmpty()) {
            batch.values().forEach(this::allotOwnKey);
        } else {
            allotMadeKeys(table.keyDefault().get());
        }
    }

    /// The key is the unique id column: its value, if it is given, else the uid of a new record.
    private void allotOwnKey(StagedRow row) {
        boolean isNew = row.change() == StagedRow.Change.INSERT;
        if (!isNew && row.change() != StagedRow.Change.UPDATE) {
            return;
        }
        if (isNew) {
            row.allot(row.uid().toString());
        }
        for (int i = 0; i < columns.size(); i++) {
            String value = row.values()[i];
            if (columns.get(i).name().equals(table.keyColumn()) && value != null) {
                row.allot(value);
            }
        }
    }

    private void allotMadeKeys(String maker) throws SQLException {
        var rows =
                batch.values().stream()
                        .filter(row -> row.change() == StagedRow.Change.INSERT)
                        .toList();
        if (rows.isEmpty()) {
            return;
        }
        List<String> made =
                statements.query(
                        "select (%s)::text from generate_series(1, ?)".formatted(maker),
                        row -> row.getString(1),
                        rows.size());
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i).allot(made.get(i));
        }
    }

    private void replaceReferences(StagedRow row) {
        for (int i : references) {
            String value = row.values()[i];
            if (value == null) {
                continue;
            }
            UUID target = UUID.fromString(value);
            if (isMade(i, target)) {
                row.values()[i] = batchKey(target);
                row.needs().add(target);
            } else {
                String key = keys.get(new RecordKey(target(i), target));
                row.values()[i] = key;
                if (key == null) {
                    row.missing()
                            .add(new StagedRow.Missing(columns.get(i).name(), target(i), target));
                }
            }
        }
        row.needs().remove(row.uid());
    }

    private @Nullable String batchKey(UUID target) {
        StagedRow made = batch.get(target);
        return made == null ? null : made.key();
    }

    /// Puts each row behind those that it refers to. Rows in a circle keep their order.
    private List<StagedRow> inOrder() {
        var ordered = new LinkedHashMap<UUID, StagedRow>();
        var waiting = new LinkedHashMap<>(batch);
        int before;
        do {
            before = waiting.size();
            waiting.values()
                    .removeIf(row -> {
                        boolean isNext = ordered.keySet().containsAll(row.needs());
                        if (isNext) {
                            ordered.put(row.uid(), row);
                        }
                        return isNext;
                    });
        } while (waiting.size() < before);
        ordered.putAll(waiting);
        return List.copyOf(ordered.values());
    }
}
