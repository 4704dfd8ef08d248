package org.doctorbird.app.postgres;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// On a satellite a change empties `last_synchronisation`, which puts the record among those to
/// push.
record SatelliteCapture() implements Capture {

    @Override
    public NewColumns newColumns(String user) {
        return new NewColumns("", "");
    }

    @Override
    public String gone() {
        return """
        id = null, former_id = c.id, deleted_at = clock_timestamp(), last_synchronisation = null, \
        modified_at = clock_timestamp(), revision = c.revision + 1\
        """;
    }

    @Override
    public String backAgain(String user) {
        return """
        former_id = null, deleted_at = null, last_synchronisation = null, \
        modified_at = clock_timestamp(), revision = c.revision + 1, changed_fields = null\
        """;
    }

    /// Who made a change is read when it is pushed.
    @Override
    public boolean notesUsers() {
        return false;
    }

    @Override
    public String changedUnseen(SyncedTable table) {
        return """
        update %s c set last_synchronisation = null, revision = c.revision + 1,
            modified_at = clock_timestamp(), changed_fields = null where c.id is not null;\
        """
                .formatted(table.companion());
    }

    @Override
    public List<String> update(SyncedTable table, boolean areKeysMoved) {
        if (table.columns().isEmpty()) {
            return List.of();
        }
        return List.of(
                """
                with pairs as materialized (select n.key, %s as changed from %s)
                update %s c set last_synchronisation = null, revision = c.revision + 1,
                    modified_at = clock_timestamp(), changed_fields = %s
                from pairs p where c.id = any (array(select q.key from pairs q)) and c.id = p.key
                    and p.changed <> B'%s';\
                """
                        .formatted(
                                changed(table),
                                new CapturedRows(table).pairs(areKeysMoved),
                                table.companion(),
                                withChanged(table, "p.changed"),
                                "0".repeat(length(table))));
    }

    /// Until its first synchronisation all fields of a record count as changed: no list is kept. A
    /// list of another length, from before a column was added, is filled up with zeros.
    private static String withChanged(SyncedTable table, String changed) {
        return """
        case when c.base_etag is null
                or c.last_synchronisation is null and c.changed_fields is null then null
            else coalesce(c.changed_fields, B''::varbit)::bit(%d) | %s end\
        """
                .formatted(length(table), changed);
    }

    @Override
    public String begunToTravel(SyncedTable table, List<SyncedColumn> fields) {
        var bits = new StringBuilder("0".repeat(length(table)));
        fields.forEach(field -> bits.setCharAt(field.position(), '1'));
        return """
        update %s c set last_synchronisation = null, revision = c.revision + 1,
            changed_fields = %s
        from %s t where t.%s = c.id and %s;\
        """
                .formatted(
                        table.companion(),
                        withChanged(table, "B'" + bits + "'"),
                        table.qualified(),
                        Sql.identifier(table.keyColumn()),
                        Capture.isAnyFilled(fields));
    }

    private static String changed(SyncedTable table) {
        var rows = new CapturedRows(table);
        return IntStream.range(0, table.columns().size())
                .mapToObj(i ->
                        "case when %s then B'%s' else B'%s' end"
                                .formatted(
                                        rows.differs(i),
                                        bit(table.columns().get(i).position(), length(table)),
                                        "0".repeat(length(table))))
                .collect(Collectors.joining("\n | ", "(", ")"));
    }

    private static String bit(int position, int length) {
        return "0".repeat(position) + "1" + "0".repeat(length - position - 1);
    }

    /// Returns the length of a list of changed fields: up to the last column that travels.
    private static int length(SyncedTable table) {
        return table.columns().stream().mapToInt(SyncedColumn::position).max().orElse(0) + 1;
    }

    @Override
    public String delete(SyncedTable table) {
        return "update %s c set %s where c.id = any (array(select d.%s from old_rows d));"
                .formatted(table.companion(), gone(), Sql.identifier(table.keyColumn()));
    }

    /// A foreign key may take rows along that the engine did not name: their records are gone too.
    /// One that waits to be pushed keeps its key, by which the engine notices that it took changes
    /// along, and gives way.
    @Override
    public String deletedByEngine(SyncedTable table) {
        return """
        update %s c set id = null, deleted_at = coalesce(c.deleted_at, clock_timestamp())
        where c.id = any (array(select d.%s from old_rows d))
            and c.last_synchronisation is not null;\
        """
                .formatted(table.companion(), Sql.identifier(table.keyColumn()));
    }

    @Override
    public Map<String, String> indexes() {
        return Map.of("waiting", "(id, uid) where last_synchronisation is null");
    }
}
