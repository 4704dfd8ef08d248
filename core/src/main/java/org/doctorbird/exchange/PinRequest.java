package org.doctorbird.exchange;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A satellite's wish to hold records that no rule gives it, and all that follows them.
///
/// @param uids 1 to 1,000, none twice
/// @param reason why, in words for people: 1 to 200 characters; central keeps it
/// @param days after how many days it ends by itself, 1 to 3,650; empty: when it is released
public record PinRequest(List<UUID> uids, String reason, Optional<Integer> days) {

    /// The most records of one request.
    public static final int UIDS_MAX = 1_000;

    public PinRequest {
        uids = List.copyOf(uids);
        if (uids.isEmpty() || uids.size() > UIDS_MAX) {
            throw new IllegalArgumentException("1 to 1,000 records: " + uids.size());
        }
        if (reason.isBlank() || reason.length() > 200) {
            throw new IllegalArgumentException("a reason of 1 to 200 characters");
        }
        if (days.filter(many -> many < 1 || many > 3_650).isPresent()) {
            throw new IllegalArgumentException("1 to 3,650 days");
        }
    }
}
