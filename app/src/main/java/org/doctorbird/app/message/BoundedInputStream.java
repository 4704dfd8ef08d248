package org.doctorbird.app.message;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.jspecify.annotations.Nullable;

/// Stops reading beyond a number of bytes with `REQUEST_TOO_LARGE`.
public final class BoundedInputStream extends FilterInputStream {

    private final long bytesMax;
    private long left;
    private @Nullable IOException broken;

    /// @param bytesMax that may be read
    public BoundedInputStream(InputStream in, long bytesMax) {
        super(in);
        this.bytesMax = bytesMax;
        this.left = bytesMax;
    }

    @Override
    public int read() throws IOException {
        int one = tried(super::read);
        if (one >= 0) {
            count(1);
        }
        return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = tried(() -> super.read(buffer, offset, length));
        if (count > 0) {
            count(count);
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /// Throws what the stream beneath threw, if it did: a parser wraps it in its own words.
    public void rethrow() throws IOException {
        if (broken != null) {
            throw broken;
        }
    }

    private interface Reading {
        int read() throws IOException;
    }

    private int tried(Reading reading) throws IOException {
        try {
            return reading.read();
        } catch (IOException e) {
            broken = e;
            throw e;
        }
    }

    private void count(long count) {
        left -= count;
        if (left < 0) {
            throw new SyncException(ErrorCode.REQUEST_TOO_LARGE, "the message has too many bytes")
                    .with("limit", bytesMax);
        }
    }
}
