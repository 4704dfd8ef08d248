package org.doctorbird.exchange;

import java.util.UUID;
import org.doctorbird.record.Fields;

/// One record that a search at central has found.
///
/// @param uid the record's cross-instance unique id
/// @param isHeld the instance that asked is known to hold it
/// @param fields those that were asked for and may be shown; by the names of the request, such as
///   `name.lastname`
public record Found(UUID uid, boolean isHeld, Fields fields) {

    /// Returns the uid only: values may be a patient's.
    @Override
    public String toString() {
        return uid.toString();
    }
}
