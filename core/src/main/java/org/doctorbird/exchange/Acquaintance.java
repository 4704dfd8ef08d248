package org.doctorbird.exchange;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What central remembers of the database that takes part under an id.
///
/// @param incarnation the one that spoke last; empty before the first contact and after a reset
/// @param former incarnations whose place another one has taken
/// @param contact see [ContactRule#compare]
/// @param epoch the epoch in which it is noted what the instance holds; empty: nothing is noted
public record Acquaintance(
        Optional<UUID> incarnation,
        Set<UUID> former,
        Optional<Contact> contact,
        Optional<String> epoch) {

    /// Nothing.
    public static final Acquaintance NONE =
            new Acquaintance(Optional.empty(), Set.of(), Optional.empty(), Optional.empty());
}
