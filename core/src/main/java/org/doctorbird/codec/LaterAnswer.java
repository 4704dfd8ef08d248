package org.doctorbird.codec;

import org.jspecify.annotations.Nullable;

/// An answer that is worth waiting for: first [#await], which needs nothing but a thread that
/// waits, then [#get], which works.
public interface LaterAnswer {

    /// Waits until the answer is due.
    void await() throws InterruptedException;

    /// Returns the answer, a tree.
    ///
    /// @throws org.doctorbird.SyncException as [CentralMethods#call]
    @Nullable Object get();
}
