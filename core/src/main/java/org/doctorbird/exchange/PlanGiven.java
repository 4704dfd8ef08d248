package org.doctorbird.exchange;

import java.util.List;
import java.util.Map;

/// The plan as central hands it to a satellite.
///
/// @param version changes with every change of plan or fields
/// @param text the plan file
/// @param fields the fields that central has, per model; a satellite sends no others
public record PlanGiven(String version, String text, Map<String, List<String>> fields) {}
