package org.doctorbird.app.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A key and a certificate for this machine, as an administrator makes them.
///
/// @param store PKCS #12, with [#PASSWORD]
/// @param certificate in PEM
public record TestKeys(Path store, Path certificate) {

    public static final String PASSWORD = "changeit";

    /// Makes both in a folder.
    public static TestKeys make(Path folder) throws IOException, InterruptedException {
        var keys = new TestKeys(folder.resolve("keys.p12"), folder.resolve("certificate.pem"));
        keys.keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2");
        keys.keytool("-exportcert", "-rfc", "-file", keys.certificate.toString());
        return keys;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(
                List.of(
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        "central"));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
    }
}
