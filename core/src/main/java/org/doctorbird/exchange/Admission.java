package org.doctorbird.exchange;

import java.util.Optional;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.record.InstanceId;

/// At central: whether the database that speaks is the one that takes part under its id. Two that
/// take turns would each hide from the other what central believes that it holds.
final class Admission {

    private final CentralTransaction transaction;
    private final InstanceId instance;

    Admission(CentralTransaction transaction, InstanceId instance) {
        this.transaction = transaction;
        this.instance = instance;
    }

    /// Lets the database go on. In a new epoch of central it is forgotten first what the instance
    /// holds: it tells so itself.
    ///
    /// @param epoch central's
    /// @throws SyncException `INSTANCE_TAKEN`, `SATELLITE_BEHIND`, `SATELLITE_COPIED`,
    ///   `CENTRAL_BEHIND`
    void admit(Hello hello, String epoch) {
        Acquaintance known = transaction.acquaintance(instance);
        if (known.former().contains(hello.incarnation())) {
            throw refused(
                    ErrorCode.INSTANCE_TAKEN,
                    "another database has taken the place of this one under its synchronisation id");
        }
        if (known.incarnation().filter(hello.incarnation()::equals).isEmpty()
                && known.incarnation().isPresent()) {
            throw refused(
                    ErrorCode.INSTANCE_TAKEN,
                    "another database takes part with this synchronisation id");
        }
        Optional<Checkpoint> checkpoint = hello.checkpoint();
        if (checkpoint.isPresent()) {
            requireSame(known, checkpoint.get(), !epoch.equals(hello.epoch()));
        }
        if (known.epoch().isPresent() && !known.epoch().get().equals(epoch)) {
            transaction.forgetHeld(instance);
        }
    }

    private void requireSame(Acquaintance known, Checkpoint checkpoint, boolean isOtherEpoch) {
        switch (ContactRule.compare(known.contact(), checkpoint, isOtherEpoch)) {
            case SAME -> {}
            case SATELLITE_BEHIND ->
                    throw refused(
                            ErrorCode.SATELLITE_BEHIND,
                            "this satellite's database is older than the one that spoke last: it was"
                                    + " restored from a backup, or it is a copy");
            case TWO_HISTORIES ->
                    throw refused(
                            ErrorCode.SATELLITE_COPIED,
                            "another copy of this satellite's database has spoken since its last"
                                    + " contact");
            case CENTRAL_BEHIND ->
                    throw refused(
                            ErrorCode.CENTRAL_BEHIND,
                            "central's database is older than this satellite's last contact: it was"
                                    + " restored from a backup");
        }
    }

    /// Lets another database go on in the place of the one before. The same request may come again.
    ///
    /// @throws SyncException `INSTANCE_TAKEN`
    void readmit(UUID incarnation) {
        Acquaintance known = transaction.acquaintance(instance);
        if (known.former().contains(incarnation)) {
            throw refused(
                    ErrorCode.INSTANCE_TAKEN,
                    "another database has taken the place of this one under its synchronisation id");
        }
        if (known.incarnation().filter(incarnation::equals).isEmpty()) {
            transaction.forgetHeld(instance);
            transaction.readmit(instance, incarnation);
        }
    }

    private SyncException refused(ErrorCode code, String why) {
        return new SyncException(code, why).with("instance", instance);
    }
}
