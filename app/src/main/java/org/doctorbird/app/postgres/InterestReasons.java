package org.doctorbird.app.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.interest.DirectReasons;
import org.doctorbird.interest.WholeReasons;
import org.doctorbird.plan.InterestGraph.Edge;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.jspecify.annotations.Nullable;

/// Reads why instances should hold records: by a fixed number of statements, whatever the number of
/// records, and a few more for each on whose values a condition fails.
final class InterestReasons {

    private final Statements statements;
    private final TablesByModel tables;

    InterestReasons(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
    }

    /// See [org.doctorbird.interest.InterestTransaction#directReasons]. A record on whose values
    /// the condition cannot be computed, such as one that casts a word to a number, falls under no
    /// rule; the others are not touched by it.
    List<DirectReasons> direct(String model, Collection<UUID> uids) throws SQLException {
        SyncedTable table = tables.get(model);
        var conditions = InterestConditions.read(statements);
        if (!conditions.dependOnValues(table)) {
            return direct(table, uids, conditions.nobodyBits());
        }
        var reasons = new ArrayList<DirectReasons>(uids.size());
        String ruled = conditions.ruled(table);
        new Bisection(statements)
                .run(
                        List.copyOf(uids),
                        _ -> true,
                        some -> reasons.addAll(direct(table, some, ruled)),
                        (uid, _) ->
                                reasons.addAll(
                                        direct(table, List.of(uid), conditions.nobodyBits())));
        return reasons;
    }

    private List<DirectReasons> direct(SyncedTable table, Collection<UUID> uids, String ruled)
            throws SQLException {
        String key = Sql.identifier(table.keyColumn());
        // The condition sees the columns of the application's row and no others.
        return statements.query(
                """
                select c.uid, c.id is not null, t.doctorbird_ruled::text,
                  array(select p.instance::integer from doctorbird.engine_pin p
                    where p.model = %s and p.uid = c.uid),
                  c.creator, %s, c.direct_instances::text, c.interested_instances::text
                from %s c
                left join (select *, %s as doctorbird_ruled from %s) t on t.%s = c.id
                where c.uid = any(?)
                """
                        .formatted(
                                Sql.literal(table.model()),
                                sets(flowing(table.model(), "t." + key)),
                                table.companion(),
                                ruled,
                                table.qualified(),
                                key),
                InterestReasons::directReasons,
                (Object) uids.toArray(UUID[]::new));
    }

    private static DirectReasons directReasons(ResultSet row) throws SQLException {
        InstanceSet pinned = InstanceSet.EMPTY;
        for (Object instance : elements(row, 4)) {
            pinned = pinned.with(new InstanceId((Integer) instance));
        }
        Integer creator = row.getObject(5, Integer.class);
        return new DirectReasons(
                row.getObject(1, UUID.class),
                row.getBoolean(2),
                set(row.getString(3)),
                pinned,
                Optional.ofNullable(creator).map(InstanceId::new),
                union(row, 6),
                set(row.getString(7)),
                Optional.ofNullable(row.getString(8)).map(InstanceSet::parse));
    }

    /// Returns queries for the direct sets of the records that a row follows and of those that
    /// bring it.
    private List<String> flowing(String model, String key) {
        var queries = new ArrayList<String>();
        for (Edge edge : tables.graph().followedBy(model)) {
            queries.add(
                    "select r.direct_instances from %s r where r.id = t.%s"
                            .formatted(
                                    tables.get(edge.target()).companion(),
                                    Sql.identifier(edge.field())));
        }
        for (Edge edge : tables.graph().bringersOf(model)) {
            queries.add("select r.direct_instances" + referring(edge, key));
        }
        return queries;
    }

    /// Returns the rest of a query for the companions `r` of the records that point to a row.
    private String referring(Edge edge, String key) {
        SyncedTable table = tables.get(edge.model());
        return " from %s b join %s r on r.id = b.%s where b.%s = %s"
                .formatted(
                        table.qualified(),
                        table.companion(),
                        Sql.identifier(table.keyColumn()),
                        Sql.identifier(edge.field()),
                        key);
    }

    /// Returns an array of the different sets that the queries give: they are few, however many
    /// records there are.
    private static String sets(List<String> queries) {
        return queries.isEmpty()
                ? "'{}'::text[]"
                : "array(select distinct f.set::text from (%s) f(set) where f.set is not null)"
                        .formatted(String.join("\nunion all ", queries));
    }

    /// See [org.doctorbird.interest.InterestTransaction#wholeReasons].
    List<WholeReasons> whole(String model, Collection<UUID> uids) throws SQLException {
        SyncedTable table = tables.get(model);
        var sets = new ArrayList<String>();
        var everybody = new ArrayList<String>();
        for (Edge edge : tables.graph().alongTo(model)) {
            String referring = referring(edge, "c.id");
            if (tables.graph().isRestricted(edge.model())) {
                sets.add("select r.interested_instances" + referring);
            } else {
                everybody.add("exists (select 1" + referring + ")");
            }
        }
        InstanceSet all =
                everybody.isEmpty()
                        ? InstanceSet.EMPTY
                        : InterestConditions.read(statements).everybody();
        return statements.query(
                """
                select c.uid, c.id is not null, c.direct_instances::text, %s, %s,
                  c.interested_instances::text
                from %s c where c.uid = any(?)
                """
                        .formatted(
                                sets(sets),
                                everybody.isEmpty() ? "false" : String.join(" or ", everybody),
                                table.companion()),
                row -> {
                    String before = row.getString(6);
                    InstanceSet along = union(row, 4);
                    return new WholeReasons(
                            row.getObject(1, UUID.class),
                            row.getBoolean(2),
                            set(row.getString(3)),
                            row.getBoolean(5) ? along.or(all) : along,
                            set(before),
                            before == null);
                },
                (Object) uids.toArray(UUID[]::new));
    }

    private static InstanceSet set(@Nullable String bits) {
        return bits == null ? InstanceSet.EMPTY : InstanceSet.parse(bits);
    }

    private static InstanceSet union(ResultSet row, int column) throws SQLException {
        InstanceSet all = InstanceSet.EMPTY;
        for (Object bits : elements(row, column)) {
            all = all.or(InstanceSet.parse((String) bits));
        }
        return all;
    }

    private static Object[] elements(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return (Object[]) array.getArray();
    }
}
