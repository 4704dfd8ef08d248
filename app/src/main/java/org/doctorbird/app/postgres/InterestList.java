package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.interest.Due;
import org.doctorbird.plan.InterestGraph.Edge;

/// The durable list of records whose sets of instances have to be computed anew.
final class InterestList {

    /// Any number that nobody else takes; who holds it computes.
    static final long LOCK = 0x696e746572657374L;

    /// Finds one record of the list, by its index: the table is mostly what was taken off and not
    /// cleaned up yet.
    static final String ANY =
            "select 1 from doctorbird.engine_interest_due d order by d.kind, d.model, d.uid limit 1";

    private final Statements statements;
    private final TablesByModel tables;

    InterestList(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
    }

    /// Takes the right to compute until the transaction's end. Whoever computes by other rules than
    /// those in force does not get it: another process has installed a plan that this one has not
    /// noticed yet.
    boolean take() throws SQLException {
        boolean isFree =
                statements
                        .first(
                                "select pg_try_advisory_xact_lock(?)",
                                row -> row.getBoolean(1),
                                LOCK)
                        .orElseThrow();
        return isFree
                && new EngineMeta(statements)
                        .get(InterestRules.FINGERPRINT)
                        .map(tables.interestRules()::equals)
                        .orElse(true);
    }

    /// Puts records on the list that are not on it yet.
    ///
    /// @param select gives their uids in a column `uid`; duplicates and nulls are left out
    void add(String model, Due.Kind kind, String select, Object... parameters) throws SQLException {
        statements.update(addition(model, kind, select), parameters);
    }

    /// The list is looked up for each record, with a limit, so that it is never joined: it grows
    /// and empties faster than PostgreSQL's statistics of it, which may say that it is empty. A
    /// join was made record by record then, thousands times thousands.
    static String addition(String model, Due.Kind kind, String select) {
        return """
        %1$s and (select true from doctorbird.engine_interest_due d
            where d.kind = '%2$s' and d.model = %3$s and d.uid = s.uid limit 1) is null\
        """
                .formatted(anyway(model, kind, select), kind, Sql.literal(model));
    }

    /// Puts records on the list whether they are on it or not: cheaper where few are. What is on it
    /// twice is taken off together.
    ///
    /// @param select as for [#add]
    void addAnyway(String model, Due.Kind kind, String select) throws SQLException {
        statements.update(anyway(model, kind, select));
    }

    private static String anyway(String model, Due.Kind kind, String select) {
        return """
        insert into doctorbird.engine_interest_due (model, kind, uid)
        select distinct %s, '%s', s.uid from (%s) s
        where s.uid is not null\
        """
                .formatted(Sql.literal(model), kind, select);
    }

    void add(String model, Due.Kind kind, Collection<UUID> uids) throws SQLException {
        if (!uids.isEmpty()) {
            add(model, kind, "select unnest(?::uuid[]) as uid", (Object) uids.toArray(UUID[]::new));
        }
    }

    /// Puts the records on the list that point to one of the targets.
    void addReferring(Edge edge, Due.Kind kind, Collection<UUID> targets) throws SQLException {
        SyncedTable table = tables.get(edge.model());
        add(
                edge.model(),
                kind,
                """
                select c.uid from %s r join %s t on t.%s = r.id join %s c on c.id = t.%s
                where r.uid = any(?)\
                """
                        .formatted(
                                tables.get(edge.target()).companion(),
                                table.qualified(),
                                Sql.identifier(edge.field()),
                                table.companion(),
                                Sql.identifier(table.keyColumn())),
                (Object) targets.toArray(UUID[]::new));
    }

    /// Puts the records on the list that the sources point to.
    void addTargets(Edge edge, Due.Kind kind, Collection<UUID> sources) throws SQLException {
        add(
                edge.target(),
                kind,
                targets(edge) + " where c.uid = any(?)",
                (Object) sources.toArray(UUID[]::new));
    }

    /// Returns the beginning of a query for the targets of records `c`.
    String targets(Edge edge) {
        SyncedTable table = tables.get(edge.model());
        return "select r.uid from %s c join %s t on t.%s = c.id join %s r on r.id = t.%s"
                .formatted(
                        table.companion(),
                        table.qualified(),
                        Sql.identifier(table.keyColumn()),
                        tables.get(edge.target()).companion(),
                        Sql.identifier(edge.field()));
    }

    /// See [org.doctorbird.interest.InterestTransaction#isBehind]. After a change of the rules all
    /// that was given meanwhile has to be collected too.
    boolean isBehind() throws SQLException {
        return statements.first(ANY, _ -> true).isPresent()
                && !InterestState.read(statements).isPaused();
    }

    private record Next(Due.Kind kind, String model) {}

    /// Takes the next records off the list, with all their duplicates.
    Optional<Due> takeNext(int limit) throws SQLException {
        Optional<Next> next = next();
        if (next.isEmpty()) {
            return Optional.empty();
        }
        String kind = next.get().kind().name();
        String model = next.get().model();
        var uids =
                new LinkedHashSet<>(
                        statements.query(
                                """
                                select distinct uid from doctorbird.engine_interest_due
                                where kind = ? and model = ? order by uid limit ?
                                """,
                                row -> row.getObject(1, UUID.class),
                                kind,
                                model,
                                limit));
        statements.update(
                """
                delete from doctorbird.engine_interest_due
                where kind = ? and model = ? and uid = any(?)
                """,
                kind,
                model,
                uids.toArray(UUID[]::new));
        return Optional.of(new Due(model, next.get().kind(), List.copyOf(uids)));
    }

    private Optional<Next> next() throws SQLException {
        var order = new ArrayList<Next>();
        tables.graph().directOrder().forEach(model -> order.add(new Next(Due.Kind.DIRECT, model)));
        tables.graph().wholeOrder().forEach(model -> order.add(new Next(Due.Kind.WHOLE, model)));
        return statements.first(
                """
                select o.kind, o.model
                from unnest(?::text[], ?::text[]) with ordinality o(kind, model, n)
                where exists (select 1 from doctorbird.engine_interest_due d
                  where d.kind = o.kind and d.model = o.model)
                order by o.n limit 1
                """,
                row -> new Next(Due.Kind.valueOf(row.getString(1)), row.getString(2)),
                order.stream().map(next -> next.kind().name()).toArray(String[]::new),
                order.stream().map(Next::model).toArray(String[]::new));
    }

    /// Takes the records off the list whose models go to everybody by now.
    void dropOthers() throws SQLException {
        statements.update(
                "delete from doctorbird.engine_interest_due where model <> all(?)",
                (Object) tables.graph().restricted().toArray(String[]::new));
    }
}
