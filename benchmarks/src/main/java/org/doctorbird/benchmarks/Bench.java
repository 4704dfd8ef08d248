package org.doctorbird.benchmarks;

/// What every case works with.
///
/// @param servers both ends
/// @param size how much the cases do
/// @param rounds how often each is measured, after a warm-up that does not count
/// @param stores databases that several cases share
/// @param progress says what goes on
record Bench(Servers servers, Size size, int rounds, Stores stores, Progress progress) {}
