package org.doctorbird.exchange;

import java.time.Duration;
import org.doctorbird.record.InstanceId;

/// Tells who waits when central's feeds may have something new.
public interface FeedWatch {

    /// Waits until the feeds may have something for the caller, a plan comes into force, or nobody
    /// is to wait any more. Another wait of the same instance ends this one.
    ///
    /// @param seen the transaction below which the caller has been told of everything
    /// @param max not longer than this
    /// @return false if nothing has happened
    boolean await(InstanceId caller, long seen, Duration max) throws InterruptedException;
}
