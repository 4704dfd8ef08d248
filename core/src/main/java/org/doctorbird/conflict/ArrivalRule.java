package org.doctorbird.conflict;

import java.util.Optional;
import org.doctorbird.plan.Mode;
import org.doctorbird.record.SentRecord;

/// Decides what a satellite does with a version that central sent. The table is in
/// `docs/protocol.md`, "Arrivals".
public final class ArrivalRule {

    private ArrivalRule() {}

    /// Decides on one record.
    ///
    /// @param held what the satellite holds, if anything
    /// @param mode the model's mode
    public static Arrival decide(Optional<LocalRecord> held, SentRecord sent, Mode mode) {
        if (held.isEmpty()) {
            return sent.isDeleted() ? new Arrival.AlreadyHeld() : new Arrival.Insert();
        }
        LocalRecord local = held.get();
        if (local.lastSynchronisation().isPresent()) {
            return decideUnmodified(local, sent);
        }
        if (isSame(local, sent)) {
            return new Arrival.Adopt();
        }
        if (mode.pushes()) {
            return new Arrival.LeaveForPush();
        }
        return sent.isDeleted() && local.isDeleted()
                ? new Arrival.Adopt()
                : new Arrival.RefuseLocal();
    }

    private static Arrival decideUnmodified(LocalRecord local, SentRecord sent) {
        if (!sent.etag().isAfter(local.lastSynchronisation().orElseThrow())) {
            return new Arrival.AlreadyHeld();
        }
        if (sent.isDeleted()) {
            return local.isDeleted() ? new Arrival.Adopt() : new Arrival.Delete();
        }
        return local.isDeleted() ? new Arrival.Insert() : new Arrival.Overwrite();
    }

    /// A satellite may have fields that central does not send: those are left alone and do not
    /// count.
    private static boolean isSame(LocalRecord local, SentRecord sent) {
        return !local.isDeleted()
                && !sent.isDeleted()
                && sent.fields()
                        .only(local.values().names().list())
                        .differingFrom(local.values())
                        .isEmpty();
    }
}
