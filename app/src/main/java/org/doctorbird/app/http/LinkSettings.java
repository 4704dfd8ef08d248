package org.doctorbird.app.http;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// How a satellite reaches central.
///
/// @param central such as `https://central.example.org/central/`: with the name of the database
/// @param login the satellite's name at central
/// @param password read again for every login, so that a new one needs no restart
/// @param certificates a PEM file of certificates to trust instead of the system's; empty: the
///   system's
/// @param connectMax for a connection, 0.1 seconds or more
/// @param requestMax for a request and its whole answer, 0.1 seconds or more
/// @param answerBytesMax of an answer, before and after decompression; 1 MiB or more
public record LinkSettings(
        URI central,
        String login,
        Supplier<String> password,
        Optional<Path> certificates,
        Duration connectMax,
        Duration requestMax,
        long answerBytesMax) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    /// @throws SyncException `SETTINGS_MALFORMED` if the address is none of HTTP
    public LinkSettings {
        String scheme = central.getScheme() == null ? "" : central.getScheme();
        if (!Set.of("http", "https").contains(scheme) || central.getHost() == null) {
            throw new SyncException(ErrorCode.SETTINGS_MALFORMED, "not an address of HTTP")
                    .with("key", "central.url");
        }
        if (!central.getPath().endsWith("/")) {
            central = URI.create(central + "/");
        }
        if (connectMax.compareTo(SHORTEST) < 0
                || requestMax.compareTo(SHORTEST) < 0
                || answerBytesMax < 1L << 20) {
            throw new IllegalArgumentException(
                    "%s, %s, %d bytes".formatted(connectMax, requestMax, answerBytesMax));
        }
    }

    /// With the usual limits: 10 seconds for a connection, 60 for a request, 64 MiB.
    public static LinkSettings of(URI central, String login, Supplier<String> password) {
        return new LinkSettings(
                central,
                login,
                password,
                Optional.empty(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                64L << 20);
    }

    /// Returns address and login only.
    @Override
    public String toString() {
        return login + " at " + central;
    }
}
