package org.doctorbird.app.postgres;

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
        return table.uidSource() == UidSource.RANDOM
                ? List.of(random())
                : List.of(unseen(), isUidUnique ? byValue() : unlessColliding(byValue()), others());
    }

    /// Returns the statement for random uids, which finds unseen deletions by the way.
    private String random() {
        String unseen = unseen();
        return """
        with unseen as (%1$s)
        insert into %2$s (uid, id%3$s) select gen_random_uuid(), n.%4$s%5$s from %6$s n;\
        """
                .formatted(
                        unseen.substring(0, unseen.length() - 1),
                        table.companion(),
                        capture.newColumns().names(),
                        key(),
                        capture.newColumns().values(),
                        source);
    }

    /// A companion that still claims the key of a new row belongs to a row that was removed while
    /// triggers were switched off.
    private String unseen() {
        return "update %s c set %s where c.id = any (array(select n.%s from %s n));"
                .formatted(table.companion(), capture.gone(), key(), source);
    }

    private String byValue() {
        return """
        with wanted as materialized %1$s
        update %2$s c set id = w.key, %3$s from wanted w
        where c.uid = any (array(select v.uid from wanted v)) and c.uid = w.uid
            and c.id is null and w.place = 1;
        with wanted as materialized %1$s, taken as materialized (
            select e.uid from %2$s e where e.uid = any (array(select v.uid from wanted v)))
        insert into %2$s (uid, id%4$s) select w.uid, w.key%5$s from wanted w
        where w.uid is not null and w.place = 1
            and not exists (select from taken t where t.uid = w.uid)
        on conflict (uid) do nothing;\
        """
                .formatted(
                        wanted(),
                        table.companion(),
                        capture.backAgain(),
                        capture.newColumns().names(),
                        capture.newColumns().values());
    }

    /// Returns the statement for rows that got no uid from their value.
    private String others() {
        return """
        with known as materialized (
            select e.id from %1$s e where e.id = any (array(select n.%3$s from %5$s n)))
        insert into %1$s (uid, id%2$s) select gen_random_uuid(), n.%3$s%4$s from %5$s n
        where not exists (select from known e where e.id = n.%3$s);\
        """
                .formatted(
                        table.companion(),
                        capture.newColumns().names(),
                        key(),
                        capture.newColumns().values(),
                        source);
    }

    private String key() {
        return Sql.identifier(table.keyColumn());
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
