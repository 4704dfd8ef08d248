package org.doctorbird.app.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// Where and how central listens.
///
/// @param host the address to listen on, such as `127.0.0.1` or `0.0.0.0`
/// @param port 1 to 65,535; 0 chooses a free one
/// @param database the name in the path: `POST /<database>/`; letters, digits, `_`, `-` and points
/// @param isBehindProxy somebody else does TLS: plain HTTP is then allowed on every address
/// @param tls the key and certificate; empty for plain HTTP
/// @param limits what one request may take
public record ServerSettings(
        String host,
        int port,
        String database,
        boolean isBehindProxy,
        Optional<TlsKeys> tls,
        RequestLimits limits) {

    /// @throws SyncException `SETTINGS_MALFORMED` with the key
    public ServerSettings {
        if (port < 0 || port > 65_535) {
            throw wrong("port");
        }
        if (!database.matches("[A-Za-z0-9_.-]{1,63}")) {
            throw wrong("database");
        }
        if (tls.isEmpty() && !isBehindProxy && !isLoopback(host)) {
            throw new SyncException(
                            ErrorCode.SETTINGS_MALFORMED,
                            "plain HTTP is for this machine only: give a key store, or say that a proxy does TLS")
                    .with("key", "host");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw wrong("host");
        }
    }

    private static SyncException wrong(String key) {
        return new SyncException(
                        ErrorCode.SETTINGS_MALFORMED, "a setting of the server cannot be used")
                .with("key", key);
    }
}
