package org.doctorbird.simulation;

/// A run in which something did not hold, with what it fails without left out.
///
/// @param events how many events and faults it still needs
/// @param of how many there were
/// @param message what does not hold, with the seed and what happened
public record Failure(int events, int of, String message) {}
