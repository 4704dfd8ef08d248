package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.app.postgres.StagedRow.Change;
import org.doctorbird.app.postgres.TablesByModel.Pointer;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.FieldNames;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;

/// Stores batches set-wise, within one transaction.
///
/// A batch is copied into a staging table and stored by a handful of statements, whatever its size.
/// Where the database refuses, the batch is bisected until the refused records are alone.
final class RecordWriter {

    private final Statements statements;
    private final TablesByModel tables;
    private final Side side;
    private final Bisection bisection;
    private final MissingReferences missing;
    private int numbered;

    /// What central and a satellite do differently.
    interface Side {
        CompanionStatements companions(SyncedTable table, StagingTable staging);

        /// Hears that references were completed whose targets were missing.
        ///
        /// @param uids the records that have the references
        /// @param targets what they point to, in the same order
        default void completed(Pointer pointer, Collection<UUID> uids, Collection<UUID> targets)
                throws SQLException {}
    }

    RecordWriter(Statements statements, TablesByModel tables, Side side) {
        this.statements = statements;
        this.tables = tables;
        this.side = side;
        this.bisection = new Bisection(statements);
        this.missing = new MissingReferences(statements, tables, bisection, side);
    }

    /// Returns the references that wait for their targets.
    MissingReferences missing() {
        return missing;
    }

    /// Stores a batch; see [org.doctorbird.exchange.RecordTransaction#apply].
    ///
    /// A record may be refused only because of another one: it refers to a refused one, takes over
    /// a unique key that another record of the batch gives up, or refers to one that bisection
    /// parted from it. Such records get a second try together.
    List<Refused> apply(ModelShape shape, List<? extends Write> writes) throws SQLException {
        if (writes.isEmpty()) {
            return List.of();
        }
        SyncedTable table = tables.get(shape.model());
        List<SyncedColumn> columns =
                table.columns().stream()
                        .filter(column -> shape.field(column.name()).isPresent())
                        .toList();
        var staging = new StagingTable(statements, columns);
        var refused = new LinkedHashMap<UUID, Refused>();
        var stored = new ArrayList<UUID>();
        List<? extends Write> waiting = writes;
        boolean isFirst = true;
        while (!waiting.isEmpty()) {
            var pass = new Pass(table, staging);
            pass.run(waiting);
            stored.addAll(pass.inserted());
            waiting = pass.left(refused, isFirst);
            isFirst = false;
        }
        missing.complete(table.model(), stored);
        return List.copyOf(refused.values());
    }

    /// One try with a batch. Used once.
    private final class Pass {

        private final SyncedTable table;
        private final StagingTable staging;
        private final RowStatements rowStatements;
        private final CompanionStatements companions;
        private final DirectInserts direct;
        private final Map<UUID, Refused> refusals = new LinkedHashMap<>();
        private final Set<UUID> abandoned = new HashSet<>();
        private final Set<UUID> byDatabase = new HashSet<>();
        private FieldNames placed = FieldNames.NONE;
        private int[] places = {};
        private List<StagedRow> rows = List.of();
        private Map<UUID, Write> writes = Map.of();
        private Map<UUID, List<StagedRow>> dependents = Map.of();

        Pass(SyncedTable table, StagingTable staging) {
            this.table = table;
            this.staging = staging;
            this.rowStatements = new RowStatements(statements, table, staging);
            this.companions = side.companions(table, staging);
            this.direct = new DirectInserts(statements, table, staging.columns(), companions);
        }

        void run(List<? extends Write> batch) throws SQLException {
            var given = new ArrayList<StagedRow>(batch.size());
            var byUid = new LinkedHashMap<UUID, Write>();
            for (Write write : batch) {
                byUid.put(write.uid(), write);
                StagedRow row = row(write);
                if (isUnicode(row)) {
                    given.add(row);
                } else {
                    refuse(
                            new Refused(
                                    write.uid(),
                                    ErrorCode.VALUE_MALFORMED,
                                    "a text is no Unicode",
                                    ""));
                }
            }
            writes = byUid;
            var resolved =
                    new ReferenceLookup(statements, tables, table, staging.columns())
                            .resolve(given);
            resolved.refused().forEach(this::refuse);
            rows = resolved.rows();
            noteDependents();
            if (direct.suits(rows)) {
                bisection.run(rows, this::isWanted, this::insert, this::refuse);
            } else {
                staging.make();
                bisection.run(rows, this::isWanted, staging::copy, this::refuse);
                bisection.run(rows, this::isWanted, this::store, this::refuse);
            }
        }

        /// Returns the records whose rows were made.
        List<UUID> inserted() {
            return of(rows, Change.INSERT).stream()
                    .filter(this::isWanted)
                    .map(StagedRow::uid)
                    .toList();
        }

        private StagedRow row(Write write) {
            var row = new StagedRow(numbered++, write, staging.columns().size());
            Fields fields = write.fields();
            if (!fields.names().equals(placed)) {
                placed = fields.names();
                places = places(placed);
            }
            for (int i = 0; i < places.length; i++) {
                if (places[i] >= 0) {
                    row.give(i, fields.values().get(places[i]));
                }
            }
            return row;
        }

