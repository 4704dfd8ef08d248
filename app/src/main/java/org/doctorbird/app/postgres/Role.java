package org.doctorbird.app.postgres;

import java.util.Locale;

/// What an installation is to the others.
public enum Role {
    /// It answers.
    CENTRAL,
    /// It calls.
    SATELLITE;

    /// Returns the word of `engine_meta` and the command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
