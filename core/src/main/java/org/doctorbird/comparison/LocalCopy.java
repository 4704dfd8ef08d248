package org.doctorbird.comparison;

import java.util.UUID;
import org.doctorbird.record.ETag;

/// A record that a satellite holds in one of central's versions, or has changed since.
///
/// @param uid the record
/// @param version the ETag at the last synchronisation; of a record that waits to be pushed, the
///   base ETag
/// @param digest the hash of uid, ETag and values; 0 if values do not count
public record LocalCopy(UUID uid, ETag version, long digest) {}
