package org.doctorbird.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/// The settings of a program of central.
final class CentralSettingsFile {

    private CentralSettingsFile() {}

    /// Returns a port of this machine that nobody listens at just now.
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Writes one; the plan lies beside it as `plan.toml`.
    ///
    /// @param address of central's database
    /// @param instanceLimit the highest synchronisation id
    static void write(Path file, String address, int instanceLimit, int port) throws IOException {
        Files.writeString(
                file,
                """
                role = "central"
                [database]
                url = "%s"
                user = "%s"
                [plan]
                file = "plan.toml"
                instance_limit = %d
                [http]
                listen = "127.0.0.1:%d"
                """
                        .formatted(address, Server.USER, instanceLimit, port));
    }
}
