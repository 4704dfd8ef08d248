package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.PostgresRecordTransaction.doing;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.doctorbird.app.postgres.SyncedTable.UidSource;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.Uids;

/// Answers people's questions on single records. Any number of threads may use it.
///
/// Every method throws [org.doctorbird.SyncException] `MODEL_UNKNOWN`.
public final class RecordInquiry {

    private static final Pattern UID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Transactions transactions;
    private final TablesByModel tables;

    /// Makes it; does not connect.
    ///
    /// @param tables all models of the plan as this database has them
    public RecordInquiry(DataSource source, Collection<SyncedTable> tables) {
        this.transactions = new Transactions(source);
        this.tables = new TablesByModel(tables);
    }

    /// Finds out which record is meant.
    ///
    /// @param text a uid, a value of the unique id column, or the key of the row here; in this
    ///   order
    /// @return the uid, also of a record that is not here, if the text tells it
    public Optional<UUID> find(String model, String text) {
        SyncedTable table = tables.get(model);
        if (UID.matcher(text).matches()) {
            return Optional.of(UUID.fromString(text));
        }
        Optional<UUID> here =
                transactions.run(statements ->
                        doing("cannot look for the record", () -> here(statements, table, text)));
        return here.or(() ->
                table.uidSource() == UidSource.NATURAL_KEY
                        ? Optional.of(Uids.ofNaturalKey(model, text))
                        : Optional.empty());
    }

    private static Optional<UUID> here(Statements statements, SyncedTable table, String text)
            throws SQLException {
        String unique =
                table.plan()
                        .uniqueIdColumn()
                        .map(column -> "t." + Sql.identifier(column) + "::text")
                        .orElse("null::text");
        String key = "t." + Sql.identifier(table.keyColumn());
        return statements.first(
                """
                select c.uid from %1$s c join %2$s t on %3$s = c.id
                where %3$s::text = ? or %4$s = ?
                order by coalesce(%4$s = ?, false) desc limit 1
                """
                        .formatted(table.companion(), table.qualified(), key, unique),
                row -> row.getObject(1, UUID.class),
                text,
                text,
                text);
    }

    /// At central: says why an instance should hold a record, or why not, and whether it does.
    ///
    /// @throws org.doctorbird.SyncException `INSTANCE_UNKNOWN`
    public List<String> why(String model, InstanceId instance, UUID uid) {
        SyncedTable table = tables.get(model);
        return transactions.run(statements ->
                doing(
                        "cannot explain a record",
                        () -> new Explanation(statements, tables, table, instance).of(uid)));
    }

    /// At central: says which instances hold a record or should, in the order of their ids.
    public List<Holder> holders(String model, UUID uid) {
        SyncedTable table = tables.get(model);
        boolean isRestricted = tables.graph().isRestricted(model);
        return transactions.run(statements ->
                doing(
                        "cannot read who holds a record",
                        () -> Explanation.holders(statements, table, isRestricted, uid)));
    }

    /// On a satellite: says how a record stands here.
    public List<String> here(String model, UUID uid) {
        SyncedTable table = tables.get(model);
        return transactions.run(statements ->
                doing(
                        "cannot explain a record",
                        () -> new LocalExplanation(statements, table).of(uid)));
    }

    /// Returns those of the records that have a row here.
    public Set<UUID> present(String model, Collection<UUID> uids) {
        SyncedTable table = tables.get(model);
        return Set.copyOf(
                transactions.run(statements ->
                        doing(
                                "cannot look for records",
                                () ->
                                        statements.query(
                                                "select uid from %s where uid = any(?) and id is not null"
                                                        .formatted(table.companion()),
                                                row -> row.getObject(1, UUID.class),
                                                (Object) uids.toArray(UUID[]::new)))));
    }
}
