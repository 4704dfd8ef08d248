package org.doctorbird.exchange;

import java.util.function.Function;

/// A satellite's database.
public interface SatelliteStore {

    /// Runs the work in one transaction: committed when it returns, rolled back when it throws.
    ///
    /// @throws org.doctorbird.SyncException `WRITES_COLLIDED` if it may be repeated at once,
    ///   `DATABASE_UNREACHABLE` when it is not known whether it was committed
    <T> T inTransaction(Function<SatelliteTransaction, T> work);
}
