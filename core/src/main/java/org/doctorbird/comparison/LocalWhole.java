package org.doctorbird.comparison;

/// All of one model at a satellite.
///
/// @param copies the fingerprint of all copies
/// @param uncaptured rows that have no companion: they were made while the triggers were off
public record LocalWhole(RangeFingerprint copies, long uncaptured) {}
