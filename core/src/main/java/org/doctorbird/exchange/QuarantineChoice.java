package org.doctorbird.exchange;

import java.util.Optional;
import java.util.UUID;

/// Which records of one model in quarantine a person means: all that are not dropped, those with
/// one cause, or one record.
///
/// @param cause why they were refused
/// @param uid the one record, from whichever sender, also if it is dropped
public record QuarantineChoice(String model, Optional<Cause> cause, Optional<UUID> uid) {

    /// Why records were refused.
    ///
    /// @param code such as `DRB-2003`
    /// @param reason fixed words, such as the constraint's name
    public record Cause(String code, String reason) {}

    /// All of a model.
    public static QuarantineChoice of(String model) {
        return new QuarantineChoice(model, Optional.empty(), Optional.empty());
    }

    /// All of a model that have one cause.
    public static QuarantineChoice of(String model, Cause cause) {
        return new QuarantineChoice(model, Optional.of(cause), Optional.empty());
    }

    /// One record.
    public static QuarantineChoice of(String model, UUID uid) {
        return new QuarantineChoice(model, Optional.empty(), Optional.of(uid));
    }
}
