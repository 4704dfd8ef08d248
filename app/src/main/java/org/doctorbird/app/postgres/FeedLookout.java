package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.doctorbird.record.InstanceId;

/// Looks out for news in central's feeds, on one connection of its own for all instances that wait.
/// For one thread.
public final class FeedLookout implements AutoCloseable {

    private final Connection connection;
    private final Statements statements;
    private final CommitWatch commits = new CommitWatch();

    private FeedLookout(Connection connection) {
        this.connection = connection;
        this.statements = new Statements(connection);
    }

    /// What the feeds are made of, by the plan in force.
    public static final class Feeds {

        private final TablesByModel tables;
        private final Collection<String> models;

        /// @param tables all models of the plan
        /// @param models those that are given to satellites
        public Feeds(Collection<SyncedTable> tables, Collection<String> models) {
            this.tables = new TablesByModel(tables);
            this.models = models;
        }
    }

    /// What a look has found.
    ///
    /// @param horizon the transaction below which everything was looked at
    /// @param concerned the instances for which there may be something
    public record News(long horizon, Set<InstanceId> concerned) {}

    /// Connects.
    ///
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE`
    public static FeedLookout open(DataSource source) {
        return PostgresRecordTransaction.doing(
                "cannot connect", () -> new FeedLookout(source.getConnection()));
    }

    /// Says whether anything can have changed since the last time.
    public boolean hasCommitted() {
        return PostgresRecordTransaction.doing(
                "cannot look for commits", () -> commits.look(statements));
    }

    /// Looks for what the feeds have for instances.
    ///
    /// @param seen the transaction below which each has been told of everything; not empty
    public News look(Feeds feeds, Map<InstanceId, Long> seen) {
        return PostgresRecordTransaction.doing(
                "cannot look for changes",
                () -> {
                    long horizon =
                            FeedHorizon.read(
                                    statements,
                                    !feeds.tables.graph().restricted().isEmpty(),
                                    feeds.tables.interestRules());
                    var news = new FeedNews(statements, feeds.tables).of(feeds.models, seen);
                    return new News(horizon, news.keySet());
                });
    }

    @Override
    public void close() {
        PostgresRecordTransaction.deed("cannot disconnect", connection::close);
    }
}
