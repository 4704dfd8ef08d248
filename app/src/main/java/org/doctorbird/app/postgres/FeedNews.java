package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.doctorbird.record.InstanceId;

/// Says for which instances the feeds have something new, by the same conditions by which they give
/// it.
final class FeedNews {

    /// Changes of a model that are looked at; if there are more, there may be something for
    /// everybody.
    static final int SCANNED_MAX = 200;

    private final Statements statements;
    private final TablesByModel tables;

    FeedNews(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
    }

    /// Returns the models with something new, by instance; instances without are not in it. Two
    /// statements at most: a look into an index a model, and one at what has changed.
    ///
    /// @param models to be looked at
    /// @param seen the transaction below which each instance has read everything; not empty
    Map<InstanceId, Set<String>> of(Collection<String> models, Map<InstanceId, Long> seen)
            throws SQLException {
        long first = seen.values().stream().mapToLong(n -> n).min().orElseThrow();
        List<String> changed = changed(models, first);
        if (changed.isEmpty()) {
            return Map.of();
        }
        var news = new HashMap<InstanceId, Set<String>>();
        List<InstanceId> instances = List.copyOf(seen.keySet());
        statements.visit(
                places(changed)
                                .mapToObj(i -> withCompanions(i, changed.get(i), first))
                                .collect(
                                        Collectors.joining(
                                                ",\n",
                                                """
                                                with w as materialized (
                                                  select u.id, u.seen::text::xid8 as seen
                                                  from unnest(?::int[], ?::bigint[]) u(id, seen)),
                                                """,
                                                "\n"))
                        + places(changed)
                                .mapToObj(i -> concerned(i, changed.get(i)))
                                .collect(Collectors.joining("\nunion all ")),
                0,
                row -> {
                    news.computeIfAbsent(new InstanceId(row.getInt(1)), _ -> new HashSet<>())
                            .add(row.getString(2));
                    return true;
                },
                instances.stream().mapToInt(InstanceId::number).toArray(),
                instances.stream().mapToLong(seen::get).toArray());
        return news;
    }

    private List<String> changed(Collection<String> models, long first) throws SQLException {
        if (models.isEmpty()) {
            return List.of();
        }
        String sql =
                models.stream()
                        .map(model ->
                                "select %s where exists (select 1 from %s)"
                                        .formatted(Sql.literal(model), changes(model, first)))
                        .collect(Collectors.joining("\nunion all "));
        return statements.query(sql, row -> row.getString(1));
    }

    /// Returns what the feed of a model may give at and after a transaction.
    private String changes(String model, long first) {
        return "%s c where c.changed >= '%d'::xid8 and c.changed < (%s)"
                .formatted(
                        tables.get(model).companion(),
                        first,
                        FeedHorizon.expression(
                                tables.graph().isRestricted(model), tables.interestRules()));
    }

    private static IntStream places(List<String> models) {
        return IntStream.range(0, models.size());
    }

    private String withCompanions(int place, String model, long first) {
        return "c%d as materialized (select c.* from %s order by c.changed, c.uid limit %d)"
                .formatted(place, changes(model, first), SCANNED_MAX + 1);
    }

    private String concerned(int place, String model) {
        return """
        select w.id, %1$s from w where (select count(*) from c%2$d) > %3$d
          or exists (select 1 from c%2$d c where c.changed >= w.seen and %4$s)\
        """
                .formatted(
                        Sql.literal(model),
                        place,
                        SCANNED_MAX,
                        new FeedConditions(tables, model).givenByAny("w.id"));
    }
}
