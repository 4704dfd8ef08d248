package org.doctorbird.conflict;

import java.util.Set;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;

/// How one version of a record came about at central.
///
/// @param etag the version
/// @param origin the instance that made it
/// @param revision that instance's number of the change; 0 for central's own
/// @param fields the fields that it changed; all of them for the first version
public record VersionMade(ETag etag, InstanceId origin, long revision, Set<String> fields) {}
