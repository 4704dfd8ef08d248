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
    private final AtomicLong answerBytes = new AtomicLong();
    private volatile Mode mode = new Mode.Pass();

    /// What it does to connections.
    sealed interface Mode {

        /// Carries everything.
        record Pass() implements Mode {}

        /// Carries requests whole; ends the connection after so many more bytes of answers.
        record CutAnswerAfter(long bytes) implements Mode {}

        /// Takes everything and carries nothing.
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
        answerBytes.set(0);
        mode = next;
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listening.accept();
                sockets.add(client);
                if (mode instanceof Mode.Refuse) {
                    close(client);
                    continue;
                }
                var central = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(central);
                var _ = Thread.startVirtualThread(() -> carry(client, central, false));
                var _ = Thread.startVirtualThread(() -> carry(central, client, true));
            } catch (IOException e) {
                if (listening.isClosed()) {
                    return;
                }
            }
        }
    }

    private void carry(Socket from, Socket to, boolean isAnswer) {
        var buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read = in.read(buffer);
            while (read >= 0) {
                int carried = isAnswer ? answerShare(read) : requestShare(read);
                out.write(buffer, 0, carried);
                if (carried < read && !(mode instanceof Mode.BlackHole)) {
                    break;
                }
                read = in.read(buffer);
            }
        } catch (IOException e) {
            // The other direction has ended, or one of the two sides: so does this.
        } finally {
            close(from);
            close(to);
        }
    }

    private int requestShare(int bytes) {
        return switch (mode) {
            case Mode.Pass _, Mode.CutAnswerAfter _ -> bytes;
            case Mode.BlackHole _, Mode.Refuse _ -> 0;
        };
    }

    private int answerShare(int bytes) {
        long before = answerBytes.getAndAdd(bytes);
        return switch (mode) {
            case Mode.Pass _ -> bytes;
            case Mode.CutAnswerAfter(long all) -> Math.clamp(all - before, 0, bytes);
            case Mode.BlackHole _, Mode.Refuse _ -> 0;
        };
    }

    private void close(Socket socket) {
        sockets.remove(socket);
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
