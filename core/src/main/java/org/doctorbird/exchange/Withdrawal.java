package org.doctorbird.exchange;

import java.util.UUID;

/// A record that an instance should not hold any more.
///
/// @param uid the record's cross-instance unique id
/// @param stamp central's transaction that last touched the record; a receipt counts only while it
///   is still the same, so that a late one cannot hide that the record has come back
public record Withdrawal(UUID uid, long stamp) {}
