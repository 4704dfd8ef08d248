package org.doctorbird.app.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.doctorbird.app.postgres.SyncedTable.UidSource;
import org.doctorbird.record.FieldKind;

/// The trigger functions and triggers of one table, as SQL.
///
/// Design. All but one are statement-level triggers: a bulk operation costs a fixed number of
/// statements. The functions run with the rights of the engine's role, so that the application's
/// role needs none on the engine's schema. They write only companions of the rows that the
/// statement changed; two transactions of the application meet there only if they met at the row
/// itself before.
///
/// A session plans a statement of a function once and keeps the plan, whether a statement of the
/// application changes one row or a hundred thousand, and whether the companion has ten rows or ten
/// million by then. So the statements leave the planner no choice that would be wrong another time:
/// companions are read by index, given the keys as an array, and then joined to the changed rows by
/// hash. The functions' settings forbid the rest; JIT is off because the planner's punishment for
/// what is forbidden counts as cost.
///
/// @param table the table
/// @param capture how this role notes changes
/// @param isUidUnique no two rows can have the same value in the unique id column
record CaptureDefinition(SyncedTable table, Capture capture, boolean isUidUnique) {

    /// The triggers on the application's table; their functions have the companion's name and these
    /// endings.
    static final List<String> KINDS = List.of("insert", "update", "delete", "truncate", "key");

    private static final String PLANNER =
            """
            set search_path = pg_catalog, pg_temp
            set enable_nestloop = off
            set enable_mergejoin = off
            set enable_seqscan = off
            set jit = off
            """;

    private static final String TEXT_FORM =
            """
            set datestyle = 'ISO'
            set intervalstyle = 'postgres'
            set timezone = 'UTC'
            set bytea_output = 'hex'
            set extra_float_digits = 1
            """;

    /// Returns the name of a trigger on the application's table.
    static String triggerName(String kind) {
        return "doctorbird_" + kind;
    }

    /// Returns the quoted name of a trigger function.
    static String function(String companionName, String kind) {
        return "doctorbird." + Sql.identifier(Sql.fitted(companionName + ":" + kind));
    }

    /// Returns all statements, functions first. Run again, they change nothing.
    List<String> statements() {
        var statements = new ArrayList<String>();
        statements.addAll(define("insert", insertBody(), naturalKeyForm()));
        statements.addAll(define("update", updateBody(), textForm()));
        statements.addAll(define("delete", deleteBody(), textForm()));
        statements.addAll(define("truncate", truncateBody(), ""));
        statements.addAll(define("key", keyBody(), ""));
        statements.add(trigger("insert", "after insert", "referencing new table as new_rows", ""));
        statements.add(
                trigger(
                        "update",
                        "after update",
                        "referencing old table as old_rows new table as new_rows",
                        ""));
        statements.add(trigger("delete", "after delete", "referencing old table as old_rows", ""));
        statements.add(trigger("truncate", "after truncate", "", ""));
        String key = Sql.identifier(table.keyColumn());
        statements.add(
                trigger(
                        "key",
                        "after update",
                        "",
                        "when (old.%s is distinct from new.%s)".formatted(key, key)));
        return statements;
    }

