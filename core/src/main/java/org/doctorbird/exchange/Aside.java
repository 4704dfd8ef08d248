package org.doctorbird.exchange;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.jspecify.annotations.Nullable;

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

    /// Waits for the end of a request.
    ///
    /// @throws SyncException and everything else that the request threw
    static <T> T await(Future<T> request) {
        try {
            return request.get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "the program is ending", e);
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case RuntimeException failure -> failure;
            case Error defect -> throw defect;
            case null, default -> new IllegalStateException("a request failed", cause);
        };
    }
}
