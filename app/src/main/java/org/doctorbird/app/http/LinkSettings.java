package org.doctorbird.app.http;

import java.net.URI;
import java.nio.file.Path;
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
/// @param encoding what it speaks within a session, if central understands it
/// @param limits how long it waits, and how much it takes
public record LinkSettings(
        URI central,
        String login,
        Supplier<String> password,
        Optional<Path> certificates,
        Encoding encoding,
        LinkLimits limits) {

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
    }

    /// With the system's certificates, the compact encoding and the usual limits.
    public static LinkSettings of(URI central, String login, Supplier<String> password) {
        return new LinkSettings(
                central, login, password, Optional.empty(), Encoding.COMPACT, LinkLimits.DEFAULT);
    }

    /// Returns the same with another encoding.
    public LinkSettings with(Encoding wished) {
        return new LinkSettings(central, login, password, certificates, wished, limits);
    }

    /// Returns address and login only.
    @Override
    public String toString() {
        return login + " at " + central;
    }
}
