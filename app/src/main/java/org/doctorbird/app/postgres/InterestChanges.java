package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.interest.Due;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.plan.InterestGraph.Edge;

/// Finds what has changed and may alter who should hold records. A few statements a model and a
/// reference of the plan, each a look into an index.
final class InterestChanges {

    private final Statements statements;
    private final TablesByModel tables;
    private final InterestGraph graph;
    private final InterestList list;

    InterestChanges(Statements statements, TablesByModel tables) {
        this.statements = statements;
        this.tables = tables;
        this.graph = tables.graph();
        this.list = new InterestList(statements, tables);
    }

    /// See [org.doctorbird.interest.InterestTransaction#collectChanged].
    ///
    /// The snapshot comes first: what the statements after it see beyond it is collected once more
    /// by the next collection.
    void collect() throws SQLException {
        String snapshot = InterestState.snapshot(statements);
        InterestState state = InterestState.read(statements);
        for (String model : graph.restricted()) {
            String changed =
                    "select c.uid from %s c where %s and c.stamped <> 1"
                            .formatted(tables.get(model).companion(), state.isUnseen("c.changed"));
            list.addAnyway(model, Due.Kind.DIRECT, changed);
            if (graph.comesAlong(model)) {
                list.addAnyway(model, Due.Kind.WHOLE, changed);
            }
        }
        Set<String> replaced = replaced(state);
        Set<String> emptied = emptied(state);
        for (Edge edge : graph.edges()) {
            if (replaced.contains(edge.model())) {
                collectReplaced(edge, state);
            }
            if (!graph.isRestricted(edge.model())) {
                collectOfEverybody(edge, state);
            }
            if (emptied.contains(edge.model())) {
                collectAll(edge);
            }
        }
        endPins();
        new EngineMeta(statements).put(InterestState.COLLECTED, snapshot);
    }

    /// Returns the models of which versions were replaced since.
    private Set<String> replaced(InterestState state) throws SQLException {
        return new HashSet<>(
                statements.query(
                        "select distinct h.model from doctorbird.engine_history h where "
                                + state.isUnseen("h.transaction"),
                        row -> row.getString(1)));
    }

    /// Returns the models of which rows went without a note of what they pointed to, as TRUNCATE
    /// does.
    private Set<String> emptied(InterestState state) throws SQLException {
        Set<String> models =
                graph.edges().stream()
                        .filter(edge -> !kinds(edge).isEmpty())
                        .map(Edge::model)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        if (models.isEmpty()) {
            return Set.of();
        }
        String sql =
                models.stream()
                        .map(model ->
                                """
                                select %1$s where exists (select 1 from %2$s c
                                  where %3$s and c.id is null and c.stamped = 0
                                    and not exists (select 1 from doctorbird.engine_history h
                                      where h.uid = c.uid and h.model = %1$s
                                        and h.transaction = c.changed))\
                                """
                                        .formatted(
                                                Sql.literal(model),
                                                tables.get(model).companion(),
                                                state.isUnseen("c.changed")))
                        .collect(Collectors.joining("\nunion all "));
        return new HashSet<>(statements.query(sql, row -> row.getString(1)));
    }

    /// Returns which sets of its target a reference has a part in. What a record follows has a part
    /// in the record's own set, and is due with it.
    private List<Due.Kind> kinds(Edge edge) {
        var kinds = new ArrayList<Due.Kind>();
        if (graph.broughtBy(edge.model()).contains(edge)) {
            kinds.add(Due.Kind.DIRECT);
        }
        if (graph.alongWith(edge.model()).contains(edge)) {
            kinds.add(Due.Kind.WHOLE);
        }
        return kinds;
    }

    /// Collects the old and the new targets of a reference that has changed.
    private void collectReplaced(Edge edge, InterestState state) throws SQLException {
        for (Due.Kind kind : kinds(edge)) {
            list.add(
                    edge.target(),
                    kind,
                    """
                    with h as materialized (
                      select h.uid, h.before ->> %1$s as target from doctorbird.engine_history h
                      where %2$s and h.model = %3$s and %1$s = any(h.fields))
                    select h.target::uuid as uid from h
                    union all %4$s where c.uid = any(array(select h.uid from h))\
                    """
                            .formatted(
                                    Sql.literal(edge.field()),
                                    state.isUnseen("h.transaction"),
                                    Sql.literal(edge.model()),
                                    list.targets(edge)));
        }
    }

