package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.RowStatements.numbers;

import java.sql.SQLException;
import java.util.List;

/// Deletes rows at central because satellites deleted their copies.
///
/// The triggers note the deletion as if the application had made it, and with it whatever foreign
/// keys do to other rows: each of those gets a version of its own. What was asked for gets the
/// pushed version's ETag, origin and revision afterwards.
final class CentralDeletions {

    private final Statements statements;
    private final SyncedTable table;
    private final StagingTable staging;

    CentralDeletions(Statements statements, SyncedTable table, StagingTable staging) {
        this.statements = statements;
        this.table = table;
        this.staging = staging;
    }

    /// Five statements. A row that is gone already, by a cascade, is as good.
    ///
    /// @throws SQLException also if a row is still there afterwards
    void run(List<StagedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        statements.execute("set local doctorbird.applying = 'off'");
        statements.update(
                """
                delete from %s t using %s s, %s c
                where s.n = any(?) and c.uid = s.uid and t.%s = c.id
                """
                        .formatted(
                                table.qualified(),
                                staging.name(),
                                table.companion(),
                                Sql.identifier(table.keyColumn())),
                numbers(rows));
        statements.execute("set local doctorbird.applying = 'on'");
        noteOrigin(rows);
        if (endVersions(rows) != rows.size()) {
            throw SqlFailures.notWritten();
        }
    }

    private void noteOrigin(List<StagedRow> rows) throws SQLException {
        statements.update(
                """
                update doctorbird.engine_history h set etag = %s, origin = s.origin,
                  origin_revision = s.revision
                from %s s join %s c on c.uid = s.uid
                where s.n = any(?) and h.uid = c.uid and h.etag = c.etag and h.model = ?
                """
                        .formatted(Times.fromMicros("s.etag"), staging.name(), table.companion()),
                numbers(rows),
                table.model());
    }

    /// The instance that deleted its copy holds the record no more.
    private int endVersions(List<StagedRow> rows) throws SQLException {
        return statements.update(
                """
                update %s c set etag = %s, changed = pg_current_xact_id(), origin = s.origin,
                  origin_revision = s.revision, stamped = 0, synchronised_instances = %s
                from %s s where s.n = any(?) and c.uid = s.uid and c.id is null
                """
                        .formatted(
                                table.companion(),
                                Times.fromMicros("s.etag"),
                                Bits.without("c.synchronised_instances", "s.origin::integer"),
                                staging.name()),
                numbers(rows));
    }
}
