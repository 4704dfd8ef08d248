package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.interest.DirectReasons;
import org.doctorbird.plan.InterestGraph.Edge;
import org.doctorbird.record.InstanceId;

/// Why an instance should hold a record of a restricted model, in words for people: as it is now,
/// whether it is computed already or not.
final class ReasonWords {

    /// How many records are named for one reference.
    private static final int NAMED_MAX = 3;

    private final Statements statements;
    private final TablesByModel tables;
    private final SyncedTable table;
    private final InstanceId instance;

    ReasonWords(
            Statements statements, TablesByModel tables, SyncedTable table, InstanceId instance) {
        this.statements = statements;
        this.tables = tables;
        this.table = table;
        this.instance = instance;
    }

    /// @return none if there is no reason
    List<String> of(UUID uid) throws SQLException {
        var words = new ArrayList<String>();
        for (DirectReasons reasons :
                new InterestReasons(statements, tables).direct(table.model(), List.of(uid))) {
            if (reasons.ruled().contains(instance)) {
                words.add("the rule of %s holds for it".formatted(table.model()));
            }
            words.addAll(pins(uid));
            if (reasons.creator().equals(Optional.of(instance))) {
                words.add("it was made there");
            }
        }
        for (Edge edge : tables.graph().followedBy(table.model())) {
            words.addAll(followed(edge, uid));
        }
        for (Edge edge : tables.graph().bringersOf(table.model())) {
            words.addAll(referring(edge, uid, "direct_instances", "it belongs to"));
        }
        for (Edge edge : tables.graph().alongTo(table.model())) {
            words.addAll(referring(edge, uid, "interested_instances", "it comes along with"));
        }
        return words;
    }

    private List<String> pins(UUID uid) throws SQLException {
        return statements.query(
                """
                select reason, pinned_at, expires_at from doctorbird.engine_pin
                where model = ? and uid = ? and instance = ?
                """,
                row -> {
                    OffsetDateTime end = row.getObject(3, OffsetDateTime.class);
                    return "it was imported on %s because \"%s\"%s"
                            .formatted(
                                    Explanation.time(
                                            row.getObject(2, OffsetDateTime.class).toInstant()),
                                    row.getString(1),
                                    end == null
                                            ? ""
                                            : ", until " + Explanation.time(end.toInstant()));
                },
                table.model(),
                uid,
                instance.number());
    }

    private List<String> followed(Edge edge, UUID uid) throws SQLException {
        return statements.query(
                """
                select r.uid from %s c join %s t on t.%s = c.id join %s r on r.id = t.%s
                where c.uid = ? and coalesce(%s, false)
                """
                        .formatted(
                                table.companion(),
                                table.qualified(),
                                Sql.identifier(table.keyColumn()),
                                tables.get(edge.target()).companion(),
                                Sql.identifier(edge.field()),
                                Bits.isSet("r.direct_instances", "?::integer")),
                row ->
                        "it follows %s %s over %s"
                                .formatted(edge.target(), row.getString(1), edge.field()),
                uid,
                instance.number());
    }

    /// @param set which of the referring record's sets counts
    private List<String> referring(Edge edge, UUID uid, String set, String verb)
            throws SQLException {
        SyncedTable source = tables.get(edge.model());
        String counts =
                tables.graph().isRestricted(edge.model())
                        ? "coalesce(%s, false)".formatted(Bits.isSet("r." + set, "?::integer"))
                        : "?::integer is not null";
        List<String> uids =
                statements.query(
                        """
                        select r.uid from %s c join %s b on b.%s = c.id join %s r on r.id = b.%s
                        where c.uid = ? and %s order by r.uid limit %d
                        """
                                .formatted(
                                        table.companion(),
                                        source.qualified(),
                                        Sql.identifier(edge.field()),
                                        source.companion(),
                                        Sql.identifier(source.keyColumn()),
                                        counts,
                                        NAMED_MAX + 1),
                        row -> row.getString(1),
                        uid,
                        instance.number());
        var words = new ArrayList<String>();
        uids.stream()
                .limit(NAMED_MAX)
                .forEach(one ->
                        words.add(
                                "%s %s %s, which points to it over %s"
                                        .formatted(verb, edge.model(), one, edge.field())));
        if (uids.size() > NAMED_MAX) {
            words.add("and with more records of " + edge.model());
        }
        return words;
    }
}
