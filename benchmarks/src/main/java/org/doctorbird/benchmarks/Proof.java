package org.doctorbird.benchmarks;

import java.sql.SQLException;
import java.util.Objects;

/// What must be true at the end of a run; a figure for work that was not done is worth nothing.
final class Proof {

    private Proof() {}

    /// Proves that two databases hold rows with the same values.
    static void sameRows(Server from, String source, Server to, String copy) throws SQLException {
        equal("rows of " + copy, Clinic.digest(from, source), Clinic.digest(to, copy));
    }

    /// Proves that two things are equal.
    ///
    /// @param what is compared, for the message
    /// @throws IllegalStateException if they are not
    static void equal(String what, Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            throw new IllegalStateException(
                    "%s: expected %s, found %s".formatted(what, expected, found));
        }
    }
}
