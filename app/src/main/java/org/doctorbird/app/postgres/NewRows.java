package org.doctorbird.app.postgres;

import java.util.List;
import org.doctorbird.app.postgres.Capture.NewColumns;
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
/// @param isAdoption the rows are those of the table that have no companion; else those that a
///   statement inserted
/// @param isUidUnique two transactions cannot write one value of the unique id column at the same
///   time
record NewRows(SyncedTable table, Capture capture, boolean isAdoption, boolean isUidUnique) {

    /// Returns the rows that a trigger sees.
    static NewRows inserted(SyncedTable table, Capture capture, boolean isUidUnique) {
        return new NewRows(table, capture, false, isUidUnique);
    }

    /// Returns the rows that were there before the triggers, which keep other transactions out
    /// meanwhile.
    static NewRows adopted(SyncedTable table, Capture capture) {
        return new NewRows(table, capture, true, true);
    }

    /// Returns the statements in their order, each ended by a semicolon; for the adoption they are
    /// no PL/pgSQL.
    List<String> statements() {
        boolean isRandom = table.uidSource() == UidSource.RANDOM;
        if (isAdoption) {
            return isRandom ? List.of(random()) : List.of(byValue(), others());
        }
        return List.of(
                """
                declare
                    %slines bigint;
                    written bigint;
                begin
                    %s
                    %s
                end;\
                """
                        .formatted(
                                hasRange()
                                        ? "lowest %1$s; highest %1$s; ".formatted(table.keyType())
                                        : "",
                                unseenDeletions(),
                                isRandom ? random() : byValueOrRandom()));
    }

    private String byValueOrRandom() {
        return isUidUnique ? allUnknown() : unlessColliding(byValue()) + "\n" + others();
    }

    private String source() {
        return isAdoption
                ? "(select * from %1$s t where not exists (select from %2$s e where e.id = t.%3$s))"
                        .formatted(table.qualified(), table.companion(), key())
                : "new_rows";
    }

    /// Returns a condition that lets a trigger read a companion by index. The adoption reads most
    /// of it anyway.
    private String among(String column, String values) {
        return isAdoption ? "true" : column + " = any (array(" + values + "))";
    }

    /// Returns the statement for random uids.
    private String random() {
        return """
        insert into %1$s (uid, id%2$s) select gen_random_uuid(), n.%3$s%4$s from %5$s n;\
        """
                .formatted(
                        table.companion(),
                        newColumns("n").names(),
                        notesUser() ? "key" : key(),
                        newColumns("n").values(),
                        rows());
    }

    private boolean notesUser() {
        return capture.notesUsers() && !table.userColumns().isEmpty();
    }

    /// @param row the name of what has a column `who`
    private String user(String row) {
        return notesUser() ? row + ".who" : "null::text";
    }

    private NewColumns newColumns(String row) {
        return capture.newColumns(user(row));
    }

    /// Returns the rows with all that is asked of them: with `key` and `who`, or as they are.
    private String rows() {
        return notesUser() ? CapturedRows.withUser(table).of(source()) : source();
    }

    /// PostgreSQL knows no smallest uuid before version 18.
    private boolean hasRange() {
        return !"uuid".equals(table.keyType());
    }

    /// A companion that still claims the key of a new row belongs to a row that was removed while
    /// triggers were switched off. New keys mostly lie behind all others: then one look is enough.
    private String unseenDeletions() {
        String update =
                "update %1$s c set %2$s where c.id = any (array(select n.%3$s from new_rows n));"
                        .formatted(table.companion(), capture.gone(), key());
        return hasRange()
                ? """
                select min(n.%2$s), max(n.%2$s), count(*) into lowest, highest, lines from new_rows n;
                if exists (select from %1$s c where c.id >= lowest and c.id <= highest) then
                    %3$s
                end if;\
                """
                        .formatted(table.companion(), key(), update)
                : "select count(*) into lines from new_rows;\n" + update;
    }

    /// Returns the statements for records of which none was ever here, and only otherwise those for
    /// what else there may be.
    private String allUnknown() {
        return """
        insert into %1$s (uid, id%2$s) select w.uid, w.key%3$s from %4$s w
        where w.uid is not null on conflict (uid) do nothing;
        get diagnostics written = row_count;
        if written < lines then
            %5$s
            %6$s
        end if;\
        """
                .formatted(
                        table.companion(),
                        newColumns("w").names(),
                        newColumns("w").values(),
                        wanting(),
                        byValue(),
                        others());
    }

    private String byValue() {
        return """
        with wanted as materialized %1$s
        update %2$s c set id = w.key, %3$s from wanted w
        where %6$s and c.uid = w.uid
            and c.id is null and w.place = 1;
        with wanted as materialized %1$s, taken as materialized (
            select e.uid from %2$s e where %7$s)
        insert into %2$s (uid, id%4$s) select w.uid, w.key%5$s from wanted w
        where w.uid is not null and w.place = 1
            and not exists (select from taken t where t.uid = w.uid)
        on conflict (uid) do nothing;\
        """
                .formatted(
                        wanted(),
                        table.companion(),
                        capture.backAgain(user("w")),
                        newColumns("w").names(),
                        newColumns("w").values(),
                        among("c.uid", "select v.uid from wanted v"),
                        among("e.uid", "select v.uid from wanted v"));
    }

    /// Returns the statement for rows that got no uid from their value.
    private String others() {
        return """
        with known as materialized (
            select e.id from %1$s e where %6$s)
        insert into %1$s (uid, id%2$s) select gen_random_uuid(), n.%3$s%4$s from %5$s n
        where not exists (select from known e where e.id = n.%3$s);\
        """
                .formatted(
                        table.companion(),
                        newColumns("n").names(),
                        notesUser() ? "key" : key(),
                        newColumns("n").values(),
                        rows(),
                        among("e.id", "select n." + key() + " from new_rows n"));
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
        return """
        (select v.*, row_number() over (partition by v.uid order by v.key) as place from %s v)\
        """
                .formatted(wanting());
    }

    /// Returns a subquery of keys and the uids their rows want.
    private String wanting() {
        String column = table.plan().uniqueIdColumn().orElseThrow();
        String value = "r.c" + (placeOf(column) + 1);
        String uid =
                table.uidSource() == UidSource.UUID_COLUMN
                        ? value + "::uuid"
                        : "doctorbird.engine_uid(%s, %s::text)"
                                .formatted(Sql.literal(table.model()), value);
        return "(select r.key, %s as uid%s from %s r)"
                .formatted(
                        uid,
                        notesUser() ? ", r.who" : "",
                        notesUser() ? rows() : new CapturedRows(table).of(source()));
    }

    private int placeOf(String column) {
        for (int i = 0; i < table.columns().size(); i++) {
            if (table.columns().get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalStateException("the unique id column does not travel: " + column);
    }
}
