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
/// @param rules who should hold its records, and what else the plan says of them
public record ModelPlan(
        String name,
        String table,
        Mode mode,
        Optional<String> uniqueIdColumn,
        Set<String> leaveOut,
        int batch,
        Rules rules) {

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

    /// A model with the rules that hold when the plan says nothing.
    public ModelPlan(
            String name,
            String table,
            Mode mode,
            Optional<String> uniqueIdColumn,
            Set<String> leaveOut,
            int batch) {
        this(name, table, mode, uniqueIdColumn, leaveOut, batch, Rules.DEFAULT);
    }

    /// The same model with other rules.
    public ModelPlan with(Rules other) {
        return new ModelPlan(name, table, mode, uniqueIdColumn, leaveOut, batch, other);
    }

    /// Returns who should hold its records.
    public Interest interest() {
        return rules.interest();
    }
}
