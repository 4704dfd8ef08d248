package org.doctorbird.app.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// Which certificates are believed.
final class Trust {

    private Trust() {}

    /// Believes only the certificates of a file, and those that they signed.
    ///
    /// @param file certificates in PEM, one or more
    /// @throws SyncException `SETTINGS_MALFORMED` if the file cannot be used
    static SSLContext only(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("trusted-" + count++, certificate);
            }
            var factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new SyncException(
                            ErrorCode.SETTINGS_MALFORMED,
                            "the file of certificates cannot be used",
                            e)
                    .with("key", "central.certificates")
                    .with("file", file);
        }
    }
}
