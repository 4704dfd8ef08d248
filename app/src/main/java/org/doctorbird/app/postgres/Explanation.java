package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.Holder.Standing;
import org.doctorbird.plan.Mode;
import org.doctorbird.record.InstanceId;

/// Central's explanation, in sentences for people, of why an instance holds a record, should, or
/// does not. Names records by their uids and never quotes a value.
final class Explanation {

    private final Statements statements;
    private final TablesByModel tables;
    private final SyncedTable table;
    private final InstanceId instance;

    Explanation(
            Statements statements, TablesByModel tables, SyncedTable table, InstanceId instance) {
        this.statements = statements;
        this.tables = tables;
        this.table = table;
        this.instance = instance;
    }

    /// What central notes of the record and the instance.
    ///
    /// @param isComputed who should hold it is computed
    /// @param isDue it is about to be computed anew
    /// @param isOpen the feeds may give it
    private record State(
            boolean isAlive,
            Optional<Instant> markedAt,
            Instant version,
            boolean isHeld,
            boolean isOlderHeld,
            boolean isComputed,
            boolean isInterested,
            boolean isDue,
            boolean isOpen) {}

    List<String> of(UUID uid) throws SQLException {
        String who = name() + " (" + instance + ")";
        var sentences = new ArrayList<String>();
        Optional<State> state = state(uid);
        if (state.isEmpty()) {
            sentences.add("Central knows no such record of %s.".formatted(table.model()));
        } else if (!state.get().isAlive()) {
            sentences.add("The record was deleted at central.");
            if (state.get().isHeld() || state.get().isOlderHeld()) {
                sentences.add("%s has not said yet that it deleted it.".formatted(who));
            }
        } else {
            explain(uid, who, state.get(), sentences);
        }
        addSetAside(uid, who, sentences);
        return sentences;
    }

    private String name() throws SQLException {
        return statements
                .first(
                        "select name from doctorbird.engine_instance where id = ?",
                        row -> row.getString(1),
                        instance.number())
                .orElseThrow(() ->
                        new SyncException(ErrorCode.INSTANCE_UNKNOWN, "no such instance")
                                .with("instance", instance));
    }

    private Optional<State> state(UUID uid) throws SQLException {
        InterestState published = InterestState.read(statements);
        long limit = published.isPaused() ? 0 : published.horizon();
        return statements.first(
                """
                select c.id is not null, c.deleted_at, c.etag,
                  %s,
                  exists (select 1 from doctorbird.engine_late_receipt l
                    where l.model = ? and l.uid = c.uid and l.instance = ?),
                  c.interested_instances is not null, coalesce(%s, false),
                  exists (select 1 from doctorbird.engine_interest_due d
                    where d.model = ? and d.uid = c.uid),
                  c.changed < ?::text::xid8
                from %s c where c.uid = ?
                """
                        .formatted(
                                Bits.isSet("c.synchronised_instances", "?::integer"),
                                Bits.isSet("c.interested_instances", "?::integer"),
                                table.companion()),
                Explanation::state,
                instance.number(),
                table.model(),
                instance.number(),
                instance.number(),
                table.model(),
                Long.toString(limit),
                uid);
    }

