package org.doctorbird.exchange;

import java.util.Optional;
import java.util.UUID;

/// How far a satellite has told central what it holds of a model.
///
/// @param after the last uid that it has told; empty: none yet
/// @param horizon central's horizon when it began: below it nothing has to be pulled afterwards
public record Presenting(String model, Optional<UUID> after, long horizon) {}
