package org.doctorbird.exchange;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// Makes requests beside the work of the caller.
public interface Aside {

    /// Makes each request before it returns: one thing after the other, in a known order.
    Aside AT_ONCE =
            new Aside() {
                @Override
                public <T> Future<T> start(Callable<T> request) {
                    var task = new FutureTask<>(request);
                    task.run();
                    return task;
                }
            };

    /// Starts a request. Cancelling it interrupts it.
    <T> Future<T> start(Callable<T> request);
}
