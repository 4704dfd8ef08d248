package org.doctorbird.interest;

import java.util.ArrayList;
import java.util.List;
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

    /// Records computed in one transaction, at most twice as many.
    public static final int BATCH = 2_000;

    private final InterestGraph graph;

    public InterestPass(InterestGraph graph) {
        this.graph = graph;
    }

    /// How a piece of the computation ended.
    public enum Progress {
        /// Nothing was due, or somebody else is computing.
        IDLE,
        /// There is more to compute.
        MORE,
        /// Everything that was collected is computed and published.
        PUBLISHED
    }

    /// How a piece of a pass ended.
    ///
    /// @param hasCollected what has changed until now is among what is computed
    public record Step(Progress progress, boolean hasCollected) {}

    /// Collects what has changed and computes a first piece, if there is anything to do. Needed
    /// only if the plan restricts a model.
    ///
    /// What is left of a pass before is computed and published first. Where changes come as fast as
    /// they are computed, nothing would ever be published otherwise.
    public Step begin(InterestTransaction transaction) {
        if (!transaction.isInterestDue() || !transaction.takeInterest()) {
            return new Step(Progress.IDLE, false);
        }
        boolean collects = !transaction.isBehind();
        if (collects) {
            transaction.collectChanged();
        }
        return new Step(advance(transaction), collects);
    }

    /// Goes on after [Progress#MORE], in another transaction.
    public Step goOn(InterestTransaction transaction) {
        return new Step(transaction.takeInterest() ? advance(transaction) : Progress.IDLE, false);
    }

    /// Computes about [#BATCH] records, or less if nothing is left; then publishes.
    private Progress advance(InterestTransaction transaction) {
        int records = 0;
        while (records < BATCH) {
            Optional<Due> due = transaction.takeDue(BATCH);
            if (due.isEmpty()) {
                transaction.publishInterest();
                return Progress.PUBLISHED;
            }
            switch (due.get().kind()) {
                case DIRECT -> computeDirect(transaction, due.get());
                case WHOLE -> computeWhole(transaction, due.get());
            }
            records += due.get().uids().size();
        }
        return Progress.MORE;
    }

    private void computeDirect(InterestTransaction transaction, Due due) {
        String model = due.model();
        boolean isWhole = !graph.comesAlong(model);
        var stored = new ArrayList<DirectReasons.Direct>();
        var both = new ArrayList<DirectReasons.Direct>();
        var changed = new ArrayList<UUID>();
        for (DirectReasons reasons : transaction.directReasons(model, due.uids())) {
            DirectReasons.Direct direct = reasons.decide();
            boolean hasChanged = !direct.instances().equals(reasons.before());
            if (hasChanged) {
                changed.add(direct.uid());
            }
            if (isWhole && !reasons.whole().equals(Optional.of(direct.instances()))) {
                both.add(direct);
            } else if (hasChanged || direct.keepsCreator() != reasons.creator().isPresent()) {
                stored.add(direct);
            }
        }
        if (!stored.isEmpty()) {
            transaction.storeDirect(model, stored);
        }
        if (!changed.isEmpty()) {
            passOn(transaction, model, changed);
        }
        if (!both.isEmpty()) {
            transaction.storeBoth(model, both);
            takeAlong(transaction, model, both.stream().map(DirectReasons.Direct::uid).toList());
        }
    }

    /// @param changed whose direct sets have changed
    private void passOn(InterestTransaction transaction, String model, List<UUID> changed) {
        if (graph.comesAlong(model)) {
            transaction.reconsider(model, Due.Kind.WHOLE, changed);
        }
        for (Edge edge : graph.followersOf(model)) {
            transaction.reconsiderReferring(edge, Due.Kind.DIRECT, changed);
        }
        for (Edge edge : graph.broughtBy(model)) {
            transaction.reconsiderTargets(edge, Due.Kind.DIRECT, changed);
        }
    }

    /// @param changed whose whole sets have changed
    private void takeAlong(InterestTransaction transaction, String model, List<UUID> changed) {
        for (Edge edge : graph.alongWith(model)) {
            transaction.reconsiderTargets(edge, Due.Kind.WHOLE, changed);
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
            takeAlong(transaction, model, changed);
        }
    }
}
