package org.doctorbird.conflict;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.doctorbird.ErrorCode;
import org.doctorbird.plan.Deletes;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;

/// Decides what central does with a pushed record. The table is in `docs/protocol.md`, "Verdicts".
public final class PushRule {

    private PushRule() {}

    /// Decides on one record.
    ///
    /// What the satellite did itself since its base is no dispute, whether or not it got the
    /// answer: only versions that others made count. A push that was recorded before is recognised
    /// by its origin and revision. Where the history since the base is not complete any more, every
    /// field counts as changed by others: a dispute too many is seen, a lost change is not.
    ///
    /// @param held what central holds, if anything
    /// @param from the instance that pushes
    /// @param deletes what the plan says of the model's deletions
    public static Verdict decide(
            Optional<CentralRecord> held, PushedRecord pushed, InstanceId from, Deletes deletes) {
        if (held.isEmpty()) {
            return decideUnknown(pushed);
        }
        CentralRecord record = held.get();
        if (wasRecorded(record, pushed, from)) {
            return new Verdict.AlreadyHeld(
                    isUntouchedByOthers(record, from) && !record.isRowGone());
        }
        if (record.isRowGone()) {
            return pushed.isDeleted()
                    ? new Verdict.AlreadyHeld(true)
                    : new Verdict.Reject(ErrorCode.DELETED_AT_CENTRAL);
        }
        if (!record.isHeld() && !record.isOpen()) {
            return new Verdict.Reject(ErrorCode.OUTSIDE_INTEREST);
        }
        return pushed.isDeleted()
                ? decideDeletion(record, from, deletes)
                : decideChange(record, pushed, movedByOthers(record, from));
    }

    private static Verdict decideUnknown(PushedRecord pushed) {
        if (pushed.isDeleted()) {
            return new Verdict.AlreadyHeld(true);
        }
        return pushed.base().isPresent() ? new Verdict.AskForWhole() : new Verdict.Insert();
    }

    private static Verdict decideDeletion(CentralRecord record, InstanceId from, Deletes deletes) {
        if (!isUntouchedByOthers(record, from)) {
            return new Verdict.Conflict(Set.of(), Set.of());
        }
        if (deletes == Deletes.PROPAGATE) {
            return new Verdict.Delete();
        }
        return record.isMarkedDeleted() ? new Verdict.AlreadyHeld(true) : new Verdict.MarkDeleted();
    }

    private static Verdict decideChange(
            CentralRecord record, PushedRecord pushed, Set<String> moved) {
        Set<String> changing = pushed.fields().differingFrom(record.values());
        var disputed = new TreeSet<>(changing);
        disputed.retainAll(moved);
        changing.removeAll(disputed);
        if (!disputed.isEmpty()) {
            return new Verdict.Conflict(disputed, changing);
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
