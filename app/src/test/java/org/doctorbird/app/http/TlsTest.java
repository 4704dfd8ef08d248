package org.doctorbird.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.doctorbird.SyncException;
import org.doctorbird.codec.FakeCentral;
import org.doctorbird.codec.LinkContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir private Path folder;

    private void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
    }

    private Path keys() {
        return folder.resolve("keys.p12");
    }

    private Path certificate() {
        return folder.resolve("certificate.pem");
    }

    private void makeCertificate() throws IOException, InterruptedException {
        String store = keys().toString();
        keytool(
                "-genkeypair",
                "-keystore",
                store,
                "-storepass",
                PASSWORD,
                "-alias",
                "central",
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
        keytool(
                "-exportcert",
                "-rfc",
                "-keystore",
                store,
                "-storepass",
                PASSWORD,
                "-alias",
                "central",
                "-file",
                certificate().toString());
    }

    private HttpLink link(int port, Optional<Path> certificates) {
        return new HttpLink(
                new LinkSettings(
                        URI.create("https://localhost:" + port + "/central/"),
                        MemorySessions.NAME,
                        () -> MemorySessions.PASSWORD,
                        certificates,
                        Encoding.COMPACT,
                        new LinkLimits(Duration.ofSeconds(5), Duration.ofSeconds(20), 1L << 20)),
                _ -> LinkContract.SHAPE);
    }

    @Test
    void aSatelliteBelievesOnlyTheCertificateItWasGiven() throws IOException, InterruptedException {
        makeCertificate();
        var settings =
                new ServerSettings(
                        "0.0.0.0",
                        0,
                        "central",
                        false,
                        Optional.of(new TlsKeys(keys(), PASSWORD)),
                        ServedCentral.LIMITS);
        try (var served = new ServedCentral(new FakeCentral(LinkContract.SHAPE), settings)) {
            try (HttpLink trusting = link(served.port(), Optional.of(certificate()))) {
                assertThat(trusting.plan().version()).isEqualTo("7");
            }
            try (HttpLink doubting = link(served.port(), Optional.empty())) {
                assertThatThrownBy(doubting::plan)
                        .isInstanceOf(SyncException.class)
                        .hasMessageContaining("DRB-1003");
            }
            try (HttpClient client =
                    HttpClient.newBuilder().sslContext(Trust.only(certificate())).build()) {
                HttpResponse<String> health =
                        client.send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "https://localhost:"
                                                                + served.port()
                                                                + "/health"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(health.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(health.body()).isEqualTo("ok");
            }
        }
        assertThat(settings.tls().orElseThrow().toString()).doesNotContain(PASSWORD);
    }

    @Test
    void aKeyStoreThatCannotBeUsedIsAMatterOfTheSettings() {
        var settings =
                new ServerSettings(
                        "127.0.0.1",
                        0,
                        "central",
                        false,
                        Optional.of(new TlsKeys(folder.resolve("missing.p12"), PASSWORD)),
                        ServedCentral.LIMITS);
        assertThatThrownBy(() -> new ServedCentral(new FakeCentral(LinkContract.SHAPE), settings))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("DRB-4004");
    }
}