    /// Returns a checksum of all statements.
    String checksum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            statements().forEach(sql -> digest.update(sql.getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private List<String> define(String kind, String body, String settings) {
        String name = function(table.companionName(), kind);
        String tag = "$doctorbird$";
        while (body.contains(tag)) {
            tag = tag.substring(0, tag.length() - 1) + "_$";
        }
        return List.of(
                """
                create or replace function %s() returns trigger language plpgsql security definer
                %s%sas %s
                #variable_conflict use_column
                begin
                %s%sreturn null;
                end
                %s\
                """
                        .formatted(name, PLANNER, settings, tag, applying(kind), body, tag),
                "revoke all on function " + name + "() from public");
    }

    private String applying(String kind) {
        String noted = "delete".equals(kind) ? capture.deletedByEngine(table) : "";
        return """
        if current_setting('doctorbird.applying', true) = 'on' then
            %sreturn null;
        end if;
        """
                .formatted(noted.isEmpty() ? "" : noted + "\n    ");
    }

    private String trigger(String kind, String when, String tables, String condition) {
        return "create or replace trigger %s %s on %s %s for each %s %s execute function %s()"
                .formatted(
                        Sql.identifier(triggerName(kind)),
                        when,
                        table.qualified(),
                        tables,
                        "key".equals(kind) ? "row" : "statement",
                        condition,
                        function(table.companionName(), kind));
    }

    private String insertBody() {
        return lines(NewRows.inserted(table, capture, isUidUnique).statements());
    }

    private String updateBody() {
        return """
        if current_setting('doctorbird.moved', true) = 'on' and exists (
            select from doctorbird.engine_moved_key m
            where m.transaction = pg_current_xact_id() and m.companion = %1$s) then
            update %2$s c set id = m.after::%3$s from doctorbird.engine_moved_key m
            where m.transaction = pg_current_xact_id() and m.companion = %1$s
                and c.id = m.before::%3$s and c.id = any (array(
                    select q.before::%3$s from doctorbird.engine_moved_key q
                    where q.transaction = pg_current_xact_id() and q.companion = %1$s));
            %4$s
            delete from doctorbird.engine_moved_key m
            where m.transaction = pg_current_xact_id() and m.companion = %1$s;
            return null;
        end if;
        %5$s
        """
                .formatted(
                        Sql.literal(table.companionName()),
                        table.companion(),
                        table.keyType(),
                        lines(updates(true)),
                        lines(updates(false)));
    }

    private List<String> updates(boolean areKeysMoved) {
        return Stream.concat(
                        capture.update(table, areKeysMoved).stream(),
                        overwritten(areKeysMoved).stream())
                .toList();
    }

    /// Returns the statement that forgets the target that a reference waited for when the
    /// application gives it another.
    private List<String> overwritten(boolean areKeysMoved) {
        var rows = new CapturedRows(table);
        List<String> fields =
                rows.places(FieldKind.REFERENCE).stream()
                        .filter(i -> !table.columns().get(i).shape().isRequired())
                        .map(i ->
                                "case when %s then %s end"
                                        .formatted(
                                                rows.differs(i),
                                                Sql.literal(table.columns().get(i).name())))
                        .toList();
        if (fields.isEmpty()) {
            return List.of();
        }
        return List.of(
                """
                if exists (select from doctorbird.engine_missing_reference where model = %1$s) then
                    with pairs as materialized (
                        select n.key, array[%2$s]::text[] as fields from %3$s)
                    delete from doctorbird.engine_missing_reference m using pairs p, %4$s c
                    where c.id = any (array(select q.key from pairs q)) and c.id = p.key
                        and m.model = %1$s and m.uid = c.uid and m.field = any (p.fields)
                        and m.uid = any (array(select e.uid from %4$s e
                            where e.id = any (array(select q.key from pairs q))));
                end if;\
                """
                        .formatted(
                                Sql.literal(table.model()),
                                String.join(", ", fields),
                                rows.pairs(areKeysMoved),
                                table.companion()));
    }

    private String deleteBody() {
        return """
        %1$s
        """
                .formatted(capture.delete(table));
    }

    private String truncateBody() {
        return "update %s c set %s where c.id is not null;\n"
                .formatted(table.companion(), capture.gone());
    }

    private String keyBody() {
        String key = Sql.identifier(table.keyColumn());
        return """
        insert into doctorbird.engine_moved_key (companion, before, after)
        values (%s, old.%s::text, new.%s::text);
        perform set_config('doctorbird.moved', 'on', true);
        """
                .formatted(Sql.literal(table.companionName()), key, key);
    }

    private static String lines(List<String> statements) {
        return statements.isEmpty() ? "" : String.join("\n", statements) + "\n";
    }

    private String naturalKeyForm() {
        return table.uidSource() == UidSource.NATURAL_KEY ? TEXT_FORM : "";
    }

    private String textForm() {
        return capture instanceof CentralCapture ? TEXT_FORM : "";
    }
}
