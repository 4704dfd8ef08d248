package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.interest.Due;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.plan.InterestGraph.Edge;

/// Computes who should hold every record of every restricted model, set-wise: once through the
/// store, by other statements than the computation that follows change. For a change of the rules
/// or of an instance, which may touch anything.
///
/// Works in temporary tables, one or two a model, which end with the caller's transaction. Takes
/// the right to compute, so that nobody else computes meanwhile.
final class InterestReview {

    private final Statements statements;
    private final TablesByModel tables;
    private final InterestGraph graph;
    private final InterestConditions conditions;
    private final Set<String> known;
    private final List<String> models;

    private InterestReview(
            Statements statements,
            TablesByModel tables,
            InterestConditions conditions,
            Set<String> known) {
        this.statements = statements;
        this.tables = tables;
        this.graph = tables.graph();
        this.conditions = conditions;
        this.known = known;
        this.models = graph.directOrder();
    }

    /// Reviews.
    ///
    /// @param tables the plan in force or a candidate, whose models may have no companions yet
    static InterestReview run(Statements statements, TablesByModel tables) throws SQLException {
        statements.query("select pg_advisory_xact_lock(?)", _ -> true, InterestList.LOCK);
        var known =
                new HashSet<>(
                        statements.query(
                                "select companion from doctorbird.engine_capture",
                                row -> row.getString(1)));
        var review =
                new InterestReview(statements, tables, InterestConditions.read(statements), known);
        for (String model : review.models) {
            review.computeDirect(model);
        }
        for (String model : tables.graph().wholeOrder()) {
            review.computeWhole(model);
        }
        return review;
    }

    /// Reviews and puts on the list what differs from what is stored.
    static void reconsider(Connection connection, List<SyncedTable> tables) throws SQLException {
        var statements = new Statements(connection);
        var byModel = new TablesByModel(tables);
        if (!byModel.graph().restricted().isEmpty()) {
            run(statements, byModel).list();
        }
    }

    /// Puts on the list what differs from what is stored.
    void list() throws SQLException {
        var list = new InterestList(statements, tables);
        for (String model : models) {
            list.add(model, Due.Kind.DIRECT, differingDirect(model));
            list.add(model, Due.Kind.WHOLE, differingWhole(model));
        }
    }

    /// Returns the records that [#list] puts on the list, each as model, kind of set and uid.
    List<String> differing() throws SQLException {
        var differing = new ArrayList<String>();
        for (String model : models) {
            differing.addAll(
                    statements.query(
                            differingDirect(model), row -> model + " direct " + row.getString(1)));
            differing.addAll(
                    statements.query(
                            differingWhole(model), row -> model + " whole " + row.getString(1)));
        }
        return differing;
    }

    private String direct(String model) {
        return "pg_temp.interest_direct_" + models.indexOf(model);
    }

    /// Returns the table of a restricted model's whole sets: `key`, `uid`, `whole`.
    String whole(String model) {
        return "pg_temp.interest_whole_" + models.indexOf(model);
    }

    InterestConditions conditions() {
        return conditions;
    }

    /// Says whether the model has a companion.
    boolean isKnown(SyncedTable table) {
        return known.contains(table.companionName());
    }

    /// Returns the table's companion, or rows like it if there is none yet.
    String companion(SyncedTable table) {
        return isKnown(table)
                ? table.companion()
                : """
                (select null::uuid as uid, null::%s as id, null::smallint as creator,
                  null::varbit as direct_instances, null::varbit as interested_instances
                  where false)\
                """
                        .formatted(table.keyType());
    }

