package org.doctorbird.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.doctorbird.app.message.AnyTree;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodResponse;
import org.doctorbird.codec.FakeCentral;
import org.doctorbird.codec.LinkContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// In which encoding and compression both sides speak, and what they do about an older one.
final class SpeechTest {

    private static final String COMPACT = Encoding.COMPACT.contentType();

    private final FakeCentral central = new FakeCentral(LinkContract.SHAPE);

    /// A central from before the compact encoding, in front of one that knows it.
    private static final class OldCentral implements AutoCloseable {

        private final HttpServer server;
        private final ServedCentral behind;
        private final List<String> types = new ArrayList<>();
        private final boolean tellsTheTruth;

        /// @param tellsTheTruth whether it says what it understands; else it only refuses
        OldCentral(ServedCentral behind, boolean tellsTheTruth) throws IOException {
            this.behind = behind;
            this.tellsTheTruth = tellsTheTruth;
            this.server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::handle);
            server.start();
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/central/");
        }

        private void handle(HttpExchange exchange) throws IOException {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            types.add(type);
            try (HttpClient client = HttpClient.newHttpClient()) {
                var request =
                        HttpRequest.newBuilder(behind.uri())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
                for (String name :
                        List.of(
                                "Content-Type",
                                "Content-Encoding",
                                "Authorization",
                                "Accept",
                                "Accept-Encoding")) {
                    String value = exchange.getRequestHeaders().getFirst(name);
                    if (value != null) {
                        request.header(name, value);
                    }
                }
                if (type.equals(COMPACT)) {
                    exchange.sendResponseHeaders(415, -1);
                    return;
                }
                answer(
                        exchange,
                        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
            } catch (InterruptedException e) {
                throw new IOException(e);
            } finally {
                exchange.close();
            }
        }

        private void answer(HttpExchange exchange, HttpResponse<byte[]> response)
                throws IOException {
            List<String> passed = new ArrayList<>(List.of("Content-Type", "Content-Encoding"));
            if (!tellsTheTruth) {
                passed.addAll(List.of("Accept-Post", "Accept-Encoding"));
            }
            for (String name : passed) {
                response.headers()
                        .firstValue(name)
                        .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
            }
            exchange.sendResponseHeaders(response.statusCode(), response.body().length);
            exchange.getResponseBody().write(response.body());
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static HttpLink linkTo(URI uri) {
        return linkTo(uri, Encoding.COMPACT);
    }

    private static HttpLink linkTo(URI uri, Encoding encoding) {
        return new HttpLink(
                LinkSettings.of(uri, MemorySessions.NAME, () -> MemorySessions.PASSWORD)
                        .with(encoding),
                _ -> LinkContract.SHAPE);
    }

    @Test
    void whoeverWantsXmlGetsTablesFromACentralThatHasThem() throws IOException {
        try (var served = new ServedCentral(central);
                var before = new OldCentral(served, false);
                HttpLink link = linkTo(before.uri(), Encoding.XML_TABLES)) {
            assertThat(link.plan().version()).isEqualTo("7");

            assertThat(before.types)
                    .containsExactly(Encoding.XML.contentType(), Encoding.XML_TABLES.contentType());
        }
    }

    @Test
    void whoeverWantsXmlGetsItPlainFromAnOlderCentral() throws IOException {
        try (var served = new ServedCentral(central);
                var old = new OldCentral(served, true);
                HttpLink link = linkTo(old.uri(), Encoding.XML_TABLES)) {
            assertThat(link.plan().version()).isEqualTo("7");

            assertThat(old.types).containsOnly(Encoding.XML.contentType());
        }
    }

    @Test
    void anOlderCentralIsSpokenToInXml() throws IOException {
        try (var served = new ServedCentral(central);
                var old = new OldCentral(served, true);
                HttpLink link = linkTo(old.uri())) {
            assertThat(link.plan().version()).isEqualTo("7");
            assertThat(link.plan().version()).isEqualTo("7");

            assertThat(old.types).hasSize(3).allMatch(type -> type.startsWith("text/xml"));
        }
    }

    @Test
    void whereTheCompactEncodingIsRefusedTheSessionGoesOnInXml() throws IOException {
        try (var served = new ServedCentral(central);
                var old = new OldCentral(served, false);
                HttpLink link = linkTo(old.uri())) {
            assertThat(link.plan().version()).isEqualTo("7");
            assertThat(link.plan().version()).isEqualTo("7");

            String xml = Encoding.XML.contentType();
            assertThat(old.types).containsExactly(xml, COMPACT, xml, xml);
            assertThat(served.sessions.logins()).isEqualTo(1);
        }
    }

    private static @Nullable Object result(
            ServedCentral served,
            HttpClient client,
            Encoding encoding,
            Compression compression,
            String method,
            List<? extends @Nullable Object> params)
            throws IOException, InterruptedException {
        var body = new ByteArrayOutputStream();
        try (OutputStream out = compression.writing(body)) {
            encoding.writeCall(out, method, params);
        }
        String key =
                served.sessions
                        .login(MemorySessions.NAME, MemorySessions.PASSWORD)
                        .orElseThrow()
                        .key();
        HttpResponse<byte[]> response =
                client.send(
                        HttpRequest.newBuilder(served.uri())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                                .header("Content-Type", encoding.contentType())
                                .header("Content-Encoding", compression.token())
                                .header("Accept-Encoding", compression.token())
                                .header(
                                        "Authorization",
                                        new SessionHeader(MemorySessions.NAME, 3, key).text())
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("Content-Type")).contains(encoding.contentType());
        try (InputStream in = compression.reading(new ByteArrayInputStream(response.body()))) {
            MethodResponse read = encoding.readResponse(in, MessageLimits.ofBytes(1 << 20));
            return read instanceof MethodResponse.Result(Object value) ? value : read;
        }
    }

    @ParameterizedTest
    @CsvSource({"XML, ZSTD", "XML_TABLES, GZIP", "COMPACT, GZIP", "COMPACT, ZSTD", "COMPACT, NONE"})
    void everyMethodGivesTheSameTreeInEveryForm(Encoding encoding, Compression compression)
            throws IOException, InterruptedException {
        var expected = answers(Encoding.XML, Compression.GZIP);

        assertThat(answers(encoding, compression)).isEqualTo(expected);
        assertThat(expected).hasSize(12);
    }

    /// The answers of a new central to each method once.
    private static List<String> answers(Encoding encoding, Compression compression)
            throws IOException, InterruptedException {
        var fresh = new FakeCentral(LinkContract.SHAPE);
        String model = "model." + LinkContract.MODEL + ".";
        String uid = new UUID(4, 1).toString();
        var random = java.util.random.RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        for (int i = 0; i < 20; i++) {
            fresh.store(new UUID(4, i), LinkContract.anyFields(random));
        }
        Map<String, Object> pushed = Map.of("uid", uid, "values", Map.of("a text-<\"field", "x"));
        Map<String, Object> context = Map.of();
        var answers = new ArrayList<String>();
        try (var served = new ServedCentral(fresh);
                var client = HttpClient.newHttpClient()) {
            for (var call :
                    Map.ofEntries(
                                    Map.entry("common.server.version", List.<Object>of()),
                                    Map.entry("model.doctorbird.central.plan", List.of(context)),
                                    Map.entry("no.such.method", List.of(context)),
                                    Map.entry(
                                            model + "synchronise_push",
                                            List.of(List.of(pushed, pushed), context)),
                                    Map.entry(
                                            model + "synchronise_pull",
                                            List.of(Map.of("records", 7L), context)),
                                    Map.entry(model + "synchronise_new", List.of(context)),
                                    Map.entry(
                                            model + "synchronise_acknowledge",
                                            List.of(List.of(List.of(uid, "1.000000")), context)),
                                    Map.entry(
                                            model + "synchronise_withdrawn",
                                            List.of(List.of(List.of(uid, "7")), context)),
                                    Map.entry(model + "search_master", List.of(List.of(), context)),
                                    Map.entry(
                                            model + "pull_master_record",
                                            List.of(List.of(uid), context)),
                                    Map.entry(
                                            model + "release_master_record",
                                            List.of(List.of(uid), context)),
                                    Map.entry(model + "why", List.of(uid, context)))
                            .entrySet()
                            .stream()
                            .sorted(Map.Entry.comparingByKey())
                            .toList()) {
                Object value =
                        result(
                                served,
                                client,
                                encoding,
                                compression,
                                call.getKey(),
                                call.getValue());
                answers.add(call.getKey() + " " + AnyTree.exact(value));
            }
        }
        return answers;
    }

    @Test
    void theBestCompressionThatBothHaveIsTaken() {
        assertThat(Compression.accepted()).isEqualTo("zstd, gzip");
        assertThat(Compression.bestOf("zstd, gzip")).isEqualTo(Compression.ZSTD);
        assertThat(Compression.bestOf("gzip, deflate")).isEqualTo(Compression.GZIP);
        assertThat(Compression.bestOf("")).isEqualTo(Compression.NONE);
    }

    private static HttpResponse<byte[]> post(
            ServedCentral served, HttpClient client, byte[] body, String encoding)
            throws IOException, InterruptedException {
        String key =
                served.sessions
                        .login(MemorySessions.NAME, MemorySessions.PASSWORD)
                        .orElseThrow()
                        .key();
        return client.send(
                HttpRequest.newBuilder(served.uri())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .header("Content-Type", COMPACT)
                        .header("Content-Encoding", encoding)
                        .header(
                                "Authorization",
                                new SessionHeader(MemorySessions.NAME, 3, key).text())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] packed(int bytes) throws IOException {
        var body = new ByteArrayOutputStream();
        try (OutputStream out = Compression.ZSTD.writing(body)) {
            Encoding.COMPACT.writeCall(out, "common.server.version", List.of("x".repeat(bytes)));
        }
        return body.toByteArray();
    }

    @Test
    void bodiesThatAreNoneGetTheirStatusInTheSameEncoding()
            throws IOException, InterruptedException {
        byte[] whole = packed(100_000);
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        byte[] wide = whole.clone();
        // The frame's window: 1 TiB.
        wide[5] = (byte) 0xF0;
        byte[] bomb = packed(50 << 20);
        assertThat(bomb.length).isLessThan(100_000);
        try (var served = new ServedCentral(central);
                var client = HttpClient.newHttpClient()) {
            assertThat(post(served, client, whole, "zstd").statusCode()).isEqualTo(200);
            assertThat(post(served, client, half, "zstd").statusCode()).isEqualTo(400);
            assertThat(post(served, client, wide, "zstd").statusCode()).isEqualTo(400);
            assertThat(post(served, client, bomb, "zstd").statusCode()).isEqualTo(413);
            assertThat(post(served, client, whole, "br").statusCode()).isEqualTo(415);
            HttpResponse<byte[]> refused = post(served, client, new byte[] {-1}, "identity");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(
                            Encoding.COMPACT.readResponse(
                                    new ByteArrayInputStream(refused.body()),
                                    MessageLimits.ofBytes(1 << 20)))
                    .isInstanceOfSatisfying(
                            MethodResponse.Fault.class,
                            fault ->
                                    assertThat(fault.text())
                                            .startsWith(
                                                    "DRB-3004 the body is no well-formed CBOR"));
        }
    }
}
