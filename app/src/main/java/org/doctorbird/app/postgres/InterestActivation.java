package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Map;
import org.doctorbird.app.postgres.InterestRules.Reach;

/// At central: puts a plan's rules of interest into force, in the transaction that puts the plan
/// into force.
final class InterestActivation {

    private final Statements statements;
    private final TablesByModel tables;
    private final EngineMeta metas;

    InterestActivation(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
        this.metas = new EngineMeta(statements);
    }

    /// Puts the rules into force; whatever may differ by them is computed before the feeds give
    /// anything of a restricted model again.
    ///
    /// @param isUnseen something may have changed while it was not captured
    void run(boolean isUnseen) throws SQLException {
        String before = metas.get(InterestRules.FINGERPRINT).orElse("");
        boolean isNew = !before.equals(tables.interestRules());
        if (!isNew && !isUnseen) {
            return;
        }
        // Nobody computes by the old rules any more, nor by these until this is committed.
        statements.query("select pg_advisory_xact_lock(?)", _ -> true, InterestList.LOCK);
        if (isNew) {
            changeRules();
        }
        if (!tables.graph().restricted().isEmpty()) {
            // The conditions find the application's functions as they do when changes are computed.
            statements.execute("set local search_path to default");
            String snapshot = InterestState.snapshot(statements);
            InterestReview.run(statements, tables).list();
            metas.put(InterestState.COLLECTED, snapshot);
        }
    }

    private void changeRules() throws SQLException {
        new FeedAudience(statements).forget();
        Map<String, Reach> reaches = InterestRules.reaches(tables);
        for (var model : InterestReview.reachesInForce(statements).entrySet()) {
            if (model.getValue() == Reach.RESTRICTED
                    && reaches.get(model.getKey()) == Reach.EVERYBODY) {
                giveToEverybody(tables.get(model.getKey()));
            }
        }
        new InterestList(statements, tables).dropOthers();
        if (!tables.graph().restricted().isEmpty()) {
            pause();
        }
        metas.put(InterestRules.FINGERPRINT, tables.interestRules());
        metas.put(InterestRules.REACHES, InterestRules.text(reaches));
    }

    /// Everything that was given so far counts as passed by.
    private void pause() throws SQLException {
        long end =
                statements
                        .first(
                                "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
                                row -> row.getLong(1))
                        .orElseThrow();
        long horizon = InterestState.read(statements).horizon();
        metas.put(InterestState.HORIZON, Long.toString(Math.max(end, horizon)));
        metas.put(InterestState.PAUSED, "true");
    }

    /// The feeds have passed by what was not for all: it goes to their end, and what is known of
    /// who should hold it is forgotten.
    private void giveToEverybody(SyncedTable table) throws SQLException {
        statements.execute(
                """
                update %s set direct_instances = null, interested_instances = null,
                  changed = case when id is null then changed else pg_current_xact_id() end,
                  stamped = case when id is null then stamped else greatest(stamped, 1) end
                """
                        .formatted(table.companion()));
    }
}
