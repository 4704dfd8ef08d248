package org.doctorbird.app;

import java.util.ArrayDeque;
import java.util.Deque;

/// Closes what was opened, last opened first.
public final class Closer implements AutoCloseable {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /// Takes over the closing of something.
    public <T extends AutoCloseable> T add(T part) {
        opened.push(part);
        return part;
    }

    /// Closes everything, because opening failed half-way; what goes wrong meanwhile is added to
    /// the failure.
    public void closeAfter(Throwable failure) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
    }

    /// Closes everything, whatever fails; the first failure is thrown at the end.
    @Override
    public void close() {
        RuntimeException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                first = first == null ? new IllegalStateException("cannot close", e) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
