package org.doctorbird.exchange;

import java.util.Set;
import org.doctorbird.record.Fields;

/// How a person settles a conflict. Each becomes an ordinary new version, which travels to
/// everybody and is in the history.
public sealed interface Resolution {

    /// Central's version stands as it is.
    record TakeCentral() implements Resolution {}

    /// The satellite's version stands: the disputed fields as it pushed them, its deletion, or its
    /// record brought back.
    record TakeSatellite() implements Resolution {}

    /// Each field as the person says; disputed fields that are not named stay as central has them.
    ///
    /// @param fromSatellite fields to take as the satellite pushed them
    /// @param edited fields with values of the person's own
    record SetFields(Set<String> fromSatellite, Fields edited) implements Resolution {

        /// Returns the names only: values may be a patient's.
        @Override
        public String toString() {
            return "SetFields[" + fromSatellite + ", " + edited.names() + "]";
        }
    }

    /// Of two records with one unique key the pushed one gets another number, by the plan's rule.
    record Renumber() implements Resolution {}

    /// Two records with one unique key are the same: central's stays, and what refers to the pushed
    /// one refers to it from now on.
    record Join() implements Resolution {}
}
