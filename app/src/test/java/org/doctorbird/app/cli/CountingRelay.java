package org.doctorbird.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands between a satellite and central and counts the requests, and the bytes of both
/// directions; plain HTTP/1.1 only.
final class CountingRelay implements AutoCloseable {

    private static final byte[] REQUEST = "POST /".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket door;
    private final int target;
    private final Duration silenceMax;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();

    CountingRelay(int target) throws IOException {
        this(target, Duration.ZERO);
    }

    /// @param silenceMax connections that are silent for so long are cut; 0: never
    CountingRelay(int target, Duration silenceMax) throws IOException {
        this.target = target;
        this.silenceMax = silenceMax;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /// Returns how many requests went by since the last call.
    int count() {
        return requests.getAndSet(0);
    }

    /// Returns how many bytes went by since the last call.
    int bytes() {
        return bytes.getAndSet(0);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                var central = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setSoTimeout(Math.toIntExact(silenceMax.toMillis()));
                central.setSoTimeout(Math.toIntExact(silenceMax.toMillis()));
                Thread.ofVirtual().start(() -> pump(client, central, true));
                Thread.ofVirtual().start(() -> pump(central, client, false));
            } catch (IOException e) {
                return; // The test has ended.
            }
        }
    }

    private void pump(Socket from, Socket to, boolean isCounted) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[1 << 16];
            int matched = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                bytes.addAndGet(count);
                for (int i = 0; isCounted && i < count; i++) {
                    matched =
                            buffer[i] == REQUEST[matched]
                                    ? matched + 1
                                    : buffer[i] == REQUEST[0] ? 1 : 0;
                    if (matched == REQUEST.length) {
                        requests.incrementAndGet();
                        matched = 0;
                    }
                }
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // One side has closed; so does the other.
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