    private void computeDirect(String model) throws SQLException {
        SyncedTable table = tables.get(model);
        var flowing = new StringBuilder();
        var ordered = new StringBuilder("t.doctorbird_ruled");
        String nobody = conditions.nobodyBits();
        List<Edge> followed = graph.followedBy(model);
        for (int i = 0; i < followed.size(); i++) {
            Edge edge = followed.get(i);
            flowing.append(
                    "left join %s f%d on f%d.key = t.%s\n"
                            .formatted(direct(edge.target()), i, i, Sql.identifier(edge.field())));
            ordered.append(" | coalesce(f%d.direct, %s)".formatted(i, nobody));
        }
        List<Edge> bringing = graph.bringersOf(model);
        for (int i = 0; i < bringing.size(); i++) {
            flowing.append(gathered(bringing.get(i), direct(bringing.get(i).model()), "direct", i));
            ordered.append(" | coalesce(b%d.bits, %s)".formatted(i, nobody));
        }
        statements.execute(
                """
                create temporary table %1$s on commit drop as
                select x.key, x.uid, x.ordered | x.pinned | x.made as direct,
                  position(B'1' in x.ordered & x.made) > 0 as ends_creator
                from (
                  select t.%2$s as key, c.uid, %3$s as ordered, coalesce(p.bits, %4$s) as pinned,
                    case when c.creator < %5$d then set_bit(%4$s, c.creator::integer, 1)
                      else %4$s end as made
                  from (select *, %6$s as doctorbird_ruled from %7$s) t
                  left join %8$s c on c.id = t.%2$s
                  left join (
                    select p.uid, bit_or(set_bit(%4$s, p.instance::integer, 1)) as bits
                    from doctorbird.engine_pin p where p.model = %9$s and p.instance < %5$d
                    group by p.uid) p on p.uid = c.uid
                  %10$s) x;
                create unique index on %1$s (key);
                analyze %1$s;
                """
                        .formatted(
                                direct(model),
                                Sql.identifier(table.keyColumn()),
                                ordered,
                                nobody,
                                conditions.width(),
                                conditions.ruled(table),
                                table.qualified(),
                                companion(table),
                                Sql.literal(model),
                                flowing));
    }

    /// Returns the join that gathers the sets of the records that point to a row `t`.
    private String gathered(Edge edge, String sets, String column, int number) {
        SyncedTable table = tables.get(edge.model());
        return """
        left join (select r.%3$s as key, bit_or(s.%2$s) as bits from %4$s r
          join %1$s s on s.key = r.%5$s group by 1) b%6$d on b%6$d.key = t.%7$s
        """
                .formatted(
                        sets,
                        column,
                        Sql.identifier(edge.field()),
                        table.qualified(),
                        Sql.identifier(table.keyColumn()),
                        number,
                        Sql.identifier(tables.get(edge.target()).keyColumn()));
    }

    private void computeWhole(String model) throws SQLException {
        SyncedTable table = tables.get(model);
        var joins = new StringBuilder();
        var all = new StringBuilder("d.direct");
        List<Edge> along = graph.alongTo(model);
        for (int i = 0; i < along.size(); i++) {
            Edge edge = along.get(i);
            if (graph.isRestricted(edge.model())) {
                joins.append(gathered(edge, whole(edge.model()), "whole", i));
                all.append(" | coalesce(b%d.bits, %s)".formatted(i, conditions.nobodyBits()));
            } else {
                joins.append(
                        """
                        left join (select distinct r.%1$s as key from %2$s r) b%3$d
                          on b%3$d.key = t.%4$s
                        """
                                .formatted(
                                        Sql.identifier(edge.field()),
                                        tables.get(edge.model()).qualified(),
                                        i,
                                        Sql.identifier(table.keyColumn())));
                all.append(
                        " | case when b%d.key is null then %s else %s end"
                                .formatted(i, conditions.nobodyBits(), conditions.everybodyBits()));
            }
        }
        statements.execute(
                """
                create temporary table %1$s on commit drop as
                select d.key, d.uid, %2$s as whole
                from %3$s d join %4$s t on t.%5$s = d.key
                %6$s;
                create unique index on %1$s (key);
                analyze %1$s;
                """
                        .formatted(
                                whole(model),
                                all,
                                direct(model),
                                table.qualified(),
                                Sql.identifier(table.keyColumn()),
                                joins));
    }

    /// Zeros at the end mean nothing.
    private static String text(String set) {
        return "rtrim(coalesce(%s, '')::text, '0')".formatted(set);
    }

    private String differingDirect(String model) {
        return """
        select c.uid from %1$s c left join %2$s w on w.key = c.id
        where %3$s <> coalesce(rtrim(w.direct::text, '0'), '') or coalesce(w.ends_creator, false)\
        """
                .formatted(companion(tables.get(model)), direct(model), text("c.direct_instances"));
    }

    private String differingWhole(String model) {
        return """
        select c.uid from %1$s c left join %2$s w on w.key = c.id
        where %3$s <> coalesce(rtrim(w.whole::text, '0'), '')
          or (c.id is not null and c.interested_instances is null)\
        """
                .formatted(
                        companion(tables.get(model)), whole(model), text("c.interested_instances"));
    }

    /// Returns whom a model goes to by the rules in force.
    static Map<String, InterestRules.Reach> reachesInForce(Statements statements)
            throws SQLException {
        Optional<String> text = new EngineMeta(statements).get(InterestRules.REACHES);
        return InterestRules.parse(text.orElse(""));
    }
}