    private static State state(ResultSet row) throws SQLException {
        return new State(
                row.getBoolean(1),
                instant(row, 2),
                instant(row, 3).orElse(Instant.EPOCH),
                row.getBoolean(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getBoolean(9));
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    private void explain(UUID uid, String who, State state, List<String> sentences)
            throws SQLException {
        boolean isRestricted = tables.graph().isRestricted(table.model());
        addMode(sentences);
        state.markedAt()
                .ifPresent(time ->
                        sentences.add(
                                "A satellite deleted it; central keeps it, marked as deleted since %s, and gives it to nobody who does not have it."
                                        .formatted(time(time))));
        if (!isRestricted) {
            sentences.add("Every instance should hold the records of %s.".formatted(table.model()));
        } else {
            addReasons(uid, who, state, sentences);
        }
        boolean isWanted = !isRestricted || state.isInterested();
        sentences.add(held(who, state, isWanted, !isRestricted || state.isOpen()));
        sentences.add("Central's version is of %s.".formatted(time(state.version())));
    }

    private void addMode(List<String> sentences) {
        Mode mode = table.plan().mode();
        if (!mode.takesNew()) {
            sentences.add(
                    mode.pulls()
                            ? "By the plan's mode %s, satellites get changes of what they have, and nothing new."
                                    .formatted(mode.word())
                            : "By the plan's mode %s, satellites get no records of %s."
                                    .formatted(mode.word(), table.model()));
        }
    }

    private void addReasons(UUID uid, String who, State state, List<String> sentences)
            throws SQLException {
        List<String> reasons = new ReasonWords(statements, tables, table, instance).of(uid);
        for (String reason : reasons) {
            sentences.add("%s should hold it: %s.".formatted(who, reason));
        }
        if (reasons.isEmpty()) {
            sentences.add(
                    "Nothing makes it interesting for %s: no rule, no import, no record that it follows or comes along with."
                            .formatted(who));
        }
        if (!state.isComputed()) {
            sentences.add(
                    "Who should hold it is not computed yet; until then nobody gets it. That takes a minute, longer after a change of the plan.");
        } else if (state.isDue()) {
            sentences.add("Who should hold it is about to be computed anew.");
        }
    }

    private static String held(String who, State state, boolean isWanted, boolean isOpen) {
        if (state.isHeld()) {
            return isWanted
                    ? "%s is known to hold it.".formatted(who)
                    : "%s is known to hold it and should not: it is told so by its pull, and has not said yet that it removed it."
                            .formatted(who);
        }
        if (state.isOlderHeld()) {
            return "%s has said that it holds an older version; the current one comes with its next cycle."
                    .formatted(who);
        }
        if (!isWanted || state.markedAt().isPresent()) {
            return "%s is not known to hold it.".formatted(who);
        }
        return isOpen
                ? "%s is not known to hold it; it comes with its next cycle.".formatted(who)
                : "%s is not known to hold it; it comes with a cycle after who should hold it, and what changed at the same time, is computed."
                        .formatted(who);
    }

    private void addSetAside(UUID uid, String who, List<String> sentences) throws SQLException {
        sentences.addAll(
                statements.query(
                        """
                        select coalesce((select string_agg(f.target_model || ' ' || f.target_uid,
                            ', ' order by f.target_model, f.target_uid)
                          from doctorbird.engine_parked_for f where f.model = p.model
                            and f.uid = p.uid and f.instance = p.instance), 'what refers to it')
                        from doctorbird.engine_parked p
                        where p.model = ? and p.uid = ? and p.instance = ?
                        """,
                        row ->
                                "What %s pushed of it is parked at central and waits for %s."
                                        .formatted(who, row.getString(1)),
                        table.model(),
                        uid,
                        instance.number()));
        sentences.addAll(
                statements.query(
                        """
                        select code, reason || case when dropped_at is null then '' else ', dropped' end
                        from doctorbird.engine_quarantine
                        where model = ? and uid = ? and instance = ?
                        """,
                        row ->
                                "What %s pushed of it is in quarantine at central: %s %s."
                                        .formatted(who, row.getString(1), row.getString(2)),
                        table.model(),
                        uid,
                        instance.number()));
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Says how all instances stand to a record; those that neither hold it nor should are left
    /// out.
    static List<Holder> holders(
            Statements statements, SyncedTable table, boolean isRestricted, UUID uid)
            throws SQLException {
        String should =
                isRestricted
                        ? "coalesce(%s, false)"
                                .formatted(Bits.isSet("c.interested_instances", "e.id::integer"))
                        : "true";
        var holders = new ArrayList<Holder>();
        statements.visit(
                """
                select e.id, e.name, %s, %s and c.id is not null and c.deleted_at is null,
                  exists (select 1 from doctorbird.engine_late_receipt l
                    where l.model = ? and l.uid = c.uid and l.instance = e.id)
                from %s c cross join doctorbird.engine_instance e
                where c.uid = ? and e.retired_at is null order by e.id
                """
                        .formatted(
                                Bits.isSet("c.synchronised_instances", "e.id::integer"),
                                should,
                                table.companion()),
                0,
                row -> {
                    var id = new InstanceId(row.getInt(1));
                    String name = row.getString(2);
                    standing(row.getBoolean(3), row.getBoolean(4), row.getBoolean(5))
                            .map(standing -> new Holder(id, name, standing))
                            .ifPresent(holders::add);
                    return true;
                },
                table.model(),
                uid);
        return holders;
    }

    private static Optional<Standing> standing(boolean holds, boolean should, boolean isOlder) {
        if (holds) {
            return Optional.of(should ? Standing.HOLDS : Standing.SHOULD_NOT);
        }
        if (isOlder) {
            return Optional.of(should ? Standing.HOLDS_OLDER : Standing.SHOULD_NOT);
        }
        return should ? Optional.of(Standing.SHOULD) : Optional.empty();
    }
}
