package org.doctorbird.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How the records of a model move.
public enum Mode {
    /// Push, pull and new.
    FULL(true, true, true),
    /// Pull and new only: central is master.
    UPDATE(false, true, true),
    /// Push only.
    PUSH(true, false, false),
    /// Push, and pull of the records that the satellite knows; no new ones.
    PUSH_UPDATE(true, true, false),
    /// Never moves; used only to translate references.
    NONE(false, false, false);

    private final boolean pushes;
    private final boolean pulls;
    private final boolean takesNew;

    Mode(boolean pushes, boolean pulls, boolean takesNew) {
        this.pushes = pushes;
        this.pulls = pulls;
        this.takesNew = takesNew;
    }

    /// Says whether a satellite's changes go to central.
    public boolean pushes() {
        return pushes;
    }

    /// Says whether central's changes of records that a satellite knows go to it.
    public boolean pulls() {
        return pulls;
    }

    /// Says whether records that a satellite does not know are given to it.
    public boolean takesNew() {
        return takesNew;
    }

    /// Returns the word of the plan file, such as `push_update`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Finds a mode by its word in the plan file.
    public static Optional<Mode> of(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
    }
}
