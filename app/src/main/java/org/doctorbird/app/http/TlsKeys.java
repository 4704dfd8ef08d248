package org.doctorbird.app.http;

import java.nio.file.Path;

/// The key and certificate that a server shows.
///
/// @param keyStore a PKCS12 file
/// @param password of the file
public record TlsKeys(Path keyStore, String password) {

    /// Returns the file's name only.
    @Override
    public String toString() {
        return keyStore.toString();
    }
}
