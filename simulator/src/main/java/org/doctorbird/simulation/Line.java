package org.doctorbird.simulation;

/// A clinic's way to central.
///
/// @param up bytes a second from the clinic
/// @param down bytes a second to the clinic
/// @param latencyMicros of a request and its answer together
/// @param loss share of messages that are lost for good
record Line(String name, double up, double down, long latencyMicros, double loss) {

    /// How long a request with so many bytes is under way.
    long upMicros(long bytes) {
        return latencyMicros / 2 + (long) (1e6 * bytes / up);
    }

    /// How long an answer with so many bytes is under way.
    long downMicros(long bytes) {
        return latencyMicros / 2 + (long) (1e6 * bytes / down);
    }
}
