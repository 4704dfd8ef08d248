package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.PostgresRecordTransaction.doing;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import javax.sql.DataSource;

/// At central: ends old rows of the history, piece by piece. Nothing else may; see
/// `007-history.sql`.
///
/// A push whose base is older than what is left is decided as if others had changed every field;
/// see [org.doctorbird.conflict.PushRule]. Any number of threads may use it.
public final class HistoryRetention {

    /// Rows that one transaction ends at most.
    public static final int PIECE = 10_000;

    private final Transactions transactions;
    private final TablesByModel tables;
    private final Duration kept;

    /// Makes it; does not connect.
    ///
    /// @param tables all models of the plan as this database has them
    /// @param kept how long each row stays at least
    public HistoryRetention(DataSource source, Collection<SyncedTable> tables, Duration kept) {
        this.transactions = new Transactions(source);
        this.tables = new TablesByModel(tables);
        this.kept = kept;
    }

    /// Ends one piece, the oldest rows first: four statements, whatever their number.
    ///
    /// @return false if there may be more
    public boolean forget() {
        return transactions.run(
                statements -> doing("cannot end old history", () -> forget(statements) < PIECE));
    }

    /// Rows that somebody else is ending are left to him.
    private int forget(Statements statements) throws SQLException {
        statements.execute("set local doctorbird.forgetting = 'on'");
        int ended =
                statements
                        .first(
                                """
                                with old as materialized (
                                  select h.ctid from doctorbird.engine_history h
                                  where h.etag < clock_timestamp() - ?::bigint * interval '1 second'
                                    and %s
                                  order by h.etag limit %d for update skip locked),
                                ended as (
                                  delete from doctorbird.engine_history h
                                  where h.ctid = any (array(select o.ctid from old o))
                                  returning h.model, h.etag),
                                noted as (
                                  insert into doctorbird.engine_forgotten as f (model, etag)
                                  select e.model, max(e.etag) from ended e group by e.model
                                  order by e.model
                                  on conflict (model) do update
                                    set etag = greatest(f.etag, excluded.etag))
                                select count(*) from ended
                                """
                                        .formatted(isOver(statements), PIECE),
                                row -> row.getInt(1),
                                kept.toSeconds())
                        .orElseThrow();
        statements.execute("set local doctorbird.forgetting = 'off'");
        return ended;
    }

    /// Returns the condition that nobody needs a row to find out who should hold what: what a
    /// record pointed to before stands only there, until it is computed and published.
    private String isOver(Statements statements) throws SQLException {
        if (tables.graph().restricted().isEmpty()) {
            return "true";
        }
        InterestState state = InterestState.read(statements);
        return "h.transaction < '%d'::xid8".formatted(Math.min(state.seen(), state.horizon()));
    }
}
