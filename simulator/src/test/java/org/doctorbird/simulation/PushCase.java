package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.List;
import org.doctorbird.plan.Deletes;
import org.doctorbird.plan.Policy;

/// One row of the table of push outcomes: what happened before the push, and what is pushed.
///
/// @param hasBase the push names the version that it was made on; else it has all fields
record PushCase(
        State state,
        Where where,
        By by,
        Request request,
        Rule rule,
        Deletes deletes,
        boolean isDeletion,
        boolean hasBase) {

    /// What central holds.
    enum State {
        UNKNOWN,
        UNCHANGED,
        CHANGED,
        DELETED
    }

    /// Where the change at central and the pushed one meet.
    enum Where {
        SAME_FIELD,
        OTHER_FIELD,
        EQUAL_VALUE
    }

    /// Who made the change at central.
    enum By {
        SAME_SATELLITE,
        OTHER_SATELLITE,
        CENTRAL
    }

    /// Which of its arrivals counts.
    enum Request {
        FIRST,
        AGAIN,
        AGAIN_AFTER_A_LATER_PUSH,
        AGAIN_AFTER_A_CHANGE_OF_OTHERS
    }

    /// A policy, and what it goes by: when the pushed change was made, beside the one at central,
    /// and whether texts were continued.
    enum Rule {
        CENTRAL(Policy.CENTRAL),
        SATELLITE(Policy.SATELLITE),
        LATEST_MADE_EARLIER(Policy.LATEST),
        LATEST_MADE_LATER(Policy.LATEST),
        LATEST_MADE_WHO_KNOWS_WHEN(Policy.LATEST),
        APPEND_CONTINUED(Policy.APPEND),
        APPEND_REPLACED(Policy.APPEND),
        MANUAL(Policy.MANUAL);

        private final Policy policy;

        Rule(Policy policy) {
            this.policy = policy;
        }

        Policy policy() {
            return policy;
        }

        /// Says whether the pushed value, or the deletion, stands in a dispute.
        boolean letsPushWin() {
            return this == SATELLITE || this == LATEST_MADE_LATER;
        }

        /// Says whether a person is asked about a whole record.
        boolean asksPerson() {
            return policy == Policy.APPEND || policy == Policy.MANUAL;
        }
    }

    /// Returns the whole product for one rule.
    static List<PushCase> all(Rule rule) {
        var all = new ArrayList<PushCase>();
        for (State state : State.values()) {
            for (Where where : Where.values()) {
                for (By by : By.values()) {
                    for (Request request : Request.values()) {
                        for (int bits = 0; bits < 8; bits++) {
                            all.add(
                                    new PushCase(
                                            state,
                                            where,
                                            by,
                                            request,
                                            rule,
                                            (bits & 1) == 0 ? Deletes.KEEP : Deletes.PROPAGATE,
                                            (bits & 2) == 0,
                                            (bits & 4) == 0));
                        }
                    }
                }
            }
        }
        return all;
    }

    /// Says whether somebody else has changed the record since.
    boolean isChangedByOthers() {
        return state == State.CHANGED && by != By.SAME_SATELLITE;
    }

    /// Says whether the row is gone at central: a satellite's deletion ends it only where the plan
    /// lets deletions go on.
    boolean isGone() {
        return state == State.DELETED && (by == By.CENTRAL || deletes == Deletes.PROPAGATE);
    }
}
