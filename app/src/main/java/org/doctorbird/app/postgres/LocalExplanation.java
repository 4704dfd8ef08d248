package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// How a record stands on a satellite, in sentences for people. Names records by their uids and
/// never quotes a value.
final class LocalExplanation {

    private final Statements statements;
    private final SyncedTable table;

    LocalExplanation(Statements statements, SyncedTable table) {
        this.statements = statements;
        this.table = table;
    }

    List<String> of(UUID uid) throws SQLException {
        var sentences =
                new ArrayList<>(
                        statements.query(
                                """
                                select id is not null, last_synchronisation, revision
                                from %s where uid = ?
                                """
                                        .formatted(table.companion()),
                                LocalExplanation::held,
                                uid));
        if (sentences.isEmpty()) {
            sentences.add("It has never been here.");
        }
        add(
                sentences,
                uid,
                """
                select 'Central does not take the change: ' || code || ' ' || reason
                  || '. It is pushed again after ' || to_char(next_try, 'YYYY-MM-DD HH24:MI') || '.'
                from doctorbird.engine_held where model = ? and uid = ?
                """);
        add(
                sentences,
                uid,
                """
                select 'A version from central waits here for '
                  || coalesce(string_agg(f.target_model || ' ' || f.target_uid, ', '), 'what refers to it')
                  || '.'
                from doctorbird.engine_parked p left join doctorbird.engine_parked_for f
                  on f.model = p.model and f.uid = p.uid and f.instance = p.instance
                where p.model = ? and p.uid = ? group by p.instance
                """);
        add(
                sentences,
                uid,
                """
                select 'The database here refuses a version from central: ' || code || ' ' || reason
                  || case when dropped_at is null then '.' else ', dropped.' end
                from doctorbird.engine_quarantine where model = ? and uid = ?
                """);
        add(
                sentences,
                uid,
                """
                select 'Central has withdrawn it from here; it is removed with a cycle, once its changes are pushed'
                  || coalesce('. It could not be removed yet: ' || reason, '') || '.'
                from doctorbird.engine_withdrawal where model = ? and uid = ?
                """);
        return sentences;
    }

    private void add(List<String> sentences, UUID uid, String sql) throws SQLException {
        sentences.addAll(statements.query(sql, row -> row.getString(1), table.model(), uid));
    }

    private static String held(ResultSet row) throws SQLException {
        OffsetDateTime synchronised = row.getObject(2, OffsetDateTime.class);
        if (synchronised == null) {
            return row.getBoolean(1)
                    ? "It is here, with a change that central does not have yet (revision %d)."
                            .formatted(row.getLong(3))
                    : "It was deleted here, which central does not know yet.";
        }
        Instant version = synchronised.toInstant();
        if (!row.getBoolean(1)) {
            return "It was here and is not any more.";
        }
        return version.equals(Instant.EPOCH)
                ? "It is here."
                : "It is here, in the version of %s.".formatted(Explanation.time(version));
    }
}
