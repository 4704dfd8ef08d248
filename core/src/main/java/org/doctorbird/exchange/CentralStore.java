package org.doctorbird.exchange;

import java.util.function.Function;

/// Central's database.
public interface CentralStore {

    /// Runs the work in one transaction: committed when it returns, rolled back when it throws.
    ///
    /// @throws org.doctorbird.SyncException `WRITES_COLLIDED` if it may be repeated at once,
    ///   `DATABASE_UNREACHABLE` when it is not known whether it was committed
    <T> T inTransaction(Function<CentralTransaction, T> work);
}
