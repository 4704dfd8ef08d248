package org.doctorbird.benchmarks;

import java.util.Map;

/// What a case found.
///
/// @param name of the case
/// @param title what was done, in a line
/// @param table for people
/// @param figures for programs, by name
record Result(String name, String title, Table table, Map<String, Object> figures) {}
