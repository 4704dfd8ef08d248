package org.doctorbird.plan;

import java.util.Locale;

/// The kind of application whose database is synchronised.
public enum Application {
    /// No conventions beyond PostgreSQL's.
    PLAIN,
    /// Tryton, such as GNU Health: `create_uid`, `write_uid` and `write_date` belong to the
    /// instance; the engine sets them on every record it applies, so that an open form notices the
    /// change.
    TRYTON;

    /// Returns the word of the plan file.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
