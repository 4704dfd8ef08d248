package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;

/// At central: another database goes on under an instance's id, because the one before is gone.
///
/// What the old one made is noted from then on as made by [#former], so that the new one does not
/// take it for its own; and revisions of the new one are numbered above those of the old one.
final class Readmission {

    private final Statements statements;
    private final int id;

    Readmission(Statements statements, int id) {
        this.statements = statements;
        this.id = id;
    }

    /// Returns the origin that companions have of versions that a former database of an instance
    /// made: below zero. In the history, which nobody changes, they are those up to the instance's
    /// `reset_etag`.
    static int former(int instance) {
        return -1 - instance;
    }

    /// Forgets which records of a model the instance holds.
    void forgetHeld(SyncedTable table) throws SQLException {
        String index = Integer.toString(id);
        statements.update(
                "update %s c set synchronised_instances = %s where %s"
                        .formatted(
                                table.companion(),
                                Bits.without("c.synchronised_instances", index),
                                Bits.isSet("c.synchronised_instances", index)));
        statements.update(
                "delete from doctorbird.engine_late_receipt where instance = ? and model = ?",
                id,
                table.model());
    }

    /// Ends the sessions of the database before.
    void shutOut() throws SQLException {
        statements.update("delete from doctorbird.engine_session where instance = ?", id);
    }

    /// Notes the highest revision of the database before; call it before [#makeFormer].
    void noteRevisions(Collection<SyncedTable> tables) throws SQLException {
        String companions =
                tables.stream()
                        .map(table ->
                                "union all select max(c.origin_revision) from %s c where c.origin = %d"
                                        .formatted(table.companion(), id))
                        .collect(Collectors.joining("\n"));
        statements.update(
                """
                update doctorbird.engine_instance i set revisions_before = greatest(
                  i.revisions_before, (select max(m.revision) from (
                    select max(h.origin_revision) as revision
                      from doctorbird.engine_history h where h.origin = %1$d
                    union all select max(h.replaced_revision)
                      from doctorbird.engine_history h where h.replaced_origin = %1$d
                    union all select max(s.revision)
                      from doctorbird.engine_settled s where s.instance = %1$d
                    union all select max(k.revision)
                      from doctorbird.engine_parked k where k.instance = %1$d
                    union all select max(q.revision)
                      from doctorbird.engine_quarantine q where q.instance = %1$d
                    union all select max(d.revision)
                      from doctorbird.engine_conflict d where d.instance = %1$d
                    %2$s) m))
                where i.id = %1$d
                """
                        .formatted(id, companions));
    }

    void makeFormer(SyncedTable table) throws SQLException {
        statements.update(
                "update %s c set origin = ? where c.origin = ?".formatted(table.companion()),
                former(id),
                id);
    }

    /// Ends it: the next database may come.
    ///
    /// @param incarnation the next database's; null: any
    void admit(@org.jspecify.annotations.Nullable UUID incarnation) throws SQLException {
        new OvertakenPushes(statements).keepOf(id, "the database that made it is gone");
        statements.update("delete from doctorbird.engine_settled where instance = ?", id);
        statements.update(
                """
                update doctorbird.engine_instance i set
                  former_incarnations = case when ?::uuid is null or i.incarnation is null
                    then i.former_incarnations
                    else i.former_incarnations || i.incarnation end,
                  incarnation = ?::uuid,
                  contact = case when ?::uuid is null then 0 end,
                  contact_token = case when ?::uuid is null then gen_random_uuid() end,
                  reset_etag = greatest(clock_timestamp(), i.reset_etag,
                    (select max(h.etag) from doctorbird.engine_history h where h.origin = i.id))
                where i.id = ?
                """,
                text(incarnation),
                text(incarnation),
                text(incarnation),
                text(incarnation),
                id);
    }

    private static @org.jspecify.annotations.Nullable String text(
            @org.jspecify.annotations.Nullable UUID incarnation) {
        return incarnation == null ? null : incarnation.toString();
    }
}
