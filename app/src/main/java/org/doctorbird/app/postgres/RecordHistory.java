package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.PostgresRecordTransaction.doing;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.doctorbird.app.postgres.RecordVersions.Kind;
import org.doctorbird.app.postgres.RecordVersions.Value;
import org.doctorbird.app.postgres.RecordVersions.Version;
import org.doctorbird.app.postgres.VersionWalk.Maker;
import org.doctorbird.app.postgres.VersionWalk.Row;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.jspecify.annotations.Nullable;

/// Reads central's history for people. Any number of threads may use it.
public final class RecordHistory {

    /// The most versions of one look.
    public static final int VERSIONS_MAX = 1_000;

    /// Of longer values only the beginning is read.
    public static final int VALUE_LENGTH_MAX = 1_000;

    private final Transactions transactions;
    private final TablesByModel tables;

    /// Makes it; does not connect.
    ///
    /// @param tables all models of the plan as this database has them
    public RecordHistory(DataSource source, Collection<SyncedTable> tables) {
        this.transactions = new Transactions(source);
        this.tables = new TablesByModel(tables);
    }

    /// Reads the versions of a record: three statements.
    ///
    /// @param limit versions at most, 1 to [#VERSIONS_MAX]
    /// @param withValues also what the fields held; else no value leaves the database
    /// @return empty if there is no such record
    /// @throws org.doctorbird.SyncException `MODEL_UNKNOWN`
    public Optional<RecordVersions> read(String model, UUID uid, int limit, boolean withValues) {
        SyncedTable table = tables.get(model);
        return transactions.run(statements ->
                doing(
                        "cannot read the history of a record",
                        () -> read(statements, table, uid, limit, withValues)));
    }

    private Optional<RecordVersions> read(
            Statements statements, SyncedTable table, UUID uid, int limit, boolean withValues)
            throws SQLException {
        Optional<Current> current = current(statements, table, uid, withValues);
        if (current.isEmpty()) {
            return Optional.empty();
        }
        var walk = new VersionWalk(current.get(), withValues);
        List<Row> rows = rows(statements, table, uid, current.get(), limit + 1, withValues);
        rows.forEach(walk::step);
        if (rows.size() <= limit) {
            walk.end();
        }
        List<Version> versions = walk.versions();
        List<Version> shown = versions.subList(0, Math.min(limit, versions.size()));
        return Optional.of(new RecordVersions(named(statements, shown), versions.size() > limit));
    }

    /// The version that stands.
    ///
    /// @param forgotten rows of versions up to this one may have ended
    /// @param values by field; none if they were not asked for
    record Current(Maker maker, boolean isHere, ETag forgotten, Map<String, Value> values) {}

    private Optional<Current> current(
            Statements statements, SyncedTable table, UUID uid, boolean withValues)
            throws SQLException {
        List<SyncedColumn> columns = withValues ? table.columns() : List.of();
        String values =
                columns.stream()
                        .map(column -> ",\n " + cut(RowReader.value(tables, table, column)))
                        .collect(Collectors.joining());
        return statements.first(
                """
                select %s, c.origin, c.origin_user, t.%s is not null,
                  coalesce((select %s from doctorbird.engine_forgotten f where f.model = ?), 0)%s
                from %s where c.uid = ? and c.etag is not null
                """
                        .formatted(
                                Times.toMicros("c.etag"),
                                Sql.identifier(table.keyColumn()),
                                Times.toMicros("f.etag"),
                                values,
                                new RowReader(tables, table.shape()).source()),
                row -> {
                    Map<String, Value> held = new HashMap<>();
                    for (int i = 0; i < columns.size(); i++) {
                        held.put(columns.get(i).name(), value(row.getString(6 + i)));
                    }
                    return new Current(
                            maker(row, 1), row.getBoolean(4), new ETag(row.getLong(5)), held);
                },
                table.model(),
                uid);
    }

    /// Reads what was there when the current version was read, newest first.
    private static List<Row> rows(
            Statements statements,
            SyncedTable table,
            UUID uid,
            Current current,
            int limit,
            boolean withValues)
            throws SQLException {
        String before = withValues ? "h.before" : "'{}'::jsonb";
        return statements.query(
                """
                select %s, h.origin, h.origin_user, %s, h.replaced_origin, h.replaced_user,
                  h.kind, h.fields,
                  (select array_agg(e.key order by e.key) from jsonb_each_text(%4$s) e),
                  (select array_agg(%3$s order by e.key) from jsonb_each_text(%4$s) e)
                from doctorbird.engine_history h
                where h.uid = ? and h.model = ? and h.etag <= %5$s
                order by h.etag desc limit ?
                """
                        .formatted(
                                Times.toMicros("h.etag"),
                                Times.toMicros("h.replaced_etag"),
                                cut("e.value"),
                                before,
                                Times.fromMicros("?::bigint")),
                RecordHistory::row,
                uid,
                table.model(),
                current.maker().etag().micros(),
                limit);
    }

    private static Row row(ResultSet row) throws SQLException {
        String[] names = KeptRows.texts(row.getArray(9));
        List<@Nullable String> cells = cells(row.getArray(10));
        Map<String, Value> before = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            before.put(names[i], value(cells.get(i)));
        }
        return new Row(
                maker(row, 1),
                maker(row, 4),
                kind(row.getString(7)),
                List.of(KeptRows.texts(row.getArray(8))),
                before);
    }

    private static List<@Nullable String> cells(@Nullable Array cells) throws SQLException {
        return cells == null
                ? List.of()
                : Arrays.<@Nullable String>asList((String[]) cells.getArray());
    }

    /// Reads ETag, origin and user. What a former database of an instance made, the instance made.
    private static Maker maker(ResultSet row, int first) throws SQLException {
        int origin = row.getInt(first + 1);
        return new Maker(
                new ETag(row.getLong(first)),
                new InstanceId(origin < 0 ? Readmission.former(origin) : origin),
                Optional.ofNullable(row.getString(first + 2)));
    }

    private static Kind kind(@Nullable String word) {
        return switch (word) {
            case "deleted" -> Kind.DELETED;
            case "marked" -> Kind.MARKED;
            case "returned" -> Kind.RETURNED;
            case null, default -> Kind.CHANGED;
        };
    }

    private static String cut(String text) {
        return "left(%s, %d)".formatted(text, VALUE_LENGTH_MAX + 1);
    }

    private static Value value(@Nullable String text) {
        boolean isLong = text != null && text.codePointCount(0, text.length()) > VALUE_LENGTH_MAX;
        return new Value(
                true,
                text == null || !isLong
                        ? text
                        : text.substring(0, text.offsetByCodePoints(0, VALUE_LENGTH_MAX)) + "…");
    }

    private static List<Version> named(Statements statements, List<Version> versions)
            throws SQLException {
        Set<Integer> ids = new HashSet<>();
        versions.forEach(version -> ids.add(version.instance().number()));
        Map<Integer, String> names = new HashMap<>(Map.of(0, "central"));
        statements
                .query(
                        "select id, name from doctorbird.engine_instance where id = any(?)",
                        row -> Map.entry(row.getInt(1), row.getString(2)),
                        (Object) ids.stream().mapToInt(Integer::intValue).toArray())
                .forEach(entry -> names.put(entry.getKey(), entry.getValue()));
        var named = new ArrayList<Version>();
        for (Version version : versions) {
            named.add(
                    new Version(
                            version.etag(),
                            version.instance(),
                            Optional.ofNullable(names.get(version.instance().number())),
                            version.user(),
                            version.kind(),
                            version.changes()));
        }
        return named;
    }
}
