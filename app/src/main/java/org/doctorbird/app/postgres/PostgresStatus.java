package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.PostgresRecordTransaction.deed;
import static org.doctorbird.app.postgres.PostgresRecordTransaction.doing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.plan.Mode;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;

/// What `status` shows of an instance, and the notes that it is made of. Any number of threads may
/// use it.
public final class PostgresStatus {

    /// What counts of a list, if that is not everything.
    private static final Map<String, String> CONDITIONS =
            Map.of(
                    "quarantine", "where dropped_at is null",
                    "conflict", "where resolution is null");

    private static final List<String> LISTS =
            List.of("held", "parked", "quarantine", "conflict", "refused", "withdrawal");

    /// No model has this name.
    private static final String CYCLE_MODEL = "";

    private static final String CYCLE = "cycle";

    private final Transactions transactions;
    private final TablesByModel tables;

    /// Makes a view; does not connect.
    ///
    /// @param tables all models of the plan as this database has them
    public PostgresStatus(DataSource source, Collection<SyncedTable> tables) {
        this.transactions = new Transactions(source);
        this.tables = new TablesByModel(tables);
    }

    /// How one model stands.
    ///
    /// @param records records that have a row here
    /// @param waiting on a satellite: changes that wait to be pushed, held ones included; 0 if the
    ///   mode does not push
    /// @param localOnly on a satellite: new or changed records that the mode does not let out
    /// @param held changes that central did not store
    /// @param parked received records that wait for others
    /// @param quarantined received records that the database refuses and nobody has dropped
    /// @param conflicts at central: pushes that wait for a person
    /// @param refused local changes that the mode does not let out
    /// @param withdrawn on a satellite: records that central has withdrawn and that are still here
    /// @param work what ended when, in the order of its name
    public record ModelStatus(
            String model,
            long records,
            long waiting,
            long localOnly,
            long held,
            long parked,
            long quarantined,
            long conflicts,
            long refused,
            long withdrawn,
            List<WorkStatus> work) {}

    /// When one kind of work on a model last ended.
    ///
    /// @param work such as `push`
    /// @param records how many records it has moved in all; of `verify` how many were damaged at
    ///   last
    public record WorkStatus(
            String work,
            Optional<Instant> lastSuccess,
            Optional<Instant> lastFailure,
            Optional<ErrorCode> failure,
            long records) {}

    /// An instance as central knows it.
    ///
    /// @param clockOffset the instance's clock less central's, at the last contact
    public record Contact(
            InstanceId instance,
            String name,
            Optional<Instant> lastSeen,
            Optional<Duration> clockOffset) {}

    /// Records of a model that central has withdrawn long ago, and that the database does not let
    /// go.
    ///
    /// @param reason why one of them could not be removed: fixed words, no value of a record
    public record Irremovable(String model, long records, String reason) {}

    /// A transaction that holds central's feed back: what was written since it began reaches no
    /// satellite before it ends.
    ///
    /// @param who its process id, or the name of a prepared transaction in quotes
    /// @param database the database it writes to; any one of the cluster counts
    /// @param application the name that its program gave
    /// @param since when it began
    public record OpenTransaction(
            String who, String database, String application, Optional<Instant> since) {}

    /// Returns how each model stands, in the order of the plan. Counts all companions.
    public List<ModelStatus> models() {
        return transactions.run(statements ->
                doing(
                        "cannot read the status",
                        () -> {
                            Map<String, Long> listed = listed(statements);
                            Map<String, List<WorkStatus>> work = work(statements);
                            var models = new ArrayList<ModelStatus>();
                            for (SyncedTable table : tables.all()) {
                                models.add(model(statements, table, listed, work));
                            }
                            return models;
                        }));
    }

    private static ModelStatus model(
            Statements statements,
            SyncedTable table,
            Map<String, Long> listed,
            Map<String, List<WorkStatus>> work)
            throws SQLException {
        String model = table.model();
        long[] counts =
                statements
                        .first(
                                """
                                select count(*) filter (where id is not null),
                                  count(*) filter (where last_synchronisation is null
                                    and etag is null)
                                from %s
                                """
                                        .formatted(table.companion()),
                                row -> new long[] {row.getLong(1), row.getLong(2)})
                        .orElseThrow();
        boolean isPushed = table.plan().mode().pushes();
        boolean isTranslated = table.plan().mode() == Mode.NONE;
        return new ModelStatus(
                model,
                counts[0],
                isPushed ? counts[1] : 0,
                isPushed || isTranslated ? 0 : counts[1],
                listed.getOrDefault("held/" + model, 0L),
                listed.getOrDefault("parked/" + model, 0L),
                listed.getOrDefault("quarantine/" + model, 0L),
                listed.getOrDefault("conflict/" + model, 0L),
                listed.getOrDefault("refused/" + model, 0L),
                listed.getOrDefault("withdrawal/" + model, 0L),
                work.getOrDefault(model, List.of()));
    }

