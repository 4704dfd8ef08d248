package org.doctorbird.app.postgres;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// On central a change makes a new version: an ETag, a place in the feed, and a row of history with
/// what was before.
///
/// @param companions the companions' quoted names by model
record CentralCapture(Map<String, String> companions) implements Capture {

    /// Longer values are not kept in the history: PostgreSQL's jsonb ends at 256 MB, and an
    /// application's write may not fail for it.
    private static final int BYTES_KEPT_MAX = 16 * 1024 * 1024;

    private static final String NEW_VERSION =
            """
            etag = greatest(clock_timestamp(), c.etag + interval '1 microsecond'), \
            changed = pg_current_xact_id(), origin = 0, origin_revision = 0, \
            stamped = 0\
            """;

    /// The application does not say who it was, as with a deletion: what is in the row then says
    /// who wrote it last.
    private static final String UNKNOWN = "null";

    /// Who made the new version, and who the one before it: `c` is the companion after the update,
    /// `b` before it.
    private static final String MAKERS =
            """
            c.origin_user as maker, b.etag as r_etag, b.origin as r_origin, \
            b.origin_revision as r_revision, b.origin_user as r_user\
            """;

    @Override
    public NewColumns newColumns(String user) {
        return new NewColumns(
                ", etag, changed, origin, origin_revision, origin_user",
                ", clock_timestamp(), pg_current_xact_id(), 0, 0, " + user);
    }

    @Override
    public boolean notesUsers() {
        return true;
    }

    @Override
    public String gone() {
        return "id = null, former_id = c.id, deleted_at = coalesce(c.deleted_at, clock_timestamp()), "
                + newVersion(UNKNOWN);
    }

    @Override
    public String backAgain(String user) {
        return "former_id = null, deleted_at = null, " + newVersion(user);
    }

    /// Returns what an update sets for a new version that central's application has made.
    private static String newVersion(String user) {
        return NEW_VERSION + ", origin_user = " + user;
    }

    @Override
    public String begunToTravel(SyncedTable table, List<SyncedColumn> fields) {
        String rows =
                ", %s t where t.%s = c.id and %s and"
                        .formatted(
                                table.qualified(),
                                Sql.identifier(table.keyColumn()),
                                Capture.isAnyFilled(fields));
        return newVersions(table, fields, rows);
    }

    @Override
    public String changedUnseen(SyncedTable table) {
        return newVersions(table, table.columns(), " where c.id is not null and");
    }

    /// Returns the statement that makes new versions whose earlier values are not known.
    private static String newVersions(SyncedTable table, List<SyncedColumn> fields, String rows) {
        String names =
                fields.stream()
                        .map(column -> Sql.literal(column.name()))
                        .collect(Collectors.joining(", "));
        return """
        with written as (
            update %1$s c set %2$s from %1$s b%5$s b.uid = c.uid
            returning c.uid, c.etag, array[%3$s]::text[] as fields, '{}'::jsonb as before, %6$s)
        %4$s from written w;\
        """
                .formatted(
                        table.companion(),
                        newVersion(UNKNOWN),
                        names,
                        historyOf(table, "changed"),
                        rows,
                        MAKERS);
    }

    @Override
    public List<String> update(SyncedTable table, boolean areKeysMoved) {
        if (table.columns().isEmpty()) {
            return List.of();
        }
        var rows = CapturedRows.withUser(table);
        String fields =
                IntStream.range(0, table.columns().size())
                        .mapToObj(i -> field(table, i, rows.differs(i)))
                        .collect(Collectors.joining(",\n"));
        return List.of(
                """
                with pairs as materialized (
                    select n.key, n.who, f.fields, f.before from %s
                    cross join lateral (
                        select array_agg(v.name order by v.place) as fields,
                            jsonb_object_agg(v.name, v.before) as before
                        from (values %s) v (place, name, differs, before) where v.differs) f
                ), written as (
                    update %s c set %s from pairs p, %s b
                    where c.id = any (array(select q.key from pairs q)) and c.id = p.key
                        and b.id = any (array(select q.key from pairs q)) and b.id = c.id
                        and p.fields is not null
                    returning c.uid, c.etag, p.fields, p.before, %s)
                %s from written w;\
                """
                        .formatted(
                                rows.pairs(areKeysMoved),
                                fields,
                                table.companion(),
                                newVersion("p.who"),
                                table.companion(),
                                MAKERS,
                                historyOf(table, "changed")));
    }

