package org.doctorbird.app.postgres;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.interest.DirectReasons;
import org.doctorbird.interest.Due;
import org.doctorbird.interest.InterestTransaction;
import org.doctorbird.interest.WholeReasons;
import org.doctorbird.plan.InterestGraph.Edge;

/// Central's part of a transaction that computes who should hold records.
abstract sealed class PostgresInterestTransaction extends PostgresRecordTransaction
        implements InterestTransaction permits PostgresCentralTransaction {

    private static final String COLLECT = "cannot collect what has changed";
    private static final String LIST = "cannot note records to be reconsidered";
    private static final String READ = "cannot read who should hold records";
    private static final String STORE = "cannot store who should hold records";

    private final InterestList list;
    private final InterestChanges changes;
    private final InterestReasons reasons;

    PostgresInterestTransaction(Statements statements, TablesByModel tables) {
        super(statements, tables, new CentralSide(statements, tables));
        this.list = new InterestList(statements, tables);
        this.changes = new InterestChanges(statements, tables);
        this.reasons = new InterestReasons(statements, tables);
    }

    @Override
    public final boolean takeInterest() {
        return doing(LIST, list::take);
    }

    @Override
    public final void collectChanged() {
        deed(COLLECT, changes::collect);
    }

    @Override
    public final boolean isBehind() {
        return doing(LIST, list::isBehind);
    }

    @Override
    public final Optional<Due> takeDue(int limit) {
        return doing(LIST, () -> list.takeNext(limit));
    }

    @Override
    public final List<DirectReasons> directReasons(String model, Collection<UUID> uids) {
        return doing(READ, () -> reasons.direct(model, uids));
    }

    @Override
    public final List<WholeReasons> wholeReasons(String model, Collection<UUID> uids) {
        return doing(READ, () -> reasons.whole(model, uids));
    }

    @Override
    public final void storeDirect(String model, List<DirectReasons.Direct> sets) {
        deed(STORE, () -> new InterestSets(statements(), tables().get(model)).storeDirect(sets));
    }

    @Override
    public final void storeBoth(String model, List<DirectReasons.Direct> sets) {
        deed(STORE, () -> new InterestSets(statements(), tables().get(model)).storeBoth(sets));
    }

    @Override
    public final void storeWhole(String model, List<WholeReasons.Whole> sets) {
        deed(STORE, () -> new InterestSets(statements(), tables().get(model)).storeWhole(sets));
    }

    @Override
    public final void reconsider(String model, Due.Kind kind, Collection<UUID> uids) {
        deed(LIST, () -> list.add(model, kind, uids));
    }

    @Override
    public final void reconsiderReferring(Edge edge, Due.Kind kind, Collection<UUID> targets) {
        deed(LIST, () -> list.addReferring(edge, kind, targets));
    }

    @Override
    public final void reconsiderTargets(Edge edge, Due.Kind kind, Collection<UUID> sources) {
        deed(LIST, () -> list.addTargets(edge, kind, sources));
    }

    @Override
    public final void publishInterest() {
        deed(STORE, changes::publish);
    }

    @Override
    public final boolean isInterestDue() {
        return doing(COLLECT, changes::areThere);
    }
}
