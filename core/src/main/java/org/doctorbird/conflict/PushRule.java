package org.doctorbird.conflict;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.doctorbird.ErrorCode;
import org.doctorbird.plan.Deletes;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;

/// Decides what central does with a pushed record. The table is in `docs/protocol.md`, "Verdicts".
public final class PushRule {

    private PushRule() {}

    /// Decides on one record.
    ///
    /// What the satellite did itself since its base is no dispute, whether or not it got the
    /// answer: only versions that others made count. A push that was recorded before is recognised
    /// by its origin and revision, and one that was kept as a conflict by what it says. Where the
    /// history since the base is not complete any more, every field counts as changed by others: a
    /// dispute too many is seen, a lost change is not.
    ///
    /// @param record what central holds
    public static Verdict decide(CentralRecord record, PushedRecord pushed, PushContext context) {
        Optional<Decided> decided = record.decided().filter(before -> before.isSame(pushed));
        if (decided.isPresent()) {
            return decideAgain(record, pushed, decided.get());
        }
        if (wasRecorded(record, pushed, context.from())) {
            return new Verdict.AlreadyHeld(
                    isUntouchedByOthers(record, context.from()) && !record.isRowGone());
        }
        if (record.isRowGone()) {
            return decideGone(pushed, context);
        }
        if (!record.isHeld() && !record.isOpen()) {
            return new Verdict.Reject(ErrorCode.OUTSIDE_INTEREST);
        }
        return pushed.isDeleted()
                ? decideDeletion(record, pushed, context)
                : decideChange(record, pushed, context);
    }

    /// Decides on a record that central does not have. One that comes later than a revision which
    /// was settled, such as the record's end, may be the past: it counts only if the satellite
    /// sends it once more.
    ///
    /// @param settledRevision the highest revision of the pushing instance that was settled without
    ///   making a version; 0 if none
    public static Verdict decideUnknown(PushedRecord pushed, long settledRevision) {
        if (pushed.isDeleted()) {
            return new Verdict.AlreadyHeld(true);
        }
        return pushed.base().isPresent() || pushed.revision() < settledRevision
                ? new Verdict.AskForWhole()
                : new Verdict.Insert();
    }

    /// What stands now is the answer to a push that was kept as a conflict. A copy of a record that
    /// is gone at central stays until a person has decided.
    private static Verdict decideAgain(CentralRecord record, PushedRecord pushed, Decided decided) {
        return record.isRowGone() && !pushed.isDeleted() && decided.isOpen()
                ? new Verdict.RevivalConflict(false)
                : new Verdict.AlreadyHeld(false);
    }

    /// Only a whole record can be kept so that it can be brought back.
    private static Verdict decideGone(PushedRecord pushed, PushContext context) {
        if (pushed.isDeleted()) {
            return new Verdict.AlreadyHeld(true);
        }
        return pushed.base().isPresent()
                ? new Verdict.AskForWhole()
                : new Verdict.RevivalConflict(context.conflicts().ofRecord() == Policy.CENTRAL);
    }

    private static Verdict decideDeletion(
            CentralRecord record, PushedRecord pushed, PushContext context) {
        Policy policy = context.conflicts().ofRecord();
        if (!isUntouchedByOthers(record, context.from()) && !winsOver(record, pushed, context)) {
            return new Verdict.DeletionConflict(
                    policy == Policy.CENTRAL || policy == Policy.LATEST);
        }
        if (context.deletes() == Deletes.PROPAGATE) {
            return new Verdict.Delete();
        }
        return record.isMarkedDeleted() ? new Verdict.AlreadyHeld(true) : new Verdict.MarkDeleted();
    }

    private static boolean winsOver(
            CentralRecord record, PushedRecord pushed, PushContext context) {
        return switch (context.conflicts().ofRecord()) {
            case SATELLITE -> true;
            case LATEST ->
                    record.isMadeComplete()
                            && record.made().stream()
                                    .filter(made -> !made.origin().equals(context.from()))
                                    .allMatch(made ->
                                            pushed.edited(context.now()).isAfter(made.edited()));
            case CENTRAL, APPEND, MANUAL -> false;
        };
    }

    private static Verdict decideChange(
            CentralRecord record, PushedRecord pushed, PushContext context) {
        Set<String> moved = movedByOthers(record, context.from());
        Set<String> changing = pushed.fields().differingFrom(record.values());
        var disputed = new TreeSet<>(changing);
        disputed.retainAll(context.conflicts().widened(moved));
        changing.removeAll(disputed);
        if (!disputed.isEmpty()) {
            return new FieldConflicts(record, pushed, context, changing).settle(disputed);
        }
        boolean isWhole = pushed.fields().names().list().containsAll(moved);
        return changing.isEmpty()
                ? new Verdict.AlreadyHeld(isWhole)
                : new Verdict.Update(changing, isWhole);
    }

    /// A later revision of the same origin contains every earlier one: a duplicate that arrives
    /// late changes nothing. The same revision counts only with the same content: a satellite
    /// restored from a backup may use a number again.
    private static boolean wasRecorded(CentralRecord record, PushedRecord pushed, InstanceId from) {
        if (pushed.revision() < record.settledRevision()) {
            return true;
        }
        var differing = pushed.fields().differingFrom(record.values());
        boolean isRecorded = false;
        for (VersionMade made : record.made()) {
            boolean isOwn = made.origin().equals(from);
            if (isOwn && made.revision() > pushed.revision()) {
                return true;
            }
            if (isRecorded) {
                differing.removeAll(made.fields());
            }
            isRecorded = isRecorded || (isOwn && made.revision() == pushed.revision());
        }
        return isRecorded && (record.isRowGone() || differing.isEmpty());
    }

    private static boolean isUntouchedByOthers(CentralRecord record, InstanceId from) {
        return record.isMadeComplete() && movedByOthers(record, from).isEmpty();
    }

    private static Set<String> movedByOthers(CentralRecord record, InstanceId from) {
        if (!record.isMadeComplete()) {
            return Set.copyOf(record.values().names().list());
        }
        var moved = new HashSet<String>();
        record.made().stream()
                .filter(made -> !made.origin().equals(from))
                .forEach(made -> moved.addAll(made.fields()));
        return moved;
    }
}
