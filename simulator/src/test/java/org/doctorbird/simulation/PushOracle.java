package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.doctorbird.ErrorCode;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.KeptConflict;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.plan.Deletes;
import org.doctorbird.plan.Policy;
import org.doctorbird.record.SentRecord;
import org.doctorbird.simulation.PushCase.Request;
import org.doctorbird.simulation.PushCase.Rule;
import org.doctorbird.simulation.PushCase.State;
import org.doctorbird.simulation.PushScene.Played;
import org.doctorbird.simulation.PushScene.Seen;

/// Says what must be true of a push, from what people did and not from how central decides. Used
/// once.
final class PushOracle {

    private final PushCase row;
    private final Played played;
    private final List<String> broken = new ArrayList<>();

    PushOracle(PushCase row, Played played) {
        this.row = row;
        this.played = played;
    }

    /// Returns one sentence for each rule that does not hold.
    List<String> broken() {
        checkAnswer(played.first(), played.after());
        checkAnswer(played.last(), played.end());
        checkNothingIsLost(played.after());
        checkNothingIsLost(played.end());
        if (row.state() == State.UNKNOWN) {
            checkUnknown();
        } else if (row.isGone()) {
            checkGone();
        } else if (row.isDeletion()) {
            checkDeletion();
        } else {
            checkChange();
        }
        if (row.request() != Request.FIRST) {
            checkAgain();
        }
        return broken;
    }

    private void require(boolean holds, String sentence) {
        if (!holds) {
            broken.add(row + ": " + sentence);
        }
    }

    /// An answer tells the truth about what stands, and `accepted` means that both have the same.
    private void checkAnswer(PushAnswer answer, Seen now) {
        switch (answer) {
            case PushAnswer.Accepted accepted -> {
                require(
                        now.etag().map(accepted.etag()::equals).orElse(row.isDeletion()),
                        "accepted, and the version is another one");
                require(
                        isOvertaken(now) || hasSame(now),
                        "accepted, and the satellite has something else");
            }
            case PushAnswer.Merged(SentRecord current) -> {
                checkCurrent(current, now);
                require(isIn(now), "merged, and something of the push is missing");
            }
            case PushAnswer.Superseded(SentRecord current) -> checkCurrent(current, now);
            case PushAnswer.Rejected rejected ->
                    require(
                            rejected.code() == ErrorCode.DELETED_AT_CENTRAL && row.isGone(),
                            "rejected for no reason");
            case PushAnswer.AskedForWhole _ ->
                    require(
                            row.hasBase() && !row.isDeletion(),
                            "asked for what it was given already");
            case PushAnswer.Taken _, PushAnswer.Parked _, PushAnswer.Joined _ ->
                    require(false, "an answer that does not belong here");
        }
    }

    /// The satellite has made a later change, and passes over answers to earlier ones.
    private boolean isOvertaken(Seen now) {
        return row.request() == Request.AGAIN_AFTER_A_LATER_PUSH && now.equals(played.end());
    }

    private boolean hasSame(Seen now) {
        return row.isDeletion()
                ? !now.isAlive() || now.isMarked()
                : now.values().equals(played.copy());
    }

    private void checkCurrent(SentRecord current, Seen now) {
        require(
                now.etag().filter(current.etag()::equals).isPresent()
                        && PushScene.asMap(current.fields()).equals(now.values())
                        && current.isDeleted() != now.isAlive(),
                "answered with a version that does not stand");
    }

    /// Says whether each pushed value is in what stands, as it is or joined with another.
    private boolean isIn(Seen now) {
        return pushed().entrySet().stream()
                .allMatch(field ->
                        holds(now.values().getOrDefault(field.getKey(), ""), field.getValue()));
    }

    private boolean holds(String text, String value) {
        return row.rule().policy() == Policy.APPEND
                ? text.contains(value) || text.contains(value.replace("start", "").strip())
                : text.equals(value);
    }

    private Map<String, String> pushed() {
        return PushScene.asMap(played.pushed().fields());
    }

