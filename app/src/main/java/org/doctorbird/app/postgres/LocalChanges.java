package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/// Notices a satellite's changes right after their commit, on one connection of its own. For one
/// thread.
public final class LocalChanges implements AutoCloseable {

    /// Any number that nobody else takes; who holds it works promptly.
    private static final long LOCK = 0x70726f6d7074L;

    private final Connection connection;
    private final Statements statements;
    private final CommitWatch commits = new CommitWatch();

    private LocalChanges(Connection connection) {
        this.connection = connection;
        this.statements = new Statements(connection);
    }

    /// Connects.
    ///
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE`
    public static LocalChanges open(DataSource source) {
        return PostgresRecordTransaction.doing(
                "cannot connect", () -> new LocalChanges(source.getConnection()));
    }

    /// Takes the right to work promptly on this database; it ends with the connection.
    ///
    /// @return false if another process has it
    public boolean lead() {
        return PostgresRecordTransaction.doing(
                "cannot take the lock",
                () ->
                        statements
                                .first(
                                        "select pg_try_advisory_lock(?)",
                                        row -> row.getBoolean(1),
                                        LOCK)
                                .orElseThrow());
    }

    /// Says whether anything can have changed since the last time.
    public boolean hasCommitted() {
        return PostgresRecordTransaction.doing(
                "cannot look for commits", () -> commits.look(statements));
    }

    /// The next [#hasCommitted] is true.
    public void lookAgain() {
        commits.forget();
    }

    /// Returns the models with changes to be pushed now: without those that wait for a later try,
    /// and those on which the task engine is at work. A look into an index a model.
    ///
    /// @param tables to be looked at; not empty
    public Set<String> waiting(Collection<SyncedTable> tables) {
        String sql =
                tables.stream()
                        .map(LocalChanges::waitingIn)
                        .collect(Collectors.joining("\nunion all "));
        return PostgresRecordTransaction.doing(
                "cannot look for changes",
                () -> Set.copyOf(statements.query(sql, row -> row.getString(1))));
    }

    private static String waitingIn(SyncedTable table) {
        return """
        select %1$s where exists (select 1 from %2$s c
            where c.last_synchronisation is null
              and not exists (select 1 from doctorbird.engine_held h
                where h.model = %1$s and h.uid = c.uid and h.revision = c.revision
                  and h.next_try > clock_timestamp()))
          and %1$s not in (%3$s)\
        """
                .formatted(Sql.literal(table.model()), table.companion(), underWay("push"));
    }

    /// Returns a query for the models on which the task engine is at work: its pieces' names are
    /// those of `Piece`.
    ///
    /// @param works alternatives of a regular expression
    private static String underWay(String works) {
        String name = "^(" + works + ")/[0-9]+/[0-9]+/";
        return """
        select regexp_replace(s.task_instance, '%1$s', '') from doctorbird.scheduled_tasks s
        where s.task_name = 'piece' and s.picked and s.task_instance ~ '%1$s'\
        """
                .formatted(name);
    }

    /// Returns the models of which the task engine is fetching something.
    public static List<String> beingFetched(DataSource source) {
        return PostgresRecordTransaction.doing(
                "cannot look for work under way",
                () -> {
                    try (Connection connection = source.getConnection()) {
                        return new Statements(connection)
                                .query(underWay("pull|new"), row -> row.getString(1));
                    }
                });
    }

    /// Ends the connection, and with it the lock.
    @Override
    public void close() {
        PostgresRecordTransaction.deed(
                "cannot disconnect",
                () -> {
                    try (connection) {
                        statements.execute("select pg_advisory_unlock_all()");
                    }
                });
    }
}
