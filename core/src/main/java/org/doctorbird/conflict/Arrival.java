package org.doctorbird.conflict;

/// What a satellite does with one version that central sent.
public sealed interface Arrival {

    /// The record is new here: store it.
    record Insert() implements Arrival {}

    /// The local copy is unmodified and older: store the version.
    record Overwrite() implements Arrival {}

    /// The local copy has this version or a later one. Store nothing.
    record AlreadyHeld() implements Arrival {}

    /// The local copy was never synchronised but says the same: take over the ETag only.
    record Adopt() implements Arrival {}

    /// The local copy is modified: leave it, the next push settles it.
    record LeaveForPush() implements Arrival {}

    /// The local copy is modified, and the mode does not let the change out: keep it whole in the
    /// list of refused changes, then store the version.
    record RefuseLocal() implements Arrival {}

    /// Central deleted the record and the local copy is unmodified: delete it.
    record Delete() implements Arrival {}
}
