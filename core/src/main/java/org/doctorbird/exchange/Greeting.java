package org.doctorbird.exchange;

import java.util.List;
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
/// @param changedModels models with changes at or after the satellite's `seen`
/// @param conflicts the satellite's changes that wait for a person at central, oldest first, at
///   most [OwnConflict#TOLD_MAX]
/// @param contact the number of this contact, which central remembers; 0: it does not count them
/// @param clockMicros central's clock, microseconds since 1970 UTC
public record Greeting(
        InstanceId you,
        String planVersion,
        String epoch,
        long horizon,
        Set<String> changedModels,
        List<OwnConflict> conflicts,
        long contact,
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
        this(you, planVersion, epoch, horizon, changedModels, conflicts, 0, clockMicros);
    }
}
