package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// Records that are the same as another one, and how that one is found.
final class JoinedRecords {

    /// What [SqlFailures] says of a unique key.
    private static final Pattern KEY = Pattern.compile("constraint (.+) \\(23505\\)");

    private final Statements statements;
    private final TablesByModel tables;

    JoinedRecords(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
    }

    Map<RecordKey, UUID> survivors(Collection<RecordKey> keys) throws SQLException {
        record Joined(RecordKey key, UUID survivor) {}
        var survivors = new HashMap<RecordKey, UUID>();
        statements
                .query(
                        """
                        select j.model, j.uid, j.survivor from doctorbird.engine_joined j
                        join unnest(?::text[], ?::uuid[]) k(model, uid)
                          on k.model = j.model and k.uid = j.uid
                        """,
                        row ->
                                new Joined(
                                        new RecordKey(
                                                row.getString(1), row.getObject(2, UUID.class)),
                                        row.getObject(3, UUID.class)),
                        keys.stream().map(RecordKey::model).toArray(String[]::new),
                        keys.stream().map(RecordKey::uid).toArray(UUID[]::new))
                .forEach(joined -> survivors.put(joined.key(), joined.survivor()));
        return survivors;
    }

    /// Those that were joined with the record earlier go over to its survivor, too.
    void join(RecordKey key, UUID survivor) throws SQLException {
        statements.update(
                """
                insert into doctorbird.engine_joined (model, uid, survivor) values (?, ?, ?)
                on conflict (model, uid) do update set survivor = excluded.survivor
                """,
                key.model(),
                key.uid(),
                survivor);
        statements.update(
                "update doctorbird.engine_joined set survivor = ? where model = ? and survivor = ?",
                survivor,
                key.model(),
                key.uid());
        statements.update(
                """
                update doctorbird.engine_missing_reference set target_uid = ?
                where target_model = ? and target_uid = ?
                """,
                survivor,
                key.model(),
                key.uid());
    }

    /// Finds the record that has the key for which another one was refused.
    ///
    /// @param reason what refused it
    /// @return empty if nobody has it any more, or the key is an expression
    Optional<UUID> keyHolder(KeptRecord refused, String reason) throws SQLException {
        Matcher key = KEY.matcher(reason);
        if (!key.matches()) {
            return Optional.empty();
        }
        SyncedTable table = tables.get(refused.key().model());
        List<String> columns = columns(table, key.group(1));
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        var conditions = new ArrayList<String>();
        var parameters = new ArrayList<@Nullable Object>();
        for (String column : columns) {
            conditions.add(condition(table, column));
            parameters.add(refused.fields().get(column));
        }
        return statements.first(
                """
                select c.uid from %s t join %s c on c.id = t.%s where %s limit 1
                """
                        .formatted(
                                table.qualified(),
                                table.companion(),
                                Sql.identifier(table.keyColumn()),
                                String.join(" and ", conditions)),
                row -> row.getObject(1, UUID.class),
                parameters.toArray());
    }

    /// Returns the columns of a unique index; none if it is no plain one of columns that travel.
    private List<String> columns(SyncedTable table, String index) throws SQLException {
        List<String> columns =
                statements.query(
                        """
                        select coalesce(a.attname, '')::text from pg_index i
                        join pg_class n on n.oid = i.indexrelid
                        cross join unnest(i.indkey::int2[]) with ordinality k(number, place)
                        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
                        where i.indrelid = ?::regclass and n.relname = ? and i.indpred is null
                          and k.place <= i.indnkeyatts
                        order by k.place
                        """,
                        row -> row.getString(1),
                        table.qualified(),
                        index);
        boolean isPlain =
                columns.stream().allMatch(column -> table.shape().field(column).isPresent());
        return isPlain ? columns : List.of();
    }

    private String condition(SyncedTable table, String column) {
        SyncedColumn some = TablesByModel.column(table, column);
        String name = "t." + Sql.identifier(column);
        if (some.shape().kind() == FieldKind.REFERENCE) {
            String target = tables.get(some.shape().references().orElseThrow()).companion();
            return "%s = (select r.id from %s r where r.uid = ?::uuid)".formatted(name, target);
        }
        return "%s = ?::%s".formatted(name, some.type());
    }
}
