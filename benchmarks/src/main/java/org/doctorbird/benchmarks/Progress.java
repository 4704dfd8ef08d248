package org.doctorbird.benchmarks;

import java.io.PrintStream;

/// Says what goes on, beside the result.
///
/// @param out for people
record Progress(PrintStream out) {

    void say(String sentence) {
        out.println(sentence);
    }
}
