package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.RowStatements.numbers;

import java.sql.SQLException;
import java.util.List;

/// Deletes rows at central because satellites deleted their copies.
///
/// The records end first, with the pushed versions' ETags, origins and revisions, so that the
/// triggers find nothing to note of them when their rows go. Whatever foreign keys do to other rows
/// the triggers note as if the application had done it: each of those gets a version of its own.
final class CentralDeletions {

    private final Statements statements;
    private final SyncedTable table;
    private final StagingTable staging;
    private final CompanionStatements companions;

    CentralDeletions(
            Statements statements,
            SyncedTable table,
            StagingTable staging,
            CompanionStatements companions) {
        this.statements = statements;
        this.table = table;
        this.staging = staging;
        this.companions = companions;
    }

    /// Five statements. A row that is gone already, by a cascade, is as good.
    ///
    /// @throws SQLException also if a row is still there afterwards
    void run(List<StagedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String[] keys = rows.stream().map(StagedRow::key).toArray(String[]::new);
        companions.keepHistory(rows);
        int ended = end(rows);
        statements.execute("set local doctorbird.applying = 'off'");
        statements.update(
                "delete from %s t where %s".formatted(table.qualified(), isOneOf()), (Object) keys);
        boolean isAnyLeft = lookWhileApplying(keys);
        if (ended != rows.size() || isAnyLeft) {
            throw SqlFailures.notWritten();
        }
    }

    private String isOneOf() {
        return "t.%s = any(?::text[]::%s[])"
                .formatted(Sql.identifier(table.keyColumn()), table.keyType());
    }

    /// Writes as the engine again.
    ///
    /// @return whether a row is still there
    private boolean lookWhileApplying(String[] keys) throws SQLException {
        return statements
                .first(
                        """
                        select exists (select from %s t where %s),
                          set_config('doctorbird.applying', 'on', true)
                        """
                                .formatted(table.qualified(), isOneOf()),
                        row -> row.getBoolean(1),
                        (Object) keys)
                .orElseThrow();
    }

    /// The instance that deleted its copy holds the record no more.
    private int end(List<StagedRow> rows) throws SQLException {
        return statements.update(
                """
                update %s c set id = null, former_id = coalesce(c.id, c.former_id),
                  deleted_at = coalesce(c.deleted_at, clock_timestamp()),
                  etag = %s, changed = pg_current_xact_id(), origin = s.origin,
                  origin_revision = s.revision, origin_user = s.origin_user, stamped = 0,
                  synchronised_instances = %s
                from %s s where s.n = any(?) and c.uid = s.uid
                """
                        .formatted(
                                table.companion(),
                                Times.fromMicros("s.etag"),
                                Bits.without("c.synchronised_instances", "s.origin::integer"),
                                staging.name()),
                numbers(rows));
    }
}
