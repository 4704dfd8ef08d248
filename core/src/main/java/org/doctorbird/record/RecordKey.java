package org.doctorbird.record;

import java.util.Comparator;
import java.util.UUID;

/// Names one record everywhere.
///
/// @param model the model's name, such as `party.party`
/// @param uid the record's cross-instance unique id
public record RecordKey(String model, UUID uid) implements Comparable<RecordKey> {

    private static final Comparator<RecordKey> ORDER =
            Comparator.comparing(RecordKey::model).thenComparing(RecordKey::uid, Uids.ORDER);

    @Override
    public int compareTo(RecordKey other) {
        return ORDER.compare(this, other);
    }
}
