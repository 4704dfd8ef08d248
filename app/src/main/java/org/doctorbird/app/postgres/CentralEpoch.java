package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Optional;

/// A lifetime of central's memory and of its transaction numbers. Another one begins when central's
/// database was restored from a backup: an operator says so; where it was dumped and loaded into
/// another PostgreSQL, whose transaction numbers are others, it is noticed.
public final class CentralEpoch {

    private static final String EPOCH = "epoch";
    private static final String CLUSTER = "cluster";

    private final Statements statements;
    private final TablesByModel tables;
    private final EngineMeta metas;

    CentralEpoch(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
        this.metas = new EngineMeta(statements);
    }

    /// Begins another epoch.
    ///
    /// @param connection no transaction may be open; its auto-commit is as before afterwards
    /// @param synced all models of the plan
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE`, `WRITES_COLLIDED`
    public static void begin(java.sql.Connection connection, java.util.List<SyncedTable> synced) {
        try {
            boolean isAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                new CentralEpoch(new Statements(connection), new TablesByModel(synced)).begin();
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(isAutoCommit);
            }
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot begin another epoch");
        }
    }

    private record Noted(Optional<String> epoch, Optional<String> cluster, String actual) {}

    /// Returns the epoch; another one is begun first if this is another PostgreSQL than the one
    /// that the notes are of.
    Optional<String> current() throws SQLException {
        Noted noted = read();
        if (noted.epoch().isEmpty() || noted.cluster().equals(Optional.of(noted.actual()))) {
            return noted.epoch();
        }
        if (noted.cluster().isEmpty()) {
            metas.put(CLUSTER, noted.actual());
            return noted.epoch();
        }
        begin();
        return metas.get(EPOCH);
    }

    private Noted read() throws SQLException {
        return statements
                .first(
                        """
                        select (select value from doctorbird.engine_meta where key = ?),
                          (select value from doctorbird.engine_meta where key = ?),
                          (select system_identifier::text from pg_control_system())
                        """,
                        row ->
                                new Noted(
                                        Optional.ofNullable(row.getString(1)),
                                        Optional.ofNullable(row.getString(2)),
                                        row.getString(3)),
                        EPOCH,
                        CLUSTER)
                .orElseThrow();
    }

    /// Numbers that are still to come are in the future of every feed: what has one goes to the end
    /// of the feeds, and who should hold what is computed from the beginning.
    private void begin() throws SQLException {
        statements.query("select pg_advisory_xact_lock(?)", _ -> true, InterestList.LOCK);
        for (SyncedTable table : tables.all()) {
            statements.update(
                    """
                    update %s set changed = pg_current_xact_id()
                    where changed > pg_current_xact_id()
                    """
                            .formatted(table.companion()));
        }
        new FeedAudience(statements).forget();
        statements.update(
                """
                update doctorbird.engine_meta set value = case key when 'interest_horizon'
                    then least(value::bigint, pg_current_xact_id()::text::bigint)::text
                  else '1:1:' end
                where key in ('interest_horizon', 'interest_collected')
                """);
        new InterestActivation(statements, tables).run(true);
        new OvertakenPushes(statements).keepAll("central's database was restored");
        statements.update(
                """
                insert into doctorbird.engine_meta (key, value)
                values (?, gen_random_uuid()::text),
                  (?, (select system_identifier::text from pg_control_system()))
                on conflict (key) do update set value = excluded.value
                """,
                EPOCH,
                CLUSTER);
    }
}
