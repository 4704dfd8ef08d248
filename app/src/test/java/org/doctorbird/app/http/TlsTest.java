package org.doctorbird.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.doctorbird.SyncException;
import org.doctorbird.app.testing.TestKeys;
import org.doctorbird.codec.FakeCentral;
import org.doctorbird.codec.LinkContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {

    @TempDir private Path folder;

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
        TestKeys keys = TestKeys.make(folder);
        var settings =
                new ServerSettings(
                        "0.0.0.0",
                        0,
                        "central",
                        false,
                        Optional.of(new TlsKeys(keys.store(), TestKeys.PASSWORD)),
                        ServedCentral.LIMITS);
        try (var served = new ServedCentral(new FakeCentral(LinkContract.SHAPE), settings)) {
            try (HttpLink trusting = link(served.port(), Optional.of(keys.certificate()))) {
                assertThat(trusting.plan().version()).isEqualTo("7");
            }
            try (HttpLink doubting = link(served.port(), Optional.empty())) {
                assertThatThrownBy(doubting::plan)
                        .isInstanceOf(SyncException.class)
                        .hasMessageContaining("DRB-1003");
            }
            try (HttpClient client =
                    HttpClient.newBuilder().sslContext(Trust.only(keys.certificate())).build()) {
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
        assertThat(settings.tls().orElseThrow().toString()).doesNotContain(TestKeys.PASSWORD);
    }

    @Test
    void aKeyStoreThatCannotBeUsedIsAMatterOfTheSettings() {
        var settings =
                new ServerSettings(
                        "127.0.0.1",
                        0,
                        "central",
                        false,
                        Optional.of(new TlsKeys(folder.resolve("missing.p12"), TestKeys.PASSWORD)),
                        ServedCentral.LIMITS);
        assertThatThrownBy(() -> new ServedCentral(new FakeCentral(LinkContract.SHAPE), settings))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("DRB-4004");
    }
}
