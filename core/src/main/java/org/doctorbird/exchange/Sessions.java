package org.doctorbird.exchange;

import java.util.Optional;
import org.doctorbird.record.InstanceId;

/// Who has logged in at central. Every method throws [org.doctorbird.SyncException] when the
/// database fails.
public interface Sessions {

    /// A login that succeeded.
    ///
    /// @param instance who it is
    /// @param key proves it from now on; 64 hexadecimal digits
    record Session(InstanceId instance, String key) {

        /// Returns the instance only.
        @Override
        public String toString() {
            return "session of " + instance;
        }
    }

    /// Begins a session. Takes long on purpose, and as long for a name that does not exist.
    ///
    /// @return empty if name or password is wrong
    Optional<Session> login(String name, String password);

    /// Finds the instance of a session that has not ended.
    Optional<InstanceId> find(String key);

    /// Ends a session. An unknown key changes nothing.
    void end(String key);
}
