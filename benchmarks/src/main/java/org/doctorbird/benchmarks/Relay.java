package org.doctorbird.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A piece of the line: hands everything on unchanged, and counts the bytes of both directions and
/// the requests of HTTP/1.1.
final class Relay implements AutoCloseable {

    private static final byte[] REQUEST = "POST /".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER = 1 << 16;

    private final ServerSocket door;
    private volatile int target;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /// Begins to listen on a free port of this machine.
    ///
    /// @param target the port that everything goes on to
    Relay(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var _ = Thread.ofPlatform().daemon().name("relay").start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /// Connections go to another port from now on; those that are open end.
    void turnTo(int port) throws IOException {
        target = port;
        for (Socket socket : open) {
            socket.close();
        }
    }

    /// Returns the bytes of both directions since the beginning.
    long bytes() {
        return bytes.get();
    }

    /// Returns the requests since the beginning.
    long requests() {
        return requests.get();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                connect(door.accept());
            } catch (IOException e) {
                // Closed, or the caller has gone.
            }
        }
    }

    private void connect(Socket caller) throws IOException {
        Socket called;
        try {
            called = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            caller.close(); // Nobody is there to be called: the caller notices.
            return;
        }
        for (Socket socket : Set.of(caller, called)) {
            socket.setTcpNoDelay(true);
            open.add(socket);
        }
        pump(caller, called, true);
        pump(called, caller, false);
    }

    private void pump(Socket from, Socket to, boolean holdsRequests) {
        var _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("relay")
                        .start(() -> {
                            try (from;
                                    to) {
                                pump(from.getInputStream(), to.getOutputStream(), holdsRequests);
                            } catch (IOException e) {
                                // One side has closed; so does the other.
                            } finally {
                                open.remove(from);
                                open.remove(to);
                            }
                        });
    }

    private void pump(InputStream in, OutputStream out, boolean holdsRequests) throws IOException {
        var buffer = new byte[BUFFER];
        int matched = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            bytes.addAndGet(count);
            for (int i = 0; holdsRequests && i < count; i++) {
                if (buffer[i] == REQUEST[matched]) {
                    matched++;
                } else {
                    matched = buffer[i] == REQUEST[0] ? 1 : 0;
                }
                if (matched == REQUEST.length) {
                    requests.incrementAndGet();
                    matched = 0;
                }
            }
            out.write(buffer, 0, count);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
