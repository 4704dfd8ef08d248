package org.doctorbird.plan;

import java.util.Optional;
import java.util.Set;

/// The plan's part on one model.
///
/// @param name the model's name, such as `party.party`; 1 to 100 characters
/// @param table its table, as `table` (in schema `public`) or `schema.table`
/// @param mode how its records move
/// @param uniqueIdColumn a column of type uuid, or another unique column; absent: the engine makes
///   random uids
/// @param leaveOut fields that never travel
/// @param batch records in one request, 1 to [#BATCH_MAX]
public record ModelPlan(
        String name,
        String table,
        Mode mode,
        Optional<String> uniqueIdColumn,
        Set<String> leaveOut,
        int batch) {

    /// Records in one request when the plan says nothing.
    public static final int BATCH_DEFAULT = 1_000;

    /// The most records in one request.
    public static final int BATCH_MAX = 10_000;

    public ModelPlan {
        if (name.isEmpty() || name.length() > 100) {
            throw new IllegalArgumentException("a model's name must have 1 to 100 characters");
        }
        if (batch < 1 || batch > BATCH_MAX) {
            throw new IllegalArgumentException("batch must be 1 to " + BATCH_MAX + ": " + batch);
        }
        leaveOut = Set.copyOf(leaveOut);
    }
}
