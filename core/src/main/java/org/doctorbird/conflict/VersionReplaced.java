package org.doctorbird.conflict;

import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;

/// One row of central's history: a version and the one that it replaced.
///
/// @param made the version
/// @param replaced the version before it
/// @param replacedOrigin the instance that had made that one
/// @param replacedRevision that instance's number of that change
public record VersionReplaced(
        VersionMade made, ETag replaced, InstanceId replacedOrigin, long replacedRevision) {}
