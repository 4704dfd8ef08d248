package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.PostgresRecordTransaction.doing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.doctorbird.exchange.QuarantineChoice;
import org.doctorbird.record.Fields;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// What a person reads and decides of the records that the database refuses.
public final class QuarantineDesk {

    /// The most causes, or records, of one look.
    public static final int LINES_MAX = 1_000;

    /// The most records that are named as waiting for one.
    private static final int WAITING_MAX = 100;

    private static final String COLUMNS =
            """
            q.model, q.uid, q.instance, q.code, q.reason, q.since, q.attempts, q.next_try,
              q.dropped_at\
            """;

    private final Transactions transactions;

    public QuarantineDesk(DataSource source) {
        this.transactions = new Transactions(source);
    }

    /// Records of one model with one cause.
    ///
    /// @param isDropped somebody has dropped them
    /// @param waiting how many are parked because they refer to one of them
    /// @param nextTry empty if they are dropped
    public record Group(
            String model,
            QuarantineChoice.Cause cause,
            boolean isDropped,
            long records,
            long waiting,
            Instant oldest,
            Optional<Instant> nextTry) {

        /// Returns eight letters that name the cause on the command line.
        public String name() {
            return "%08x"
                    .formatted(String.join("\n", model, cause.code(), cause.reason()).hashCode());
        }

        /// Returns what a person means who names the cause.
        public QuarantineChoice choice() {
            return QuarantineChoice.of(model, cause);
        }
    }

    /// One record, without its values.
    ///
    /// @param instance who sent it
    /// @param nextTry means nothing for a dropped one
    public record Entry(
            RecordKey key,
            int instance,
            QuarantineChoice.Cause cause,
            Instant since,
            int attempts,
            Instant nextTry,
            Optional<Instant> droppedAt) {}

    /// One record with its values, which may be a patient's.
    ///
    /// @param revision the satellite's revision if it was pushed, else 0
    /// @param isDeleted it is the end of the record
    /// @param detail the database's own words, which may quote the record
    /// @param waiting records that are parked because they refer to it, some of them
    public record Whole(
            Entry entry,
            long revision,
            boolean isDeleted,
            Fields fields,
            String detail,
            List<RecordKey> waiting) {

        /// Returns the key only: values may be a patient's.
        @Override
        public String toString() {
            return entry.key().toString();
        }
    }

    /// Returns the causes, those with most records first, dropped ones last.
    public List<Group> groups() {
        return asking(statements ->
                statements.query(
                        """
                        select q.model, q.code, q.reason, q.dropped_at is not null, count(*),
                          sum((select count(*) from doctorbird.engine_parked_for f
                            where f.target_uid = q.uid and f.target_model = q.model))::bigint,
                          min(q.since), min(q.next_try) filter (where q.dropped_at is null)
                        from doctorbird.engine_quarantine q
                        group by q.model, q.code, q.reason, q.dropped_at is not null
                        order by 4, 5 desc, 1, 2, 3 limit ?
                        """,
                        row ->
                                new Group(
                                        row.getString(1),
                                        new QuarantineChoice.Cause(
                                                row.getString(2), row.getString(3)),
                                        row.getBoolean(4),
                                        row.getLong(5),
                                        row.getLong(6),
                                        instant(row, 7).orElseThrow(),
                                        instant(row, 8)),
                        LINES_MAX));
    }

    /// Returns the records that are meant, dropped ones included, in the order of uid and sender.
    ///
    /// @param offset how many to leave out
    /// @param limit 1 to [#LINES_MAX]
    public List<Entry> records(QuarantineChoice choice, int offset, int limit) {
        var parameters = new ArrayList<@Nullable Object>();
        String condition = Quarantine.condition(choice, parameters);
        parameters.add(offset);
        parameters.add(Math.clamp(limit, 1, LINES_MAX));
        return asking(statements ->
                statements.query(
                        """
                        select %s from doctorbird.engine_quarantine q where %s
                        order by q.uid, q.instance offset ? limit ?
                        """
                                .formatted(COLUMNS, condition),
                        QuarantineDesk::entry,
                        parameters.toArray()));
    }

    /// Returns one record whole, once for each sender.
    public List<Whole> whole(String model, UUID uid) {
        return asking(statements -> {
            List<RecordKey> waiting =
                    statements.query(
                            """
                            select distinct f.model, f.uid from doctorbird.engine_parked_for f
                            where f.target_uid = ? and f.target_model = ?
                            order by 1, 2 limit ?
                            """,
                            row -> new RecordKey(row.getString(1), row.getObject(2, UUID.class)),
                            uid,
                            model,
                            WAITING_MAX);
            return statements.query(
                    """
                    select %s, q.revision, q.is_deleted, q.detail,
                      (select array_agg(e.key order by e.key) from jsonb_each_text(q.fields) e),
                      (select array_agg(e.value order by e.key) from jsonb_each_text(q.fields) e)
                    from doctorbird.engine_quarantine q where q.model = ? and q.uid = ?
                    order by q.instance
                    """
                            .formatted(COLUMNS),
                    row ->
                            new Whole(
                                    entry(row),
                                    row.getLong(10),
                                    row.getBoolean(11),
                                    KeptRows.fields(row.getArray(13), row.getArray(14)),
                                    row.getString(12),
                                    waiting),
                    model,
                    uid);
        });
    }

    /// Drops records: they stay whole and are never tried again.
    ///
    /// @return how many were not dropped before
    public int drop(QuarantineChoice choice) {
        return change(choice, "dropped_at = clock_timestamp()", "q.dropped_at is null");
    }

    /// Brings dropped records back; they are tried again within a minute.
    ///
    /// @return how many
    public int undrop(QuarantineChoice choice) {
        return change(
                choice,
                "dropped_at = null, next_try = clock_timestamp()",
                "q.dropped_at is not null");
    }

    private int change(QuarantineChoice choice, String settings, String condition) {
        var parameters = new ArrayList<@Nullable Object>();
        String chosen = Quarantine.condition(choice, parameters);
        return asking(statements ->
                statements.update(
                        "update doctorbird.engine_quarantine q set %s where %s and %s"
                                .formatted(settings, chosen, condition),
                        parameters.toArray()));
    }

    private interface Question<T> {
        T ask(Statements statements) throws SQLException;
    }

    private <T> T asking(Question<T> question) {
        return transactions.run(
                statements -> doing("cannot look into quarantine", () -> question.ask(statements)));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                new RecordKey(row.getString(1), row.getObject(2, UUID.class)),
                row.getInt(3),
                new QuarantineChoice.Cause(row.getString(4), row.getString(5)),
                instant(row, 6).orElseThrow(),
                row.getInt(7),
                instant(row, 8).orElseThrow(),
                instant(row, 9));
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }
}
