package org.doctorbird.demo;

import java.io.PrintStream;

/// Tells people what happens, in plain words. Everybody in a story is invented.
final class Narrator {

    private final PrintStream out;

    /// @param out where people read; standard error if standard output carries JSON
    Narrator(PrintStream out) {
        this.out = out;
    }

    /// Begins a chapter.
    void chapter(String title) {
        out.println();
        out.println(title);
    }

    /// Says one thing.
    void say(String sentence) {
        out.println("  " + sentence);
    }
}
