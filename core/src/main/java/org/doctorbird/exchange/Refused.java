package org.doctorbird.exchange;

import java.util.UUID;
import org.doctorbird.ErrorCode;

/// A record that the database refused; everything else of its batch was stored.
///
/// @param uid the record
/// @param code why; [ErrorCode#REFERENCE_MISSING] if a required reference could not be resolved
/// @param reason fixed words for logs and answers, such as the constraint's name; no value of the
///   record
/// @param detail the database's own words, which may quote the record: for the quarantine list only
public record Refused(UUID uid, ErrorCode code, String reason, String detail) {

    @Override
    public String toString() {
        return uid + " " + code.code() + " " + reason;
    }
}
