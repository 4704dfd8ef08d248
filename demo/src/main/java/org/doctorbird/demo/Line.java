package org.doctorbird.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A clinic's line to central, which can be cut, and be thin when it is back.
final class Line implements AutoCloseable {

    private static final int BUFFER = 2048;

    private final ServerSocket door;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;
    private volatile int bytesPerSecond;

    /// Begins to listen on a free port of this machine.
    ///
    /// @param target central's port
    Line(int target) throws IOException {
        this.target = target;
        this.bytesPerSecond = Integer.MAX_VALUE;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var _ = Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /// Nothing comes through any more.
    void cut() {
        isCut = true;
        open.forEach(Line::close);
    }

    /// The line is back, with so many bytes a second in each direction.
    void restore(int rate) {
        bytesPerSecond = rate;
        isCut = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket caller = door.accept();
                if (isCut) {
                    close(caller);
                } else {
                    connect(caller);
                }
            } catch (IOException e) {
                // Closed, or the caller has gone.
            }
        }
    }

    private void connect(Socket caller) {
        try {
            var called = new Socket(InetAddress.getLoopbackAddress(), target);
            open.addAll(Set.of(caller, called));
            var _ = Thread.ofVirtual().start(() -> carry(caller, called));
            var _ = Thread.ofVirtual().start(() -> carry(called, caller));
        } catch (IOException e) {
            close(caller);
        }
    }

    private void carry(Socket from, Socket to) {
        var buffer = new byte[BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0 && !isCut; count = in.read(buffer)) {
                Thread.sleep(1000L * count / bytesPerSecond);
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // One side has gone; so does the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
