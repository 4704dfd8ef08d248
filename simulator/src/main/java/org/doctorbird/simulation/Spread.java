package org.doctorbird.simulation;

/// How numbers are spread: half, 95 and 99 of a hundred are not above.
public record Spread(long count, long p50, long p95, long p99, long max) {}
