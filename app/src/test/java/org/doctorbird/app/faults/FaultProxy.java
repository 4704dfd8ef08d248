package org.doctorbird.app.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A TCP proxy on loopback that harms what it carries, as told. Carries connections that are open
/// already by the new rules as well.
final class FaultProxy implements AutoCloseable {

    private static final int BUFFER = 4096;

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> robbed = ConcurrentHashMap.newKeySet();
    private final AtomicLong requestBytes = new AtomicLong();
    private final AtomicLong answerBytes = new AtomicLong();
    private final AtomicLong corruptible = new AtomicLong();
    private volatile Mode mode = new Mode.Pass();

    /// What it does to connections.
    sealed interface Mode {

        /// Carries everything.
        record Pass() implements Mode {}

        /// Carries requests whole; ends the connection after so many more bytes of answers.
        record CutAnswerAfter(long bytes) implements Mode {}

        /// Carries answers whole; ends the connection after so many more bytes of requests.
        record CutRequestAfter(long bytes) implements Mode {}

        /// Keeps each piece of up to 4 KiB for so long, and carries no more than the rate.
        record Slow(int delayMs, int bytesPerSecond) implements Mode {}

        /// Turns over a bit of each piece of so many bytes, both ways.
        record Corrupt(int everyBytes) implements Mode {}

        /// Takes everything and carries nothing. Connections that have lost something end with it.
        record BlackHole() implements Mode {}

        /// Ends every connection at once.
        record Refuse() implements Mode {}
    }

    /// Listens on a free port.
    ///
    /// @param target the port on loopback to carry to
    FaultProxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var _ = Thread.startVirtualThread(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /// From now on does this; bytes are counted anew.
    void become(Mode next) {
        requestBytes.set(0);
        answerBytes.set(0);
        mode = next;
        Set.copyOf(robbed).forEach(this::close);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                sockets.add(client);
                if (mode instanceof Mode.Refuse) {
                    close(client);
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                // Closed, or the client has gone again.
            }
        }
    }

    private void connect(Socket client) {
        try {
            var central = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(central);
            var _ = Thread.startVirtualThread(() -> carry(client, central, false));
            var _ = Thread.startVirtualThread(() -> carry(central, client, true));
        } catch (IOException e) {
            close(client);
        }
    }

    private void carry(Socket from, Socket to, boolean isAnswer) {
        var buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read = in.read(buffer);
            while (read >= 0) {
                int carried = share(read, isAnswer);
                harm(buffer, carried);
                out.write(buffer, 0, carried);
                if (carried < read && !(mode instanceof Mode.BlackHole)) {
                    break;
                }
                if (carried < read) {
                    robbed.add(from);
                }
                read = in.read(buffer);
            }
        } catch (IOException e) {
            // The other direction has ended, or one of the two sides: so does this.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
        }
    }

    /// Returns how many of the bytes are carried.
    private int share(int bytes, boolean isAnswer) {
        long before = (isAnswer ? answerBytes : requestBytes).getAndAdd(bytes);
        return switch (mode) {
            case Mode.Pass _, Mode.Slow _, Mode.Corrupt _ -> bytes;
            case Mode.CutAnswerAfter(long all) ->
                    isAnswer ? Math.clamp(all - before, 0, bytes) : bytes;
            case Mode.CutRequestAfter(long all) ->
                    isAnswer ? bytes : Math.clamp(all - before, 0, bytes);
            case Mode.BlackHole _, Mode.Refuse _ -> 0;
        };
    }

    private void harm(byte[] buffer, int count) throws InterruptedException {
        if (mode instanceof Mode.Slow(int delayMs, int bytesPerSecond)) {
            Thread.sleep(delayMs + 1000L * count / bytesPerSecond);
        } else if (mode instanceof Mode.Corrupt(int everyBytes)) {
            long before = corruptible.getAndAdd(count);
            for (long i = everyBytes - 1 - before % everyBytes; i < count; i += everyBytes) {
                buffer[(int) i] ^= 1;
            }
        }
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        robbed.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        Set.copyOf(sockets).forEach(this::close);
    }
}
