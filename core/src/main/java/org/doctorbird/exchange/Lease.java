package org.doctorbird.exchange;

/// A worker's right to write the results of one piece of work. Whoever takes the piece over gets a
/// higher number, and the former holder's writes fail from then on.
///
/// @param work names the piece, such as `pull/party.party`
/// @param number 1 or more
public record Lease(String work, long number) {}