    /// What was pushed stands, or is in the history, or in the conflict list, or the satellite has
    /// been told to keep it.
    private void checkNothingIsLost(Seen now) {
        boolean isKeptThere =
                played.first() instanceof PushAnswer.AskedForWhole
                        || played.first() instanceof PushAnswer.Rejected;
        if (row.isDeletion() || isKeptThere) {
            return;
        }
        for (Map.Entry<String, String> field : pushed().entrySet()) {
            require(
                    holds(now.values().getOrDefault(field.getKey(), ""), field.getValue())
                            || now.replacedValues().stream()
                                    .anyMatch(value -> holds(value, field.getValue()))
                            || isListed(now),
                    "the pushed value of " + field.getKey() + " is nowhere");
        }
    }

    private boolean isListed(Seen now) {
        return now.conflicts().stream()
                .map(conflict -> conflict.dispute().record())
                .anyMatch(kept ->
                        kept.revision() == played.pushed().revision()
                                && kept.from().equals(PushScene.PUSHER)
                                && kept.fields().equals(played.pushed().fields()));
    }

    private void checkUnknown() {
        checkNoDispute();
        if (row.isDeletion()) {
            require(played.after().row().isEmpty(), "a deletion of nothing has made something");
            require(played.first() instanceof PushAnswer.Accepted, "the deletion is done");
        } else if (row.hasBase()) {
            require(played.after().row().isEmpty(), "stored a part of a record");
            require(played.first() instanceof PushAnswer.AskedForWhole, "needs the whole record");
        } else {
            require(played.after().values().equals(played.copy()), "a new record is stored whole");
            require(played.first() instanceof PushAnswer.Accepted, "a new record is accepted");
        }
    }

    private void checkGone() {
        require(!played.after().isAlive(), "a push alone brings nothing back");
        require(played.before().etag().equals(played.after().etag()), "the end stands");
        if (row.isDeletion()) {
            checkNoDispute();
            require(played.first() instanceof PushAnswer.Accepted, "both have deleted it");
        } else if (row.hasBase()) {
            checkNoDispute();
            require(played.first() instanceof PushAnswer.AskedForWhole, "needs the whole record");
        } else {
            boolean isSettled = row.rule() == Rule.CENTRAL;
            checkDispute(Dispute.Kind.REVIVAL, !isSettled);
            require(
                    isSettled == (played.first() instanceof PushAnswer.Superseded),
                    "the copy stays until somebody has decided");
        }
    }

    private void checkDeletion() {
        boolean wins = !row.isChangedByOthers() || row.rule().letsPushWin();
        if (!wins) {
            require(sameAsBefore(), "what others have changed stands");
            checkDispute(Dispute.Kind.DELETION, row.rule().asksPerson());
            require(played.first() instanceof PushAnswer.Superseded, "the deletion has lost");
            return;
        }
        checkNoDispute();
        require(played.first() instanceof PushAnswer.Accepted, "the deletion is accepted");
        require(
                row.deletes() == Deletes.PROPAGATE
                        ? !played.after().isAlive()
                        : played.after().isMarked() && played.after().isAlive(),
                "the record is deleted as the plan says");
    }

    private boolean sameAsBefore() {
        return played.before().etag().equals(played.after().etag())
                && played.before().values().equals(played.after().values())
                && played.before().isMarked() == played.after().isMarked();
    }

    private void checkChange() {
        var expected = new TreeMap<>(played.before().values());
        var open = new TreeSet<String>();
        var settled = new TreeSet<String>();
        for (Map.Entry<String, String> field : pushed().entrySet()) {
            String name = field.getKey();
            String there = Objects.requireNonNull(played.before().values().get(name));
            if (there.equals(field.getValue())) {
                continue;
            }
            boolean isDisputed = row.isChangedByOthers() && !"start".equals(there);
            Optional<String> winner =
                    isDisputed ? winner(there, field.getValue()) : Optional.empty();
            if (!isDisputed) {
                expected.put(name, field.getValue());
            } else if (winner.isPresent()) {
                settled.add(name);
                expected.put(name, winner.get());
            } else {
                open.add(name);
            }
        }
        require(
                played.after().values().equals(expected),
                "stands %s instead of %s".formatted(played.after().values(), expected));
        require(
                played.after().etag().equals(played.before().etag())
                        == expected.equals(played.before().values()),
                "a version is made if and only if something changes");
        checkFields(open, settled);
        checkAnswerToChange(open, settled);
    }

