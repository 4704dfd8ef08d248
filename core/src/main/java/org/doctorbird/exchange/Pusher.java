package org.doctorbird.exchange;

import org.doctorbird.record.InstanceId;

/// Who pushed.
///
/// @param isFormer a database that is gone pushed it, in whose place another one goes on under the
///   instance's id: nothing shows that this one holds the record
record Pusher(InstanceId instance, boolean isFormer) {

    static Pusher of(InstanceId instance) {
        return new Pusher(instance, false);
    }

    /// Returns whose version it is. One of a former database counts as central's, so that it is
    /// given to the instance like any other.
    InstanceId origin() {
        return isFormer ? InstanceId.CENTRAL : instance;
    }
}
