package org.doctorbird.benchmarks;

/// What one run of a piece of work took.
///
/// @param seconds on the wall
/// @param cpuSeconds of this program and of both servers with all their processes; the servers' in
///   steps of 0.01
/// @param ownCpuSeconds of this program alone
/// @param bytes on the line, both directions
/// @param requests of HTTP on the line
/// @param heapBytes this program's largest heap meanwhile, garbage included
record Cost(
        double seconds,
        double cpuSeconds,
        double ownCpuSeconds,
        long bytes,
        long requests,
        long heapBytes) {

    /// Returns the same with other bytes, counted elsewhere.
    Cost withBytes(long counted) {
        return new Cost(seconds, cpuSeconds, ownCpuSeconds, counted, requests, heapBytes);
    }

    /// Returns the same with another time on the wall.
    Cost withSeconds(double measured) {
        return new Cost(measured, cpuSeconds, ownCpuSeconds, bytes, requests, heapBytes);
    }
}