    /// Returns the value that stands in a dispute; empty if a person has to say it.
    private Optional<String> winner(String there, String value) {
        return switch (row.rule()) {
            case CENTRAL, LATEST_MADE_EARLIER, LATEST_MADE_WHO_KNOWS_WHEN -> Optional.of(there);
            case SATELLITE, LATEST_MADE_LATER -> Optional.of(value);
            case APPEND_CONTINUED ->
                    row.hasBase()
                            ? Optional.of(there + "\n" + value.substring("start".length()).strip())
                            : Optional.empty();
            case APPEND_REPLACED, MANUAL -> Optional.empty();
        };
    }

    private void checkFields(Set<String> open, Set<String> settled) {
        if (open.isEmpty() && settled.isEmpty()) {
            checkNoDispute();
            return;
        }
        checkDispute(Dispute.Kind.FIELDS, !open.isEmpty());
        for (KeptConflict conflict : played.after().conflicts()) {
            require(conflict.dispute().open().equals(open), "open are " + open);
            require(
                    conflict.dispute().settled().keySet().equals(settled),
                    "settled are " + settled);
        }
    }

    private void checkAnswerToChange(Set<String> open, Set<String> settled) {
        PushAnswer answer = played.first();
        if (open.isEmpty() && settled.isEmpty() && hasSame(played.after())) {
            require(answer instanceof PushAnswer.Accepted, "both have the same");
        } else if (open.isEmpty() && isIn(played.after()) && !sameAsBefore()) {
            require(answer instanceof PushAnswer.Merged, "the push went in whole");
        } else {
            require(answer instanceof PushAnswer.Superseded, "another version stands");
        }
    }

    private void checkNoDispute() {
        require(played.after().conflicts().isEmpty(), "nobody disputes");
    }

    private void checkDispute(Dispute.Kind kind, boolean isOpen) {
        List<KeptConflict> conflicts = played.after().conflicts();
        require(conflicts.size() == 1 && isListed(played.after()), "the push is kept whole, once");
        for (KeptConflict conflict : conflicts) {
            require(conflict.dispute().kind() == kind, "it is a dispute of kind " + kind.word());
            require(conflict.dispute().isOpen() == isOpen, "waits for a person: " + isOpen);
            require(conflict.resolution().isEmpty() == isOpen, "is listed as open: " + isOpen);
        }
    }

    /// A push that arrives again has no further effect.
    private void checkAgain() {
        Seen before = played.beforeAgain();
        Seen end = played.end();
        boolean isMatch = sameAsBefore() && played.after().conflicts().isEmpty();
        if (isMatch && row.request() == Request.AGAIN_AFTER_A_CHANGE_OF_OTHERS) {
            checkMatchAgain(before, end);
            return;
        }
        require(
                before.etag().equals(end.etag()) && before.values().equals(end.values()),
                "arrived again, and has changed something");
        require(before.conflicts().equals(end.conflicts()), "arrived again, and is disputed anew");
        if (played.first() instanceof PushAnswer.Rejected && row.request() == Request.AGAIN) {
            require(played.last().equals(played.first()), "arrived again, and answered otherwise");
        }
    }

    /// A push that said what central had already has left no version by which it could be known
    /// again. If others have changed the record since, it is disputed, and so is seen.
    private void checkMatchAgain(Seen before, Seen end) {
        require(
                row.rule() == Rule.SATELLITE || before.values().equals(end.values()),
                "a match arrived again, and has won over a later change");
    }
}
