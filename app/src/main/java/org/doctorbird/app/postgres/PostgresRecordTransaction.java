package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.DroppedVersion;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.QuarantineChoice;
import org.doctorbird.exchange.RecordTransaction;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;

/// What central and a satellite have in common on PostgreSQL.
abstract sealed class PostgresRecordTransaction implements RecordTransaction
        permits PostgresInterestTransaction, PostgresContinuityTransaction {

    private final Statements statements;
    private final TablesByModel tables;
    private final RecordWriter writer;
    private final KeptLists lists;
    private final Quarantine quarantine;
    private final KeptMarks marks;

    PostgresRecordTransaction(Statements statements, TablesByModel tables, RecordWriter.Side side) {
        this.statements = statements;
        this.tables = tables;
        this.writer = new RecordWriter(statements, tables, side);
        this.lists = new KeptLists(statements, tables);
        this.quarantine = new Quarantine(statements);
        this.marks = new KeptMarks(statements);
    }

    /// Something that the database may fail at.
    interface Work<T> {
        T run() throws SQLException;
    }

    /// Something that the database may fail at, without a result.
    interface Deed {
        void run() throws SQLException;
    }

    /// Runs the work and translates its failure.
    ///
    /// @param summary fixed words, such as "cannot store the batch"
    static <T> T doing(String summary, Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw SqlFailures.translate(e, summary);
        }
    }

    /// Runs the deed and translates its failure.
    static void deed(String summary, Deed deed) {
        try {
            deed.run();
        } catch (SQLException e) {
            throw SqlFailures.translate(e, summary);
        }
    }

    /// Returns the failure for a key that `engine_meta` lacks.
    static SyncException notInstalled(String key) {
        return new SyncException(ErrorCode.NOT_INSTALLED, "the installation is not complete")
                .with("missing", key);
    }

    final Statements statements() {
        return statements;
    }

    final TablesByModel tables() {
        return tables;
    }

    final KeptMarks marks() {
        return marks;
    }

    final KeptLists lists() {
        return lists;
    }

    @Override
    public final Set<RecordKey> present(Collection<RecordKey> keys) {
        return doing("cannot look for records", () -> Presence.present(statements, tables, keys));
    }

    @Override
    public List<Refused> apply(ModelShape shape, List<? extends Write> writes) {
        return doing("cannot store the batch", () -> writer.apply(shape, writes));
    }

    /// Completes references that waited for records which are here now.
    final void completeReferences(String model, List<UUID> arrived) throws SQLException {
        writer.missing().complete(model, arrived);
    }

    @Override
    public final void park(List<KeptRecord> records) {
        deed("cannot park records", () -> lists.park(records));
        marks.lookAgain();
    }

    @Override
    public final List<KeptRecord> takeParked(Collection<RecordKey> arrived, int limit) {
        return doing(
                "cannot take parked records",
                () -> marks.hasParked() ? lists.takeParked(arrived, limit) : List.of());
    }

    /// Also completes references whose targets came by another transaction.
    @Override
    public final List<KeptRecord> takeReady(int limit) {
        return doing(
                "cannot take parked records",
                () -> {
                    if (marks.hasMissing()) {
                        writer.missing().completeReady();
                    }
                    return marks.hasParked() ? lists.takeReady(limit) : List.of();
                });
    }

    @Override
    public final void quarantine(List<KeptRecord> records, List<Refused> refusals) {
        deed("cannot put records into quarantine", () -> quarantine.put(records, refusals));
        marks.lookAgain();
    }

    @Override
    public final int makeDue(Collection<RecordKey> changed) {
        return doing(
                "cannot make records in quarantine due",
                () -> marks.hasQuarantined() ? quarantine.makeDue(changed) : 0);
    }

    @Override
    public final Set<String> modelsDue() {
        return doing("cannot look into quarantine", quarantine::modelsDue);
    }

    @Override
    public final List<KeptRecord> takeDue(String model, int limit) {
        return doing("cannot take from quarantine", () -> quarantine.takeDue(model, limit));
    }

    @Override
    public final List<KeptRecord> takeChosen(
            QuarantineChoice choice, Optional<KeptRecord> after, int limit) {
        return doing(
                "cannot take from quarantine", () -> quarantine.takeChosen(choice, after, limit));
    }

    @Override
    public final Map<UUID, DroppedVersion> dropped(
            String model, InstanceId from, Collection<UUID> uids) {
        return doing(
                "cannot look into quarantine",
                () -> marks.hasQuarantined() ? quarantine.dropped(model, from, uids) : Map.of());
    }

    @Override
    public void release(Collection<KeptRecord> records) {
        deed(
                "cannot release records",
                () -> {
                    if (marks.hasQuarantined() || marks.hasParked()) {
                        lists.release(records);
                    }
                });
    }
}