    /// Counts the lists, by list and model.
    private static Map<String, Long> listed(Statements statements) throws SQLException {
        String sql =
                LISTS.stream()
                        .map(list ->
                                """
                                select '%1$s/' || model, count(*) from doctorbird.engine_%1$s
                                %2$s group by model\
                                """
                                        .formatted(list, CONDITIONS.getOrDefault(list, "")))
                        .collect(Collectors.joining("\nunion all "));
        Map<String, Long> listed = new HashMap<>();
        statements.visit(
                sql,
                0,
                row -> {
                    listed.put(row.getString(1), row.getLong(2));
                    return true;
                });
        return listed;
    }

    /// A change of a satellite that waits for a person at central.
    ///
    /// @param kind what it conflicts with; see [org.doctorbird.exchange.Dispute.Kind]
    /// @param since when the satellite heard of it
    public record OwnConflict(String model, UUID uid, String kind, Instant since) {}

    /// Returns the changes of a satellite that wait for a person at central, as central said last.
    public List<OwnConflict> ownConflicts() {
        return transactions.run(statements ->
                doing(
                        "cannot read the status",
                        () ->
                                statements.query(
                                        """
                                        select model, uid, kind, since
                                        from doctorbird.engine_own_conflict order by since, model, uid
                                        """,
                                        row ->
                                                new OwnConflict(
                                                        row.getString(1),
                                                        row.getObject(2, UUID.class),
                                                        row.getString(3),
                                                        row.getTimestamp(4).toInstant()))));
    }

    /// Returns the withdrawn records of a satellite that could not be removed for so long, by
    /// model.
    public List<Irremovable> irremovable(Duration since) {
        return transactions.run(statements ->
                doing(
                        "cannot read the status",
                        () ->
                                statements.query(
                                        """
                                        select model, count(*), min(reason)
                                        from doctorbird.engine_withdrawal
                                        where reason is not null
                                          and since < clock_timestamp()
                                            - ?::bigint * interval '1 second'
                                        group by model order by model
                                        """,
                                        row ->
                                                new Irremovable(
                                                        row.getString(1),
                                                        row.getLong(2),
                                                        row.getString(3)),
                                        since.toSeconds())));
    }

    private static Map<String, List<WorkStatus>> work(Statements statements) throws SQLException {
        var work = new HashMap<String, List<WorkStatus>>();
        statements.visit(
                """
                select model, work, last_success, last_failure, failure_code, records
                from doctorbird.engine_progress order by model, work
                """,
                0,
                row ->
                        work.computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
                                .add(
                                        new WorkStatus(
                                                row.getString(2),
                                                instant(row, 3),
                                                instant(row, 4),
                                                Optional.ofNullable(row.getString(5))
                                                        .map(ErrorCode::of),
                                                row.getLong(6))));
        return work;
    }

    /// Returns how the last cycle of a satellite ended; empty before the first one.
    public Optional<WorkStatus> cycle() {
        return transactions.run(statements ->
                doing(
                        "cannot read the status",
                        () ->
                                work(statements).getOrDefault(CYCLE_MODEL, List.of()).stream()
                                        .findFirst()));
    }

    /// Notes that a cycle began well.
    public void noteCycle() {
        noteSuccess(CYCLE_MODEL, CYCLE, 0);
    }

