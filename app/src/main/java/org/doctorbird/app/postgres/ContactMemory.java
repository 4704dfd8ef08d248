package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.exchange.Checkpoint;

/// What a satellite remembers of its contacts with central: rows of `engine_meta`.
final class ContactMemory {

    static final String NUMBER = "contact";
    static final String TOKEN = "contact_token";
    static final String NEXT = "next_contact_token";
    static final String NEXT_INCARNATION = "next_incarnation";
    private static final String INCARNATION = "incarnation";

    private final Statements statements;
    private final EngineMeta metas;

    ContactMemory(Statements statements) {
        this.statements = statements;
        this.metas = new EngineMeta(statements);
    }

    Optional<UUID> incarnation() throws SQLException {
        return metas.get(INCARNATION).map(UUID::fromString);
    }

    Checkpoint checkpoint() throws SQLException {
        metas.putRandom(NEXT);
        Map<String, String> known =
                statements
                        .query(
                                "select key, value from doctorbird.engine_meta where key = any(?)",
                                row -> Map.entry(row.getString(1), row.getString(2)),
                                (Object) new String[] {NUMBER, TOKEN, NEXT})
                        .stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Checkpoint(
                Long.parseLong(known.getOrDefault(NUMBER, "0")),
                Optional.ofNullable(known.get(TOKEN)).map(UUID::fromString),
                UUID.fromString(known.get(NEXT)));
    }

    boolean isOpen() throws SQLException {
        return metas.get(NEXT).isPresent();
    }

    void drop(Checkpoint made) throws SQLException {
        statements.update(
                "delete from doctorbird.engine_meta where key = ? and value = ?",
                NEXT,
                made.next().toString());
    }

    void noteAnswered(Checkpoint made) throws SQLException {
        statements.update(
                """
                with made as (delete from doctorbird.engine_meta
                  where key = ? and value = ? returning value)
                insert into doctorbird.engine_meta (key, value)
                select n.key, n.value from made,
                  (values (?, ?), (?, ?)) n(key, value)
                on conflict (key) do update set value = excluded.value
                """,
                NEXT,
                made.next().toString(),
                NUMBER,
                Long.toString(made.making().number()),
                TOKEN,
                made.next().toString());
    }

    UUID nextIncarnation() throws SQLException {
        metas.putRandom(NEXT_INCARNATION);
        return metas.get(NEXT_INCARNATION).map(UUID::fromString).orElseThrow();
    }

    void takeIncarnation(UUID next) throws SQLException {
        metas.put(INCARNATION, next.toString());
        statements.update(
                "delete from doctorbird.engine_meta where key = any(?)",
                (Object) new String[] {NUMBER, TOKEN, NEXT, NEXT_INCARNATION});
        statements.update("update doctorbird.engine_held set next_try = clock_timestamp()");
    }
}
