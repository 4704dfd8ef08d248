package org.doctorbird.conflict;

import java.util.Set;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;

/// How one version of a record came about at central.
///
/// @param etag the version
/// @param origin the instance that made it
/// @param revision that instance's number of the change; 0 for central's own
/// @param fields the fields that it changed; all of them for the first version
/// @param edited when the change was made, on central's clock: the ETag, unless the instance said
///   how long ago it was
/// @param before the values before it of those changed fields whose policy is
///   [org.doctorbird.plan.Policy#APPEND]
public record VersionMade(
        ETag etag,
        InstanceId origin,
        long revision,
        Set<String> fields,
        ETag edited,
        Fields before) {

    /// A version of which no more is known.
    public VersionMade(ETag etag, InstanceId origin, long revision, Set<String> fields) {
        this(etag, origin, revision, fields, etag, Fields.NONE);
    }

    /// Returns what it is without values: they may be a patient's.
    @Override
    public String toString() {
        return etag + " by " + origin + " revision " + revision + " " + fields;
    }
}
