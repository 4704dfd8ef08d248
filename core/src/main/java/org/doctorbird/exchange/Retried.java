package org.doctorbird.exchange;

/// What became of kept records that were tried again.
///
/// @param stored came through; also those that turned out to be settled otherwise
/// @param refused are in quarantine again
/// @param parked wait for a record that they refer to
public record Retried(int stored, int refused, int parked) {

    static final Retried NONE = new Retried(0, 0, 0);

    /// Returns how many were tried.
    int sum() {
        return stored + refused + parked;
    }

    Retried plus(Retried other) {
        return new Retried(stored + other.stored, refused + other.refused, parked + other.parked);
    }
}