    /// Notes that a cycle could not begin.
    public void noteCycleFailure(ErrorCode code) {
        noteFailure(CYCLE_MODEL, CYCLE, code);
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    /// Notes that work on a model ended well.
    ///
    /// @param work such as `push`
    /// @param records how many records it moved, 0 or more
    public void noteSuccess(String model, String work, long records) {
        note(
                """
                insert into doctorbird.engine_progress as p (model, work, last_success, records)
                values (?, ?, clock_timestamp(), ?)
                on conflict (model, work) do update set last_success = excluded.last_success,
                  records = p.records + excluded.records
                """,
                model,
                work,
                records);
    }

    /// The work of comparing a model with central.
    public static final String VERIFY = "verify";

    /// Notes that a model was compared with central.
    ///
    /// @param damaged how many records are damaged; takes the place of the number before
    public void noteVerified(String model, long damaged) {
        note(
                """
                insert into doctorbird.engine_progress (model, work, last_success, records)
                values (?, ?, clock_timestamp(), ?)
                on conflict (model, work) do update set last_success = excluded.last_success,
                  records = excluded.records
                """,
                model,
                VERIFY,
                damaged);
    }

    /// Notes that work on a model failed.
    public void noteFailure(String model, String work, ErrorCode code) {
        note(
                """
                insert into doctorbird.engine_progress (model, work, last_failure, failure_code)
                values (?, ?, clock_timestamp(), ?)
                on conflict (model, work) do update set last_failure = excluded.last_failure,
                  failure_code = excluded.failure_code
                """,
                model,
                work,
                code.code());
    }

    private void note(String sql, Object... parameters) {
        var _ =
                transactions.run(statements -> {
                    deed(
                            "cannot note progress",
                            () -> {
                                statements.needNotLast();
                                statements.update(sql, parameters);
                            });
                    return 0;
                });
    }

    /// Returns the instances that central knows, in the order of their ids.
    public List<Contact> contacts() {
        return transactions.run(statements ->
                doing(
                        "cannot read the instances",
                        () ->
                                statements.query(
                                        """
                                        select id, name, last_seen,
                                          (extract(epoch from clock_offset) * 1000000)::bigint
                                        from doctorbird.engine_instance
                                        where retired_at is null order by id
                                        """,
                                        PostgresStatus::contact)));
    }

    private static Contact contact(ResultSet row) throws SQLException {
        long micros = row.getLong(4);
        return new Contact(
                new InstanceId(row.getInt(1)),
                row.getString(2),
                instant(row, 3),
                row.wasNull()
                        ? Optional.empty()
                        : Optional.of(Duration.of(micros, ChronoUnit.MICROS)));
    }

    /// Returns the oldest transaction that has written and is still open, in whatever database of
    /// the cluster; empty if there is none.
    public Optional<OpenTransaction> oldestOpen() {
        return transactions.run(statements ->
                doing(
                        "cannot read the open transactions",
                        () ->
                                statements.first(
                                        """
                                        select who, database, application, since from (
                                          select pid::text as who, coalesce(datname, '') as database,
                                            coalesce(application_name, '') as application,
                                            xact_start as since, age(backend_xid) as age
                                          from pg_stat_activity
                                          where backend_xid is not null and pid <> pg_backend_pid()
                                          union all
                                          select quote_literal(gid), database, '', prepared,
                                            age(transaction)
                                          from pg_prepared_xacts) t
                                        order by age desc limit 1
                                        """,
                                        row ->
                                                new OpenTransaction(
                                                        row.getString(1),
                                                        row.getString(2),
                                                        row.getString(3),
                                                        instant(row, 4)))));
    }

    /// Digests all records of a model that are here, those marked as deleted left out.
    ///
    /// @param shape the fields that count; an instance may have others beside them
    /// @return the number of records, a slash and 32 hexadecimal digits: equal wherever uids and
    ///   values are equal
    public String digest(ModelShape shape) {
        return digest(shape, "c.deleted_at is null");
    }

    /// Digests those records of a model at central that an instance is known to hold: equal to the
    /// instance's own digest when both are in step.
    ///
    /// @param shape the fields that count
    public String digest(ModelShape shape, InstanceId instance) {
        return digest(
                shape, Bits.isSet("c.synchronised_instances", Integer.toString(instance.number())));
    }

    /// Each record is hashed with its uid, so that the order of the records does not matter to the
    /// exclusive or of the hashes. Fields count in the order of their names.
    private String digest(ModelShape shape, String condition) {
        var reader = new RowReader(tables, shape);
        String values =
                shape.fields().stream()
                        .map(FieldShape::name)
                        .sorted()
                        .map(reader::value)
                        .collect(Collectors.joining(",\n", "c.uid::text, ", ""));
        SyncedTable table = tables.get(shape.model());
        String sql =
                """
                select count(*) || '/' || lpad(to_hex(coalesce(bit_xor(high), 0)), 16, '0')
                  || lpad(to_hex(coalesce(bit_xor(low), 0)), 16, '0')
                from (select ('x' || substring(hash from 1 for 16))::bit(64)::bigint as high,
                    ('x' || substring(hash from 17 for 16))::bit(64)::bigint as low
                  from (select encode(sha256(convert_to(row(%s)::text, 'UTF8')), 'hex') as hash
                    from %s c join %s t on t.%s = c.id where %s) hashes) halves
                """
                        .formatted(
                                shape.fields().isEmpty() ? "c.uid::text" : values,
                                table.companion(),
                                table.qualified(),
                                Sql.identifier(table.keyColumn()),
                                condition);
        return transactions.run(statements ->
                doing(
                        "cannot digest a model",
                        () -> statements.first(sql, row -> row.getString(1)).orElseThrow()));
    }
}
