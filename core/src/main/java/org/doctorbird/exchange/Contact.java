package org.doctorbird.exchange;

import java.util.UUID;

/// One contact of a satellite with central that both sides remember.
///
/// @param number 1 for the first contact of an incarnation, growing by one; 0: none yet
/// @param token made by the satellite for this contact alone
public record Contact(long number, UUID token) {}
