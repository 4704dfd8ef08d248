package org.doctorbird.exchange;

import org.doctorbird.record.RecordKey;

/// A conflict over a record that an instance has pushed, of which it is told.
///
/// @param key the record
/// @param kind what it conflicts with
public record OwnConflict(RecordKey key, Dispute.Kind kind) {

    /// The most that an instance is told of at once.
    public static final int TOLD_MAX = 100;
}
