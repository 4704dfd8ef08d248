package org.doctorbird.comparison;

import java.util.UUID;
import org.doctorbird.record.ETag;

/// A record that central counts an instance as holding.
///
/// @param uid the record
/// @param etag central's current version; [#UNTOLD] if the instance should not hold it, or that is
///   not computed yet
/// @param stamp central's transaction that last touched the record: its place in the feed
/// @param digest the hash of uid, ETag and values; 0 if values do not count
public record HeldVersion(UUID uid, ETag etag, long stamp, long digest) {

    /// Central does not say which version it has: something about the record is on its way.
    public static final ETag UNTOLD = new ETag(0);
}
