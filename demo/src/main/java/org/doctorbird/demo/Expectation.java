package org.doctorbird.demo;

/// What a story expects, and whether it came true.
///
/// @param name a sentence
/// @param holds whether it is true
record Expectation(String name, boolean holds) {}
