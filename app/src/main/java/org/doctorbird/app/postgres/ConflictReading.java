package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.KeptConflict;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.record.Fields;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;

/// Central's conflict list as people read it. Any number of threads may use it.
public final class ConflictReading {

    /// The most entries of one look.
    public static final int ENTRIES_MAX = 1_000;

    private final Transactions transactions;
    private final TablesByModel tables;

    /// Makes it; does not connect.
    ///
    /// @param tables all models of the plan
    public ConflictReading(DataSource source, Collection<SyncedTable> tables) {
        this.transactions = new Transactions(source);
        this.tables = new TablesByModel(tables);
    }

    /// One entry without values.
    ///
    /// @param instance who pushed, by its name if it still takes part
    /// @param at when the conflict was noticed
    public record Entry(KeptConflict conflict, String instance, Instant at) {}

    /// One entry with values.
    ///
    /// @param fields the fields in dispute, in order of name; of a deletion those that others have
    ///   changed since
    /// @param holder the record that has the same unique key, if it is about a key
    /// @param isHere central has the record
    public record Detail(
            Entry entry, List<FieldView> fields, Optional<UUID> holder, boolean isHere) {}

    /// One field in dispute; values may be a patient's.
    ///
    /// @param base the value that both sides started from, if it is known
    /// @param central what central has now
    /// @param pushed what the satellite pushed
    public record FieldView(
            String name, @Nullable String base, @Nullable String central, @Nullable String pushed) {

        /// Returns the name only.
        @Override
        public String toString() {
            return name;
        }
    }

    /// Returns entries, oldest first.
    ///
    /// @param isAll settled ones too
    /// @param model of this model only; empty: of all
    /// @param after those with higher numbers only
    /// @param limit at most so many, 1 to [#ENTRIES_MAX]
    public List<Entry> list(boolean isAll, Optional<String> model, long after, int limit) {
        return doing(
                "cannot read the conflict list",
                statements ->
                        statements.query(
                                """
                                select %s, coalesce(i.name, p.instance::text), p.noticed_at
                                from doctorbird.engine_conflict p
                                left join doctorbird.engine_instance i on i.id = p.instance
                                where p.number > ? %s and (?::text is null or p.model = ?)
                                order by p.number limit ?
                                """
                                        .formatted(
                                                ConflictList.COLUMNS,
                                                isAll ? "" : "and p.resolution is null"),
                                ConflictReading::entry,
                                after,
                                model.orElse(null),
                                model.orElse(null),
                                Math.min(limit, ENTRIES_MAX)));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                ConflictList.conflict(row), row.getString(21), row.getTimestamp(22).toInstant());
    }

    /// Returns one entry with its values.
    ///
    /// @return empty if there is no such number
    public Optional<Detail> show(long number) {
        return doing("cannot read a conflict", statements -> show(statements, number));
    }

    private Optional<Detail> show(Statements statements, long number) throws SQLException {
        Optional<Entry> found =
                statements.first(
                        """
                        select %s, coalesce(i.name, p.instance::text), p.noticed_at
                        from doctorbird.engine_conflict p
                        left join doctorbird.engine_instance i on i.id = p.instance
                        where p.number = ?
                        """
                                .formatted(ConflictList.COLUMNS),
                        ConflictReading::entry,
                        number);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Dispute dispute = found.get().conflict().dispute();
        KeptRecord kept = dispute.record();
        SyncedTable table = tables.get(kept.key().model());
        SentRecord current =
                new CentralReading(statements, tables)
                        .current(table.shape(), List.of(kept.uid()))
                        .get(kept.uid());
        Fields central = current == null ? Fields.NONE : current.fields();
        Map<String, Optional<String>> before = before(statements, kept);
        var fields = new ArrayList<FieldView>();
        for (String name : names(dispute, before.keySet())) {
            boolean isKnown = before.containsKey(name);
            fields.add(
                    new FieldView(
                            name,
                            isKnown
                                    ? before.getOrDefault(name, Optional.empty()).orElse(null)
                                    : central.get(name),
                            central.get(name),
                            kept.fields().get(name)));
        }
        Optional<UUID> holder =
                dispute.kind() == Dispute.Kind.KEY
                        ? new JoinedRecords(statements, tables).keyHolder(kept, dispute.reason())
                        : Optional.empty();
        return Optional.of(
                new Detail(found.get(), fields, holder, current != null && !current.isDeleted()));
    }

    /// Returns what a person compares: the fields in dispute, of a deletion those that were changed
    /// since, else all.
    private static Set<String> names(Dispute dispute, Set<String> changedSince) {
        if (dispute.kind() == Dispute.Kind.DELETION) {
            return new TreeSet<>(changedSince);
        }
        var names = new TreeSet<>(dispute.open());
        names.addAll(dispute.settled().keySet());
        return names.isEmpty() ? new TreeSet<>(dispute.record().fields().names().list()) : names;
    }

    /// Returns the values that the first version after the base replaced, by field.
    private static Map<String, Optional<String>> before(Statements statements, KeptRecord kept)
            throws SQLException {
        Map<String, Optional<String>> before = new HashMap<>();
        if (kept.base().isEmpty()) {
            return before;
        }
        statements.visit(
                """
                select e.key, e.value from doctorbird.engine_history h,
                  jsonb_each_text(h.before) e
                where h.uid = ? and h.model = ? and h.etag > %s order by h.etag
                """
                        .formatted(Times.fromMicros("?::bigint")),
                0,
                row -> {
                    before.putIfAbsent(row.getString(1), Optional.ofNullable(row.getString(2)));
                    return true;
                },
                kept.uid(),
                kept.key().model(),
                kept.base().get().micros());
        return before;
    }

    /// Returns how many open conflicts there are, by the instance that pushed.
    public Map<Integer, Long> openByInstance() {
        return doing(
                "cannot count conflicts",
                statements -> {
                    Map<Integer, Long> open = new TreeMap<>();
                    statements.visit(
                            """
                            select instance, count(*) from doctorbird.engine_conflict
                            where resolution is null group by instance
                            """,
                            0,
                            row -> {
                                open.put(row.getInt(1), row.getLong(2));
                                return true;
                            });
                    return open;
                });
    }

    private interface Reading<T> {
        T of(Statements statements) throws SQLException;
    }

    private <T> T doing(String summary, Reading<T> reading) {
        return transactions.run(statements -> {
            try {
                return reading.of(statements);
            } catch (SQLException e) {
                throw SqlFailures.translate(e, summary);
            }
        });
    }
}
