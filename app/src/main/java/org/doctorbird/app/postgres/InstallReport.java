package org.doctorbird.app.postgres;

import java.util.List;

/// What an installation did.
///
/// @param models in dependency order; those that left the plan come last
/// @param unindexed columns, as `table.column`, that need an index which the engine's role may not
///   make; see [InterestIndexes]
public record InstallReport(List<ModelReport> models, List<String> unindexed) {

    public InstallReport {
        models = List.copyOf(models);
        unindexed = List.copyOf(unindexed);
    }

    /// What became of one model.
    ///
    /// @param adopted rows that were there and are records now
    public record ModelReport(String model, Change change, long adopted) {}

    /// What was done to the triggers of a model.
    public enum Change {
        /// They are new.
        CREATED,
        /// They are made anew: the table, the plan or this program changed.
        CHANGED,
        /// Nothing.
        NONE,
        /// They are removed: the model left the plan. What the engine knows of its records is kept.
        REMOVED
    }
}