        /// Returns where each column's value is; -1 where it is not.
        private int[] places(FieldNames names) {
            return staging.columns().stream()
                    .mapToInt(column -> names.indexOf(column.name()))
                    .toArray();
        }

        /// Half a surrogate pair would silently become a question mark.
        private static boolean isUnicode(StagedRow row) {
            for (String value : row.values()) {
                if (value != null && !isUnicode(value)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isUnicode(String value) {
            for (int i = 0; i < value.length(); i++) {
                if (Character.isSurrogate(value.charAt(i))) {
                    if (i + 1 == value.length()
                            || !Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1))) {
                        return false;
                    }
                    i++;
                }
            }
            return true;
        }

        /// Notes who refers to whom. Bisection goes from first to last, so a record before its
        /// target is stored or refused by the time the target's turn comes.
        private void noteDependents() {
            var noted = new HashMap<UUID, List<StagedRow>>();
            var before = new HashSet<UUID>();
            for (StagedRow row : rows) {
                for (UUID target : row.needs()) {
                    if (before.contains(target)) {
                        noted.computeIfAbsent(target, _ -> new ArrayList<>()).add(row);
                    }
                }
                before.add(row.uid());
            }
            dependents = noted;
        }

        private boolean isWanted(StagedRow row) {
            return !abandoned.contains(row.uid()) && !refusals.containsKey(row.uid());
        }

        private void refuse(Refused refusal) {
            refusals.put(refusal.uid(), refusal);
        }

        /// Refuses a record and saves those that refer to it the vain tries.
        private void refuse(StagedRow row, SQLException reason) {
            boolean isDeletion = row.change() == Change.DELETE;
            refuse(SqlFailures.refusal(row.uid(), reason, isDeletion));
            byDatabase.add(row.uid());
            var waiting = new ArrayList<>(List.of(row));
            while (!waiting.isEmpty()) {
                dependents.getOrDefault(waiting.removeLast().uid(), List.of()).stream()
                        .filter(this::isWanted)
                        .forEach(dependent -> {
                            abandoned.add(dependent.uid());
                            waiting.add(dependent);
                        });
            }
        }

        private void insert(List<StagedRow> some) throws SQLException {
            direct.store(some);
            missing.remember(table, some);
        }

        /// What is deleted at central comes last: the versions that its foreign keys make of other
        /// records are later than those of the batch.
        private void store(List<StagedRow> some) throws SQLException {
            List<StagedRow> ends = some.stream().filter(Pass::endsAtCentral).toList();
            List<StagedRow> others = some.stream().filter(row -> !endsAtCentral(row)).toList();
            List<StagedRow> known = others.stream().filter(StagedRow::isKnown).toList();
            companions.make(others.stream().filter(Pass::needsCompanion).toList());
            companions.keepHistory(known);
            rowStatements.insert(of(others, Change.INSERT));
            rowStatements.update(of(others, Change.UPDATE));
            List<StagedRow> deleted = of(others, Change.DELETE);
            new Removals(statements, tables, table, staging)
                    .detach(deleted.stream().filter(Pass::isRemoval).toList());
            rowStatements.delete(deleted, tables.hangingOn(table.model()));
            companions.update(known);
            new CentralDeletions(statements, table, staging, companions).run(ends);
            missing.forget(table, some, staging);
            missing.remember(table, some);
        }

        private static boolean endsAtCentral(StagedRow row) {
            return row.write() instanceof Write.DeleteAtCentral;
        }

        private static boolean isRemoval(StagedRow row) {
            return row.write() instanceof Write.RemoveAtSatellite;
        }

        /// Of a record that was never here nothing has to be removed, nor noted.
        private static boolean needsCompanion(StagedRow row) {
            return !row.isKnown() && !isRemoval(row);
        }

        private static List<StagedRow> of(List<StagedRow> rows, Change change) {
            return rows.stream().filter(row -> row.change() == change).toList();
        }

        /// Takes over the refusals that stand.
        ///
        /// @return what is worth another try
        List<Write> left(Map<UUID, Refused> standing, boolean isFirst) {
            var again = new ArrayList<Write>();
            long dependent = refusals.values().stream().filter(this::mayDependOnOthers).count();
            boolean isSmaller = dependent + abandoned.size() < writes.size();
            writes.forEach((uid, write) -> {
                Refused refusal = refusals.get(uid);
                if (abandoned.contains(uid)) {
                    again.add(write);
                } else if (refusal != null) {
                    if (isFirst && isSmaller && mayDependOnOthers(refusal)) {
                        again.add(write);
                    } else {
                        standing.put(uid, refusal);
                    }
                }
            });
            return again;
        }

        private boolean mayDependOnOthers(Refused refusal) {
            return byDatabase.contains(refusal.uid())
                    && (refusal.code() == ErrorCode.UNIQUE_KEY_TAKEN
                            || refusal.code() == ErrorCode.REFERENCE_MISSING);
        }
    }
}
