package org.doctorbird.exchange;

import java.util.Optional;
import java.util.UUID;
import org.doctorbird.record.ETag;

/// A version that a satellite holds and central has never heard of, or has forgotten because it was
/// restored from a backup.
///
/// @param uid the record's cross-instance unique id
/// @param base the last version before it that central knows; empty if it knows none
public record UnknownVersion(UUID uid, Optional<ETag> base) {}