    /// Collects the targets of records that go to everybody: their own sets say nothing of a new
    /// one.
    private void collectOfEverybody(Edge edge, InterestState state) throws SQLException {
        for (Due.Kind kind : kinds(edge)) {
            list.add(
                    edge.target(),
                    kind,
                    "%s where %s and c.stamped <> 1"
                            .formatted(list.targets(edge), state.isUnseen("c.changed")));
        }
    }

    private void collectAll(Edge edge) throws SQLException {
        for (Due.Kind kind : kinds(edge)) {
            list.add(
                    edge.target(),
                    kind,
                    "select c.uid from %s c where c.id is not null"
                            .formatted(tables.get(edge.target()).companion()));
        }
    }

    private record Ended(String model, UUID uid) {}

    private void endPins() throws SQLException {
        List<Ended> ended =
                statements.query(
                        """
                        delete from doctorbird.engine_pin where expires_at <= clock_timestamp()
                        returning model, uid
                        """,
                        row -> new Ended(row.getString(1), row.getObject(2, UUID.class)));
        for (String model : graph.restricted()) {
            list.add(
                    model,
                    Due.Kind.DIRECT,
                    ended.stream()
                            .filter(pin -> pin.model().equals(model))
                            .map(Ended::uid)
                            .toList());
        }
    }

    /// See [org.doctorbird.interest.InterestTransaction#isInterestDue].
    boolean areThere() throws SQLException {
        InterestState state = InterestState.read(statements);
        if (state.isNew() || state.isPaused()) {
            return true;
        }
        var models = new LinkedHashSet<>(graph.restricted());
        graph.edges().forEach(edge -> models.add(edge.model()));
        String changed =
                models.stream()
                        .map(model ->
                                " or (%s) is not null"
                                        .formatted(
                                                first(
                                                        model,
                                                        "c.changed >= '%d'::xid8"
                                                                .formatted(state.horizon()))))
                        .collect(Collectors.joining("\n"));
        return statements
                .first(
                        """
                        select exists (%s)
                          or exists (select 1 from doctorbird.engine_pin
                            where expires_at <= clock_timestamp())%s
                        """
                                .formatted(InterestList.ANY, changed),
                        row -> row.getBoolean(1))
                .orElseThrow();
    }

    /// Returns a query for a model's first companion in a part of the feed. It is found by the
    /// index, whatever PostgreSQL knows of a table that grows: where it had no statistics, it read
    /// all of it to find that there is none.
    private String first(String model, String condition) {
        return "select true from %s c where %s order by c.changed, c.uid limit 1"
                .formatted(tables.get(model).companion(), condition);
    }

    /// See [org.doctorbird.interest.InterestTransaction#publishInterest].
    void publish() throws SQLException {
        list.dropOthers();
        InterestState state = InterestState.read(statements);
        noteAudience(new FeedAudience.Range(state.horizon(), state.seen()));
        var metas = new EngineMeta(statements);
        metas.put(InterestState.HORIZON, Long.toString(state.seen()));
        metas.put(InterestState.PAUSED, "false");
    }

    /// Nothing is noted of what was there before anything was published.
    private void noteAudience(FeedAudience.Range published) throws SQLException {
        if (published.since() == 0 || published.until() <= published.since()) {
            return;
        }
        List<String> changed =
                statements.query(
                        graph.restricted().stream()
                                .map(model ->
                                        "select %s where (%s) is not null"
                                                .formatted(
                                                        Sql.literal(model),
                                                        first(model, published.condition())))
                                .collect(Collectors.joining("\nunion all ")),
                        row -> row.getString(1));
        var audience = new FeedAudience(statements);
        for (String model : changed) {
            audience.note(tables.get(model), published);
        }
    }
}
