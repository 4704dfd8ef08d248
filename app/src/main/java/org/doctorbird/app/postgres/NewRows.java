package org.doctorbird.app.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.doctorbird.app.postgres.SyncedTable.UidSource;

/// SQL that gives rows without a companion their companions: for the trigger on insert and for the
/// adoption.
///
/// A row whose unique id column is empty, or has a value that another record already took its uid
/// from, gets a random uid. A record that was deleted is the same record again when its value comes
/// back.
///
/// @param table the table
/// @param capture how this role notes changes
/// @param source the rows: a transition table or a subquery in parentheses
/// @param isUidUnique two transactions cannot write one value of the unique id column at the same
///   time
record NewRows(SyncedTable table, Capture capture, String source, boolean isUidUnique) {

    /// Returns the statements in their order, each ended by a semicolon; PL/pgSQL only if the
    /// values may collide.
    List<String> statements() {
        return table.uidSource() == UidSource.RANDOM ? List.of(random()) : byValue();
    }

    /// Returns the statement for random uids. A companion that still claims the key of a new row
    /// belongs to a row that was removed while triggers were switched off.
    private String random() {
        return """
        with unseen as (update %1$s c set %2$s from %3$s n where c.id = n.%4$s)
        insert into %1$s (uid, id%5$s) select gen_random_uuid(), n.%4$s%6$s from %3$s n;\
        """
                .formatted(
                        table.companion(),
                        capture.gone(),
                        source,
                        Sql.identifier(table.keyColumn()),
                        capture.newColumns().names(),
                        capture.newColumns().values());
    }

    private List<String> byValue() {
        var statements = new ArrayList<String>();
        statements.add(
                "update %s c set %s from %s n where c.id = n.%s;"
                        .formatted(
                                table.companion(),
                                capture.gone(),
                                source,
                                Sql.identifier(table.keyColumn())));
        String wanted = wanted();
        String taken =
                """
                update %1$s c set id = w.key, %2$s from %3$s w
                where c.uid = w.uid and c.id is null and w.place = 1;
                insert into %1$s (uid, id%4$s) select w.uid, w.key%5$s from %3$s w
                where w.uid is not null and w.place = 1
                    and not exists (select from %1$s e where e.uid = w.uid)
                on conflict (uid) do nothing;\
                """
                        .formatted(
                                table.companion(),
                                capture.backAgain(),
                                wanted,
                                capture.newColumns().names(),
                                capture.newColumns().values());
        statements.add(isUidUnique ? taken : unlessColliding(taken));
        statements.add(
                """
                insert into %1$s (uid, id%2$s) select gen_random_uuid(), n.%3$s%4$s from %5$s n
                where not exists (select from %1$s e where e.id = n.%3$s);\
                """
                        .formatted(
                                table.companion(),
                                capture.newColumns().names(),
                                Sql.identifier(table.keyColumn()),
                                capture.newColumns().values(),
                                source));
        return statements;
    }

    /// Another transaction may write the same value, which the table allows. In REPEATABLE READ
    /// that would fail here; the rows get random uids instead.
    private static String unlessColliding(String statements) {
        return """
        begin
            %s
        exception when serialization_failure or unique_violation then
            null;
        end;\
        """
                .formatted(statements);
    }

    /// Returns a subquery of keys and the uids their rows want, the first of equal ones with place
    /// 1.
    private String wanted() {
        String column = table.plan().uniqueIdColumn().orElseThrow();
        Optional<Integer> place = placeOf(column);
        String value = place.map(i -> "r.c" + (i + 1)).orElse("r.key");
        String uid =
                table.uidSource() == UidSource.UUID_COLUMN
                        ? value + "::uuid"
                        : "doctorbird.engine_uid(%s, %s::text)"
                                .formatted(Sql.literal(table.model()), value);
        return """
        (select v.key, v.uid, row_number() over (partition by v.uid order by v.key) as place
         from (select r.key, %s as uid from %s r) v)\
        """
                .formatted(uid, new CapturedRows(table).of(source));
    }

    private Optional<Integer> placeOf(String column) {
        for (int i = 0; i < table.columns().size(); i++) {
            if (table.columns().get(i).name().equals(column)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }
}
