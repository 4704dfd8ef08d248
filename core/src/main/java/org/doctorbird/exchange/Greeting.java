package org.doctorbird.exchange;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.record.InstanceId;

/// Central's answer to [Hello].
///
/// @param you the satellite's synchronisation id
/// @param planVersion the plan in force; when it is not the satellite's, the satellite asks for the
///   plan first
/// @param epoch central's epoch; cursors of another epoch are worth nothing
/// @param horizon central's oldest open transaction: once the named models are read, everything
///   below it was seen
/// @param changedModels models of which the feeds may have something for this satellite since its
///   `seen`; of the others there is nothing below the horizon
/// @param conflicts the satellite's changes that wait for a person at central, oldest first, at
///   most [OwnConflict#TOLD_MAX]
/// @param contact the number of this contact, which central remembers; 0: it does not count them
/// @param order what central wants compared, until the report of it has come
/// @param clockMicros central's clock, microseconds since 1970 UTC
public record Greeting(
        InstanceId you,
        String planVersion,
        String epoch,
        long horizon,
        Set<String> changedModels,
        List<OwnConflict> conflicts,
        long contact,
        Optional<VerifyOrder> order,
        long clockMicros) {

    /// The words of a central that does not count contacts.
    public Greeting(
            InstanceId you,
            String planVersion,
            String epoch,
            long horizon,
            Set<String> changedModels,
            List<OwnConflict> conflicts,
            long clockMicros) {
        this(
                you,
                planVersion,
                epoch,
                horizon,
                changedModels,
                conflicts,
                0,
                Optional.empty(),
                clockMicros);
    }

    /// Returns the same with other models.
    public Greeting of(Set<String> models) {
        return new Greeting(
                you, planVersion, epoch, horizon, models, conflicts, contact, order, clockMicros);
    }

    /// Says whether the satellite has anything to do about it.
    public boolean isNewsTo(Hello hello) {
        return !changedModels.isEmpty()
                || !planVersion.equals(hello.planVersion())
                || !epoch.equals(hello.epoch());
    }
}
