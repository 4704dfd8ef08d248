package org.doctorbird.exchange;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One instance's application in a contract test: writes and reads records of the models of
/// [ExchangeContract]. References are given and returned as uids.
public interface Site {

    /// Inserts a record and returns the uid that the engine gave it.
    UUID insert(String model, Map<String, @Nullable String> values);

    /// Changes fields of a record.
    void update(String model, UUID uid, Map<String, @Nullable String> values);

    /// Deletes a record.
    void delete(String model, UUID uid);

    /// Inserts a record in a transaction that stays open.
    ///
    /// @return commits it
    Runnable insertLate(String model, Map<String, @Nullable String> values);

    /// Returns the living record's values.
    Optional<Map<String, String>> read(String model, UUID uid);

    /// From now on the database takes every note.
    void acceptAll();

    /// Lets time pass for what waits for its next try.
    void passTime(Duration time);

    /// Marks as dropped what is in quarantine of a record.
    void drop(String model, UUID uid);

    /// Returns how many records are parked.
    long parked();

    /// Returns how many records are in quarantine, dropped ones included.
    long quarantined();

    /// Returns how many changes wait to be pushed.
    long waiting();
}