    @Override
    public String delete(SyncedTable table) {
        String fields =
                table.columns().isEmpty()
                        ? "(0, '', false, null::text)"
                        : IntStream.range(0, table.columns().size())
                                .mapToObj(i -> field(table, i, "true"))
                                .collect(Collectors.joining(",\n"));
        return """
        with gone as materialized (
            select o.key, f.fields, f.before from %s o
            cross join lateral (
                select coalesce(array_agg(v.name order by v.place), '{}') as fields,
                    coalesce(jsonb_object_agg(v.name, v.before), '{}') as before
                from (values %s) v (place, name, differs, before) where v.differs) f
        ), written as (
            update %s c set %s from gone p, %s b
            where c.id = any (array(select q.key from gone q)) and c.id = p.key
                and b.id = any (array(select q.key from gone q)) and b.id = c.id
            returning c.uid, c.etag, p.fields, p.before, %s)
        %s from written w;\
        """
                .formatted(
                        new CapturedRows(table).of("old_rows"),
                        fields,
                        table.companion(),
                        gone(),
                        table.companion(),
                        MAKERS,
                        historyOf(table, "deleted"));
    }

    @Override
    public String deletedByEngine(SyncedTable table) {
        return "";
    }

    private static String historyOf(SyncedTable table, String kind) {
        return """
        insert into doctorbird.engine_history (model, uid, etag, origin, origin_revision, origin_user,
            kind, fields, before, replaced_etag, replaced_origin, replaced_revision, replaced_user)
        select %s, w.uid, w.etag, 0, 0, w.maker, %s, w.fields, w.before,
            w.r_etag, w.r_origin, w.r_revision, w.r_user\
        """
                .formatted(Sql.literal(table.model()), Sql.literal(kind));
    }

    /// Returns a row of place, name, whether it differs, and the value before as text.
    private String field(SyncedTable table, int place, String differs) {
        SyncedColumn column = table.columns().get(place);
        return "(%d, %s, %s, case when %s then %s end)"
                .formatted(
                        place,
                        Sql.literal(column.name()),
                        differs,
                        differs,
                        before(table, column, "o.c" + (place + 1)));
    }

    private String before(SyncedTable table, SyncedColumn column, String value) {
        return switch (column.shape().kind()) {
            case REFERENCE -> uidBefore(table, column, value);
            case BINARY -> kept("octet_length(" + value + ") * 2", value);
            case TEXT -> kept("octet_length(" + value + "::text)", value);
            case BOOLEAN, INTEGER, FLOAT, NUMERIC, DATE, TIME, TIMESTAMP -> value + "::text";
        };
    }

    private static String kept(String length, String value) {
        return "case when " + length + " <= " + BYTES_KEPT_MAX + " then " + value + "::text end";
    }

    /// Returns the uid of the record that a reference pointed to. One that waits for its target
    /// holds null in the row. What a foreign key does to the rows of others comes here after the
    /// deletion that caused it, so the target may be gone already.
    private String uidBefore(SyncedTable table, SyncedColumn column, String value) {
        String target = companions.get(column.references().orElseThrow());
        String uid =
                """
                coalesce((select r.uid::text from %1$s r where r.id = %2$s),
                    (select r.uid::text from %1$s r where r.former_id = %2$s
                     order by r.etag desc limit 1))\
                """
                        .formatted(target, value);
        if (column.shape().isRequired()) {
            return uid;
        }
        return """
        case when %s is null then
            (select m.target_uid::text from doctorbird.engine_missing_reference m
             where m.uid = (select w.uid from %s w where w.id = o.key)
                and m.model = %s and m.field = %s)
        else %s end\
        """
                .formatted(
                        value,
                        table.companion(),
                        Sql.literal(table.model()),
                        Sql.literal(column.name()),
                        uid);
    }

    @Override
    public Map<String, String> indexes() {
        return Map.of(
                "feed", "(changed, uid)", "former", "(former_id) where former_id is not null");
    }
}
