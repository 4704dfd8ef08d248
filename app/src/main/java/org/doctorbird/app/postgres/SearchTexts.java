package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// Keeps the searchable texts of records in `doctorbird.engine_search`, without case and accents.
///
/// Costs what has changed: a run collects what became visible since the last one, by the
/// companions' transactions, and reads so many of those records anew. What one run does not reach
/// stays on a list for the next.
final class SearchTexts {

    /// Any number that no other program takes; PostgreSQL's advisory locks have no names.
    private static final long LOCK = 0x446f63746f536561L;

    private final Statements statements;
    private final TablesByModel tables;

    SearchTexts(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
    }

    /// Brings the texts up to date, unless somebody else is at it.
    ///
    /// @param recordsMax how many records it reads at most
    /// @return false if there is more to do
    boolean refresh(int recordsMax) throws SQLException {
        Map<SyncedTable, List<FieldPath>> kept = kept();
        boolean isMine =
                statements
                        .first(
                                "select pg_try_advisory_xact_lock(?)",
                                row -> row.getBoolean(1),
                                LOCK)
                        .orElseThrow();
        if (!isMine) {
            return true;
        }
        forgetOthers(kept.keySet().stream().map(SyncedTable::model).toArray(String[]::new));
        boolean hasEnough = hasDue(recordsMax);
        int left = recordsMax;
        for (Map.Entry<SyncedTable, List<FieldPath>> one : kept.entrySet()) {
            if (!hasEnough) {
                collect(one.getKey(), one.getValue());
            }
            left -= read(one.getKey(), one.getValue(), left);
        }
        return left > 0;
    }

    /// Says whether the list is as long as that: what is collected beyond would not be reached.
    private boolean hasDue(int records) throws SQLException {
        return statements
                .first(
                        "select count(*) >= ? from (select 1 from doctorbird.engine_search_due limit ?) d",
                        row -> row.getBoolean(1),
                        records,
                        records)
                .orElseThrow();
    }

    /// Forgets the texts of models that cannot be searched any more.
    private void forgetOthers(String[] models) throws SQLException {
        for (String other :
                statements.query(
                        """
                        delete from doctorbird.engine_search_state where model <> all (?)
                        returning model
                        """,
                        row -> row.getString(1),
                        (Object) models)) {
            statements.update("delete from doctorbird.engine_search where model = ?", other);
            statements.update("delete from doctorbird.engine_search_due where model = ?", other);
        }
    }

    private Map<SyncedTable, List<FieldPath>> kept() {
        var kept = new LinkedHashMap<SyncedTable, List<FieldPath>>();
        for (SyncedTable table : tables.all()) {
            List<FieldPath> texts =
                    table.plan().rules().search().searchable().stream()
                            .distinct()
                            .map(name -> FieldPath.of(tables, table, name))
                            .filter(FieldPath::isText)
                            .toList();
            if (!texts.isEmpty()) {
                kept.put(table, texts);
            }
        }
        return kept;
    }

    /// What was collected last.
    private record State(List<String> fields, String collected) {}

    private void collect(SyncedTable table, List<FieldPath> texts) throws SQLException {
        Optional<State> before =
                statements.first(
                        """
                        select fields, collected from doctorbird.engine_search_state
                        where model = ?
                        """,
                        row ->
                                new State(
                                        List.of(KeptRows.texts(row.getArray(1))), row.getString(2)),
                        table.model());
        List<String> names = texts.stream().map(FieldPath::name).sorted().toList();
        // What the statements after this one see beyond the snapshot is collected again next time.
        String now =
                statements
                        .first("select pg_current_snapshot()::text", row -> row.getString(1))
                        .orElseThrow();
        if (before.filter(state -> state.fields().equals(names)).isPresent()) {
            collectChanged(table, texts, before.get().collected());
        } else {
            statements.update(
                    "insert into doctorbird.engine_search_due (model, uid)"
                            + " select ?, c.uid from %s c where c.id is not null"
                                    .formatted(table.companion())
                            + " on conflict do nothing",
                    table.model());
            statements.update(
                    "delete from doctorbird.engine_search where model = ? and field <> all (?)",
                    table.model(),
                    names.toArray(String[]::new));
        }
        statements.update(
                """
                insert into doctorbird.engine_search_state (model, fields, collected)
                values (?, ?, ?) on conflict (model) do update
                set fields = excluded.fields, collected = excluded.collected
                """,
                table.model(),
                names.toArray(String[]::new),
                now);
    }

