package org.doctorbird.exchange;

import java.util.Optional;
import java.util.UUID;

/// What a satellite says at the beginning of a cycle.
///
/// @param protocol the version of the protocol it speaks
/// @param incarnation made when the satellite's database was installed; another database with the
///   same id is refused
/// @param planVersion the plan it works with; empty text if it has none
/// @param epoch the epoch of central its cursors belong to; empty text if it has none
/// @param seen central's transaction number below which the satellite has read everything; 0 at the
///   beginning
/// @param checkpoint up to where it remembers its contacts; empty if it does not count them
/// @param clockMicros the satellite's clock, microseconds since 1970 UTC; shown, never trusted
public record Hello(
        int protocol,
        UUID incarnation,
        String planVersion,
        String epoch,
        long seen,
        Optional<Checkpoint> checkpoint,
        long clockMicros) {

    /// The version of the protocol that this program speaks.
    public static final int PROTOCOL = 1;

    /// The words of a satellite that does not count its contacts.
    public Hello(
            int protocol,
            UUID incarnation,
            String planVersion,
            String epoch,
            long seen,
            long clockMicros) {
        this(protocol, incarnation, planVersion, epoch, seen, Optional.empty(), clockMicros);
    }
}
