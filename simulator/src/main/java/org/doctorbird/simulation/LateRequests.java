package org.doctorbird.simulation;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.doctorbird.exchange.Aside;

/// Makes a request only when somebody waits for its answer: whatever the caller does beside it is
/// done before.
final class LateRequests implements Aside {

    @Override
    public <T> Future<T> start(Callable<T> request) {
        return new Late<>(request);
    }

    private static final class Late<T> extends FutureTask<T> {

        Late(Callable<T> request) {
            super(request);
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            run();
            return super.get();
        }

        @Override
        public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException {
            return get();
        }
    }
}
