package org.doctorbird.app.plan;

/// One thing that the check of a plan has to say.
///
/// @param severity whether the plan can be installed all the same
/// @param model the model it is about; empty text if it is about the whole plan
/// @param sentence what is wrong or dangerous, and what to do
public record Finding(Severity severity, String model, String sentence) {

    /// How bad it is.
    public enum Severity {
        /// The plan cannot be installed, or records could never be stored.
        ERROR,
        /// It works, but somebody should know.
        WARNING
    }
}
