package org.doctorbird.exchange;

import java.util.UUID;
import org.doctorbird.record.ETag;

/// A satellite's proof that it durably holds one version of a record.
///
/// @param uid the record's cross-instance unique id
/// @param etag the version
public record Receipt(UUID uid, ETag etag) {}
