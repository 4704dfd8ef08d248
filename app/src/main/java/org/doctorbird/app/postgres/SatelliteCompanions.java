package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.RowStatements.numbers;

import java.sql.SQLException;
import java.util.List;
import org.doctorbird.exchange.Write;

/// The companions of a satellite: each record that central sent is in step, and one that was
/// removed because central withdrew it is at no version, as if it had never come. Only its revision
/// goes on.
final class SatelliteCompanions implements CompanionStatements {

    private final Statements statements;
    private final SyncedTable table;
    private final StagingTable staging;

    SatelliteCompanions(Statements statements, SyncedTable table, StagingTable staging) {
        this.statements = statements;
        this.table = table;
        this.staging = staging;
    }

    @Override
    public void make(List<StagedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String sql =
                """
                insert into %s (uid, id, last_synchronisation, base_etag, deleted_at)
                select s.uid, s.id::%s, %s, %s, case when s.id is null then clock_timestamp() end
                from %s s where s.n = any(?) order by s.uid
                on conflict (uid) do nothing
                """
                        .formatted(
                                table.companion(),
                                table.keyType(),
                                Times.fromMicros("s.etag"),
                                Times.fromMicros("s.etag"),
                                staging.name());
        if (statements.update(sql, numbers(rows)) != rows.size()) {
            throw SqlFailures.collision();
        }
    }

    @Override
    public List<String> copied() {
        return List.of("uid", "id", "last_synchronisation", "base_etag");
    }

    @Override
    public boolean canCopy(StagedRow row) {
        return row.write() instanceof Write.AtSatellite;
    }

    @Override
    public void append(CopyText text, StagedRow row, String transaction) {
        if (!(row.write() instanceof Write.AtSatellite write)) {
            throw new IllegalStateException("no such write comes to a satellite");
        }
        String etag = Times.text(write.etag().micros());
        text.cell(row.uid().toString()).cell(row.key()).cell(etag).cell(etag).end();
    }

    /// A satellite keeps no history.
    @Override
    public void keepHistory(List<StagedRow> rows) {}

    @Override
    public void update(List<StagedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String sql =
                """
                update %s c set id = s.id::%s, last_synchronisation = %s,
                  base_etag = case when s.etag > 0 then %s end, changed_fields = null,
                  is_taken = false,
                  deleted_at = case when s.id is null then coalesce(c.deleted_at, clock_timestamp())
                    end
                from %s s where s.n = any(?) and c.uid = s.uid
                """
                        .formatted(
                                table.companion(),
                                table.keyType(),
                                Times.fromMicros("s.etag"),
                                Times.fromMicros("s.etag"),
                                staging.name());
        if (statements.update(sql, numbers(rows)) != rows.size()) {
            throw SqlFailures.collision();
        }
        statements.update(
                """
                delete from doctorbird.engine_held h using %s s
                where s.n = any(?) and h.model = ? and h.uid = s.uid
                """
                        .formatted(staging.name()),
                numbers(rows),
                table.model());
    }
}
