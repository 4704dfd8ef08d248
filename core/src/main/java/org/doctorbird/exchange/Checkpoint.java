package org.doctorbird.exchange;

import java.util.Optional;
import java.util.UUID;

/// Up to where a satellite's database remembers its contacts with central: what tells a database
/// that was restored from a backup, or copied, from the one that spoke last.
///
/// @param number how many contacts were answered; 0: none
/// @param token of the last of them; empty if there is none
/// @param next the token of the contact that is being made. It is stored before the first attempt
///   and stays until one is answered, so that an answer that was lost does no harm
public record Checkpoint(long number, Optional<UUID> token, UUID next) {

    public Checkpoint {
        if (number < 0 || (number == 0) != token.isEmpty()) {
            throw new IllegalArgumentException("a token for each contact from 1: " + number);
        }
    }

    /// Returns the contact that is being made.
    public Contact making() {
        return new Contact(number + 1, next);
    }

    /// Says whether the contact is the last that was answered.
    boolean isLast(Contact contact) {
        return contact.number() == number && token.filter(contact.token()::equals).isPresent();
    }
}
