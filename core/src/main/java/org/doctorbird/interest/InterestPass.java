package org.doctorbird.interest;

import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.plan.InterestGraph;
import org.doctorbird.plan.InterestGraph.Edge;

/// Brings the sets of interested instances up to date with what has changed, a bounded piece at a
/// time. Has no state of its own.
///
/// Design. Records that changed are put on a durable list, and from there on each record whose set
/// comes out different puts its neighbours on the list. Neither kind of set has circles
/// ([InterestGraph]), and the list is worked off in the order in which interest flows, so that each
/// record is computed once and what nothing touches is never looked at. The feeds give a change
/// only when everything that it may alter is computed ([InterestTransaction#publishInterest]):
/// nobody is ever given a version that it should not have.
public final class InterestPass {

    /// Records computed in one transaction.
    public static final int BATCH = 2_000;

    private final InterestGraph graph;

    public InterestPass(InterestGraph graph) {
        this.graph = graph;
    }

    /// Collects what has changed. Do it in a transaction of its own before the first [#advance].
    ///
    /// Needed only if the plan restricts a model.
    ///
    /// @return false if somebody else is computing or nothing is due
    public boolean begin(InterestTransaction transaction) {
        if (!transaction.isInterestDue() || !transaction.takeInterest()) {
            return false;
        }
        transaction.collectChanged();
        return true;
    }

    /// Computes one piece, or publishes when nothing is left.
    ///
    /// @return false when all is published or somebody else is computing
    public boolean advance(InterestTransaction transaction) {
        if (!transaction.takeInterest()) {
            return false;
        }
        Optional<Due> due = transaction.takeDue(BATCH);
        if (due.isEmpty()) {
            transaction.publishInterest();
            return false;
        }
        switch (due.get().kind()) {
            case DIRECT -> computeDirect(transaction, due.get());
            case WHOLE -> computeWhole(transaction, due.get());
        }
        return true;
    }

    private void computeDirect(InterestTransaction transaction, Due due) {
        String model = due.model();
        var stored = new ArrayList<DirectReasons.Direct>();
        var changed = new ArrayList<UUID>();
        for (DirectReasons reasons : transaction.directReasons(model, due.uids())) {
            DirectReasons.Direct direct = reasons.decide();
            boolean hasChanged = !direct.instances().equals(reasons.before());
            if (hasChanged) {
                changed.add(direct.uid());
            }
            if (hasChanged || direct.keepsCreator() != reasons.creator().isPresent()) {
                stored.add(direct);
            }
        }
        if (!stored.isEmpty()) {
            transaction.storeDirect(model, stored);
        }
        if (!changed.isEmpty()) {
            transaction.reconsider(model, Due.Kind.WHOLE, changed);
            for (Edge edge : graph.followersOf(model)) {
                transaction.reconsiderReferring(edge, Due.Kind.DIRECT, changed);
            }
            for (Edge edge : graph.broughtBy(model)) {
                transaction.reconsiderTargets(edge, Due.Kind.DIRECT, changed);
            }
        }
    }

    private void computeWhole(InterestTransaction transaction, Due due) {
        String model = due.model();
        var stored = new ArrayList<WholeReasons.Whole>();
        var changed = new ArrayList<UUID>();
        for (WholeReasons reasons : transaction.wholeReasons(model, due.uids())) {
            WholeReasons.Whole whole = reasons.decide();
            boolean hasChanged = !whole.instances().equals(reasons.before());
            if (hasChanged) {
                changed.add(whole.uid());
            }
            if (hasChanged || reasons.isNew()) {
                stored.add(whole);
            }
        }
        if (!stored.isEmpty()) {
            transaction.storeWhole(model, stored);
        }
        if (!changed.isEmpty()) {
            for (Edge edge : graph.alongWith(model)) {
                transaction.reconsiderTargets(edge, Due.Kind.WHOLE, changed);
            }
        }
    }
}
