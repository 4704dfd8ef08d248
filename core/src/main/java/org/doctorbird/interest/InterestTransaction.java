package org.doctorbird.interest;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.plan.InterestGraph.Edge;

/// What the computation of interest needs from central's database. Each method takes a fixed number
/// of statements, whatever the number of records.
///
/// The list of records to be reconsidered is durable: a computation that breaks off is gone on
/// with. It is collected from what has changed and from nothing else, so that its cost follows
/// change.
public interface InterestTransaction {

    /// Takes the right to compute until the transaction's end.
    ///
    /// @return false if somebody else is at it
    boolean takeInterest();

    /// Puts on the list what has changed since the last collection: records of restricted models
    /// with a new version, for both of their sets, or only for the direct one where that is the
    /// whole one ([org.doctorbird.plan.InterestGraph#comesAlong]); the records that they pointed to
    /// before and point to now where a reference over which interest flows has changed; and the
    /// records of pins that have expired, which end.
    ///
    /// Sees every transaction that has ended, each once: also those that will be given by the feeds
    /// only later, because an older one is still open. So what this pass computes is right for all
    /// that [#publishInterest] lets out.
    void collectChanged();

    /// Says whether something is on the list whose outcome may be published without collecting what
    /// has changed since.
    boolean isBehind();

    /// Takes the next records off the list: the direct sets first, each model after those that its
    /// sets are made from. What others put on the list meanwhile stays there.
    ///
    /// @param limit how many at most
    /// @return empty when the list is
    Optional<Due> takeDue(int limit);

    /// Reads why instances should hold records for their own sake.
    ///
    /// @return one for each record that central knows
    List<DirectReasons> directReasons(String model, Collection<UUID> uids);

    /// Reads why instances should hold records at all.
    ///
    /// @return one for each record that central knows
    List<WholeReasons> wholeReasons(String model, Collection<UUID> uids);

    /// Stores direct sets.
    void storeDirect(String model, List<DirectReasons.Direct> sets);

    /// Stores direct sets that are the whole ones, too: like [#storeDirect] and [#storeWhole].
    void storeBoth(String model, List<DirectReasons.Direct> sets);

    /// Stores whole sets. A record that the feeds may have passed by goes to their end. An instance
    /// that loses a record and has handed in a late receipt for it is noted as holding it, so that
    /// it hears of the withdrawal.
    void storeWhole(String model, List<WholeReasons.Whole> sets);

    /// Puts records on the list.
    void reconsider(String model, Due.Kind kind, Collection<UUID> uids);

    /// Puts the records on the list that point to one of the given records over a reference.
    ///
    /// @param targets records of the edge's target model
    void reconsiderReferring(Edge edge, Due.Kind kind, Collection<UUID> targets);

    /// Puts the records on the list that the given records point to over a reference.
    ///
    /// @param sources records of the edge's model
    void reconsiderTargets(Edge edge, Due.Kind kind, Collection<UUID> sources);

    /// Lets the feeds give what was collected: the list is empty.
    void publishInterest();

    /// Says whether anything has to be collected, computed or published: a look into an index a
    /// model, whatever the size of the store.
    boolean isInterestDue();
}