    private void collectChanged(SyncedTable table, List<FieldPath> texts, String since)
            throws SQLException {
        statements.update(
                "insert into doctorbird.engine_search_due (model, uid) select ?, c.uid from %s c where %s on conflict do nothing"
                        .formatted(table.companion(), isChanged("c")),
                table.model(),
                since,
                since);
        var followed = new LinkedHashMap<String, FieldPath>();
        texts.forEach(path -> path.hops().forEach(hop -> followed.put(hop.path(), path)));
        for (Map.Entry<String, FieldPath> one : followed.entrySet()) {
            collectReferring(table, one.getValue(), one.getKey(), since);
        }
    }

    private static String isChanged(String alias) {
        return "%1$s.changed >= pg_snapshot_xmin(?::pg_snapshot) and not pg_visible_in_snapshot(%1$s.changed, ?::pg_snapshot)"
                .formatted(alias);
    }

    /// Collects the records that reach a changed record over a reference.
    ///
    /// @param until the names up to and including the reference's
    private void collectReferring(SyncedTable table, FieldPath path, String until, String since)
            throws SQLException {
        var joins = new StringBuilder();
        String from = "t";
        String target = "";
        for (FieldPath.Hop hop : path.hops()) {
            String alias = "t" + hop.path().length();
            joins.append(
                    " join %1$s %2$s on %2$s.%3$s = %4$s.%5$s"
                            .formatted(
                                    hop.target().qualified(),
                                    alias,
                                    Sql.identifier(hop.target().keyColumn()),
                                    from,
                                    Sql.identifier(hop.column().name())));
            from = alias;
            target = hop.target().companion();
            if (hop.path().equals(until)) {
                joins.append(
                        " join %s d on d.id = %s.%s"
                                .formatted(
                                        target, alias, Sql.identifier(hop.target().keyColumn())));
                break;
            }
        }
        statements.update(
                """
                insert into doctorbird.engine_search_due (model, uid)
                select ?, c.uid from %s c join %s t on t.%s = c.id %s where %s
                on conflict do nothing
                """
                        .formatted(
                                table.companion(),
                                table.qualified(),
                                Sql.identifier(table.keyColumn()),
                                joins,
                                isChanged("d")),
                table.model(),
                since,
                since);
    }

    /// @return how many records it took from the list
    private int read(SyncedTable table, List<FieldPath> texts, int limit) throws SQLException {
        if (limit <= 0) {
            return 0;
        }
        List<UUID> due =
                new ArrayList<>(
                        statements.query(
                                """
                                delete from doctorbird.engine_search_due where ctid = any(array(
                                  select ctid from doctorbird.engine_search_due
                                  where model = ? limit ?))
                                returning uid
                                """,
                                row -> row.getObject(1, UUID.class),
                                table.model(),
                                limit));
        if (due.isEmpty()) {
            return 0;
        }
        var joins = new FieldPath.Joins(tables);
        String values =
                texts.stream()
                        .map(path ->
                                "(%s, %s::text)"
                                        .formatted(Sql.literal(path.name()), joins.value(path)))
                        .collect(Collectors.joining(", "));
        String sql =
                """
                with fresh as materialized (
                  select c.uid, f.field, %s as folded
                  from %s and c.uid = any(?)
                ), gone as (
                  delete from doctorbird.engine_search s
                  where s.model = ? and s.uid = any(?) and not exists (
                    select 1 from fresh f where f.uid = s.uid and f.field = s.field)
                )
                insert into doctorbird.engine_search as s (model, uid, field, folded)
                select ?, f.uid, f.field, f.folded from fresh f
                on conflict (model, uid, field) do update set folded = excluded.folded
                where s.folded <> excluded.folded
                """
                        .formatted(SearchIndex.kept("f.value"), source(table, joins, values));
        UUID[] uids = due.toArray(UUID[]::new);
        statements.update(sql, uids, table.model(), uids, table.model());
        return due.size();
    }

    private static String source(SyncedTable table, FieldPath.Joins joins, String values) {
        return "%s c join %s t on t.%s = c.id%s\ncross join lateral (values %s) f(field, value)\nwhere c.deleted_at is null and f.value is not null"
                .formatted(
                        table.companion(),
                        table.qualified(),
                        Sql.identifier(table.keyColumn()),
                        joins.text(),
                        values);
    }
}
