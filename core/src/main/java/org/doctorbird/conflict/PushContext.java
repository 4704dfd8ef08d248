package org.doctorbird.conflict;

import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.Deletes;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;

/// What a verdict on a push depends on beside the record.
///
/// @param from the instance that pushes
/// @param deletes what the plan says of the model's deletions
/// @param conflicts what it says of the model's conflicts
/// @param now central's clock
public record PushContext(InstanceId from, Deletes deletes, ConflictRules conflicts, ETag now) {}
