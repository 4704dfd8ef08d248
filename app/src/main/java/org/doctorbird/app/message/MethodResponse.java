package org.doctorbird.app.message;

import org.jspecify.annotations.Nullable;

/// An answer.
public sealed interface MethodResponse {

    /// The method's result, as a tree.
    record Result(@Nullable Object value) implements MethodResponse {

        /// Returns nothing of the value: it may be a patient's.
        @Override
        public String toString() {
            return "result";
        }
    }

    /// The method failed.
    ///
    /// @param code [#CODED] or [#DEFECT]; Tryton has more
    /// @param text for a person
    record Fault(int code, String text) implements MethodResponse {

        /// The text begins with a code of [org.doctorbird.ErrorCode].
        public static final int CODED = 1;

        /// A defect of the program.
        public static final int DEFECT = 255;
    }
}
