package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.doctorbird.app.postgres.InterestRules.Reach;
import org.doctorbird.plan.Mode;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;

/// What a plan that is not in force would change: for one instance, of one model.
///
/// @param name the instance's
/// @param gains records that it should hold by that plan and not by the one in force
/// @param losses records that it should hold by the one in force and not by that plan
public record InterestDifference(
        InstanceId instance, String name, String model, long gains, long losses) {

    /// Counts for every instance and model that something would change for. Activates nothing and
    /// leaves nothing behind. Models that the candidate lacks are not counted.
    ///
    /// @param connection of an installed central; no transaction may be open; its auto-commit is as
    ///   before afterwards
    /// @param candidate all models of the candidate, laid over the database
    /// @return by instance, then in the order of the candidate
    /// @throws org.doctorbird.SyncException `PLAN_DOES_NOT_FIT`, `DATABASE_UNREACHABLE` and the
    ///   like
    public static List<InterestDifference> of(Connection connection, List<SyncedTable> candidate) {
        try {
            boolean isAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                return new Count(new Statements(connection), new TablesByModel(candidate)).run();
            } finally {
                connection.rollback();
                connection.setAutoCommit(isAutoCommit);
            }
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot compare the plans");
        }
    }

    /// The way there. Used once.
    private static final class Count {

        private final Statements statements;
        private final TablesByModel tables;
        private final Map<Integer, String> names = new TreeMap<>();

        Count(Statements statements, TablesByModel tables) {
            this.statements = statements;
            this.tables = tables;
        }

        List<InterestDifference> run() throws SQLException {
            statements.visit(
                    "select id, name from doctorbird.engine_instance where retired_at is null",
                    0,
                    row -> {
                        names.put(row.getInt(1), row.getString(2));
                        return true;
                    });
            InterestReview review = InterestReview.run(statements, tables);
            Map<String, Reach> now = InterestReview.reachesInForce(statements);
            var counted = new ArrayList<InterestDifference>();
            for (SyncedTable table : tables.all()) {
                Optional<Reach> before = Optional.ofNullable(now.get(table.model()));
                if (table.plan().mode() != Mode.NONE) {
                    count(table, before, review, counted);
                }
            }
            counted.sort((a, b) -> a.instance().compareTo(b.instance()));
            return counted;
        }

        private record Both(InstanceSet before, InstanceSet after, long records) {}

        private void count(
                SyncedTable table,
                Optional<Reach> before,
                InterestReview review,
                List<InterestDifference> counted)
                throws SQLException {
            boolean isRestricted = tables.graph().isRestricted(table.model());
            String everybody = Sql.literal(review.conditions().everybody().toBitString());
            String stored =
                    before.map(reach ->
                                    reach == Reach.EVERYBODY
                                            ? everybody
                                            : "rtrim(c.interested_instances::text, '0')")
                            .orElse("''");
            List<Both> sets =
                    statements.query(
                            """
                            select coalesce(%s, ''), %s, count(*)
                            from %s t %s left join %s c on c.id = t.%s group by 1, 2
                            """
                                    .formatted(
                                            stored,
                                            isRestricted ? "rtrim(w.whole::text, '0')" : everybody,
                                            table.qualified(),
                                            isRestricted
                                                    ? "join %s w on w.key = t.%s"
                                                            .formatted(
                                                                    review.whole(table.model()),
                                                                    Sql.identifier(
                                                                            table.keyColumn()))
                                                    : "",
                                            review.companion(table),
                                            Sql.identifier(table.keyColumn())),
                            row ->
                                    new Both(
                                            InstanceSet.parse(row.getString(1)),
                                            InstanceSet.parse(row.getString(2)),
                                            row.getLong(3)));
            names.forEach((id, name) -> {
                var instance = new InstanceId(id);
                long gains = sum(sets, instance, true);
                long losses = sum(sets, instance, false);
                if (gains + losses > 0) {
                    counted.add(
                            new InterestDifference(instance, name, table.model(), gains, losses));
                }
            });
        }

        private static long sum(List<Both> sets, InstanceId instance, boolean isAfter) {
            return sets.stream()
                    .filter(both ->
                            both.before().contains(instance) != isAfter
                                    && both.after().contains(instance) == isAfter)
                    .mapToLong(Both::records)
                    .sum();
        }
    }
}
