package org.doctorbird.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodResponse;
import org.doctorbird.app.xmlrpc.XmlRpcReader;
import org.doctorbird.app.xmlrpc.XmlRpcWriter;
import org.doctorbird.codec.FakeCentral;
import org.doctorbird.codec.LinkContract;
import org.doctorbird.exchange.PlanGiven;
import org.doctorbird.record.InstanceId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the server answers to good and bad requests, down to the status of HTTP.
final class CentralServerTest {

    private static final Map<String, Object> CONTEXT = Map.of();
    private static final String NEW = "model.party.party.synchronise_new";

    private final FakeCentral central = new FakeCentral(LinkContract.SHAPE);
    private final ServedCentral served = new ServedCentral(central);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        served.close();
    }

    private static byte[] body(String method, List<? extends @Nullable Object> params)
            throws IOException {
        var bytes = new ByteArrayOutputStream();
        XmlRpcWriter.writeCall(bytes, XmlRpcWriter.Form.PLAIN, method, params);
        return bytes.toByteArray();
    }

    private HttpResponse<byte[]> post(URI uri, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!List.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "text/xml");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String session() throws IOException, InterruptedException {
        byte[] login =
                body(
                        "common.db.login",
                        List.of(
                                MemorySessions.NAME,
                                Map.of("password", MemorySessions.PASSWORD),
                                "en"));
        var pair = (List<?>) result(post(served.uri(), login));
        return new SessionHeader(MemorySessions.NAME, 3, (String) pair.get(1)).text();
    }

    private HttpResponse<byte[]> call(String session, String method, Object... params)
            throws IOException, InterruptedException {
        return post(served.uri(), body(method, List.of(params)), "Authorization", session);
    }

    private static MethodResponse read(HttpResponse<byte[]> response) throws IOException {
        return XmlRpcReader.readResponse(
                new ByteArrayInputStream(response.body()), MessageLimits.ofBytes(1 << 20));
    }

    private static Object result(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode()).isEqualTo(200);
        return java.util.Objects.requireNonNull(((MethodResponse.Result) read(response)).value());
    }

    private static void assertRefused(HttpResponse<byte[]> response, int status, ErrorCode code)
            throws IOException {
        assertThat(response.statusCode()).isEqualTo(status);
        var fault = (MethodResponse.Fault) read(response);
        assertThat(fault.text()).startsWith(code.code() + " ").endsWith(code.remedy());
        assertThat(fault.code()).isEqualTo(code == ErrorCode.INTERNAL ? 255 : 1);
    }

    @Test
    void anybodyMayAskWhetherItLivesAndForItsVersion() throws IOException, InterruptedException {
        HttpResponse<String> health =
                client.send(
                        HttpRequest.newBuilder(served.uri().resolve("/health")).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).isEqualTo("ok");
        byte[] version = body("common.server.version", List.of());
        assertThat(result(post(served.uri(), version))).isEqualTo("0.1.0-test");
        assertThat(result(post(served.uri().resolve("/"), version))).isEqualTo("0.1.0-test");
    }

    @Test
    void anAddressWithoutFinalSlashIsRedirected() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = post(served.uri().resolve("/central"), new byte[0]);

        assertThat(response.statusCode()).isEqualTo(308);
        assertThat(response.headers().firstValue("Location")).contains("/central/");
    }

    @Test
    void aLoginGivesASessionAndLogoutEndsIt() throws IOException, InterruptedException {
        String session = session();
        assertThat(result(call(session, NEW, CONTEXT))).isEqualTo(List.of());

        call(session, "common.db.logout");

        assertRefused(call(session, NEW, CONTEXT), 401, ErrorCode.SESSION_EXPIRED);
    }

    @Test
    void withoutAValidSessionNothingIsAnswered() throws IOException, InterruptedException {
        assertRefused(
                post(served.uri(), body(NEW, List.of(CONTEXT))), 401, ErrorCode.SESSION_EXPIRED);
        String key = SessionHeader.parse(session()).orElseThrow().key();
        for (String header :
                List.of(
                        "Basic YTpi",
                        "Session",
                        "Session !!!",
                        "Session YTpi",
                        new SessionHeader("a", 3, "0".repeat(64)).text(),
                        new SessionHeader(MemorySessions.NAME, 4, key).text())) {
            HttpResponse<byte[]> response = call(header, NEW, CONTEXT);
            assertRefused(response, 401, ErrorCode.SESSION_EXPIRED);
            assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
        }
    }

    @Test
    void wrongLoginsAreRefusedAndThenMustWait() throws IOException, InterruptedException {
        byte[] wrong =
                body(
                        "common.db.login",
                        List.of(MemorySessions.NAME, Map.of("password", "x"), "en"));
        for (int i = 0; i < FailedLogins.FAILURES_MAX; i++) {
            assertRefused(post(served.uri(), wrong), 401, ErrorCode.LOGIN_REFUSED);
        }
        assertRefused(post(served.uri(), wrong), 429, ErrorCode.LOGIN_REFUSED);
        assertThat(served.sessions.logins()).isEqualTo(FailedLogins.FAILURES_MAX);
        byte[] empty = body("common.db.login", List.of("somebody", Map.of(), "en"));
        assertRefused(post(served.uri(), empty), 401, ErrorCode.LOGIN_REFUSED);
        byte[] bare = body("common.db.login", List.of("somebody"));
        assertRefused(post(served.uri(), bare), 200, ErrorCode.REQUEST_MALFORMED);
    }

    @Test
    void requestsThatAreNoneGetTheirStatus() throws IOException, InterruptedException {
        byte[] version = body("common.server.version", List.of());
        assertRefused(
                post(served.uri().resolve("/other/"), version), 404, ErrorCode.REQUEST_MALFORMED);
        assertRefused(
                post(served.uri().resolve("/central/more"), version),
                404,
                ErrorCode.REQUEST_MALFORMED);
        assertRefused(
                post(served.uri(), version, "Content-Type", "application/json"),
                415,
                ErrorCode.REQUEST_MALFORMED);
        assertRefused(
                client.send(
                        HttpRequest.newBuilder(served.uri()).build(),
                        HttpResponse.BodyHandlers.ofByteArray()),
                405,
                ErrorCode.REQUEST_MALFORMED);
        assertRefused(
                post(served.uri(), "no xml".getBytes(StandardCharsets.UTF_8)),
                400,
                ErrorCode.REQUEST_MALFORMED);
        assertRefused(post(served.uri(), new byte[0]), 400, ErrorCode.REQUEST_MALFORMED);
        assertRefused(
                post(
                        served.uri(),
                        "<!DOCTYPE x [<!ENTITY a 'b'>]><methodCall/>"
                                .getBytes(StandardCharsets.UTF_8)),
                400,
                ErrorCode.REQUEST_MALFORMED);
        assertRefused(
                post(served.uri(), "<x/>".getBytes(StandardCharsets.UTF_8)),
                200,
                ErrorCode.REQUEST_MALFORMED);
    }

    @Test
    void callsThatCannotBeDoneAreFaults() throws IOException, InterruptedException {
        String session = session();
        assertRefused(
                call(session, "model.party.party.create", CONTEXT), 403, ErrorCode.METHOD_UNKNOWN);
        assertRefused(call(session, "common.db.list"), 403, ErrorCode.METHOD_UNKNOWN);
        assertRefused(
                call(session, "model.no.such.synchronise_new", CONTEXT),
                200,
                ErrorCode.MODEL_UNKNOWN);
        HttpResponse<byte[]> missing = call(session, NEW);
        assertRefused(missing, 200, ErrorCode.REQUEST_MALFORMED);
        assertThat(((MethodResponse.Fault) read(missing)).text())
                .contains("Missing context argument");
        assertRefused(
                call(session, NEW, Map.of("synchronisation_id", 4L)),
                200,
                ErrorCode.INSTANCE_DIFFERS);
        assertRefused(
                call(session, NEW, Map.of("synchronisation_id", 5_000L)),
                200,
                ErrorCode.INSTANCE_OUT_OF_RANGE);
        assertRefused(
                call(session, "model.doctorbird.central.begin", Map.of("protocol", 2L), CONTEXT),
                200,
                ErrorCode.VERSION_MISMATCH);
    }

    @Test
    void aMemberThatCannotBeReadIsNamedInTheFault() throws IOException, InterruptedException {
        Object pushed =
                Map.of(
                        "uid",
                        "0192d0f6-6f64-7b1c-9a53-0a4b7d1c2e3f",
                        "values",
                        Map.of("a", "x"),
                        "age",
                        "a minute");

        HttpResponse<byte[]> response =
                call(session(), "model.party.party.synchronise_push", List.of(pushed), CONTEXT);

        assertRefused(response, 200, ErrorCode.REQUEST_MALFORMED);
        assertThat(((MethodResponse.Fault) read(response)).text())
                .contains("at=argument 1[0].age", "expected=a whole number")
                .doesNotContain("minute");
        assertThat(central.pushed()).isEmpty();
    }

    @Test
    void aDefectIsAFaultThatQuotesNothing() throws IOException, InterruptedException {
        String session = session();
        central.failWith(new IllegalStateException("Mary Brown"));

        HttpResponse<byte[]> response = call(session, NEW, CONTEXT);

        assertRefused(response, 200, ErrorCode.INTERNAL);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).doesNotContain("Mary");
    }

    @Test
    void bodiesMayBeCompressedWithinASession() throws IOException, InterruptedException {
        String session = session();
        byte[] packed = packed(body(NEW, List.of(CONTEXT)));
        assertThat(
                        result(
                                post(
                                        served.uri(),
                                        packed,
                                        "Authorization",
                                        session,
                                        "Content-Encoding",
                                        "gzip")))
                .isEqualTo(List.of());
        assertRefused(
                post(served.uri(), packed, "Content-Encoding", "gzip"),
                400,
                ErrorCode.REQUEST_MALFORMED);
        assertRefused(
                post(served.uri(), packed, "Authorization", session, "Content-Encoding", "br"),
                415,
                ErrorCode.REQUEST_MALFORMED);
        byte[] half = java.util.Arrays.copyOf(packed, packed.length / 2);
        assertRefused(
                post(served.uri(), half, "Authorization", session, "Content-Encoding", "gzip"),
                400,
                ErrorCode.REQUEST_MALFORMED);
        assertRefused(
                post(
                        served.uri(),
                        body(NEW, List.of(CONTEXT)),
                        "Authorization",
                        session,
                        "Content-Encoding",
                        "gzip"),
                400,
                ErrorCode.REQUEST_MALFORMED);
    }

    @Test
    void answersAreCompressedForThoseWhoTakeIt() throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                post(
                        served.uri(),
                        body("common.server.version", List.of()),
                        "Accept-Encoding",
                        "gzip, deflate");

        assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("0.1.0-test");
        }
    }

    private static byte[] packed(byte[] body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    @Test
    void bodiesBeyondTheLimitAreRefused() throws IOException, InterruptedException {
        byte[] large = body("common.server.version", List.of("x".repeat(3 << 20)));
        assertRefused(post(served.uri(), large), 413, ErrorCode.REQUEST_TOO_LARGE);
        String session = session();
        assertThat(post(served.uri(), large, "Authorization", session).statusCode()).isEqualTo(200);
        byte[] bomb = packed(body("common.server.version", List.of("x".repeat(50 << 20))));
        assertThat(bomb.length).isLessThan(100_000);
        assertRefused(
                post(served.uri(), bomb, "Authorization", session, "Content-Encoding", "gzip"),
                413,
                ErrorCode.REQUEST_TOO_LARGE);
        String deep = "<value><array><data>".repeat(100) + "</data></array></value>".repeat(100);
        byte[] nested =
                ("<methodCall><methodName>m</methodName><params><param>"
                                + deep
                                + "</param></params></methodCall>")
                        .getBytes(StandardCharsets.UTF_8);
        assertRefused(
                post(served.uri(), nested, "Authorization", session),
                413,
                ErrorCode.REQUEST_TOO_LARGE);
    }

    @Test
    void aBodyThatNeverEndsIsGivenUp() throws IOException {
        var limits = new RequestLimits(1L << 20, 1, Duration.ofSeconds(1), Duration.ofMillis(300));
        try (var impatient = new ServedCentral(central, limits);
                var socket = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream()
                    .write(
                            "POST /central/ HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<met"
                                    .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).contains("DRB-1006");
        }
    }

    @Test
    void aCallThatTakesTooLongIsInterrupted() throws IOException {
        var never = new CountDownLatch(1);
        var waiting =
                new FakeCentral(LinkContract.SHAPE) {
                    @Override
                    public synchronized PlanGiven plan(InstanceId caller) {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            throw new SyncException(
                                    ErrorCode.DATABASE_UNREACHABLE, "interrupted", e);
                        }
                        throw new IllegalStateException("not reached");
                    }
                };
        var limits = new RequestLimits(1L << 20, 1, Duration.ofSeconds(1), Duration.ofMillis(300));
        try (var impatient = new ServedCentral(waiting, limits);
                HttpLink link = impatient.link()) {
            assertThatThrownBy(link::plan).hasMessageContaining("DRB-1006");
        }
    }

    @Test
    void aRequestInFlightIsAnsweredWhenTheServerStops() throws Exception {
        var begun = new CountDownLatch(1);
        var slow =
                new FakeCentral(LinkContract.SHAPE) {
                    @Override
                    public synchronized PlanGiven plan(InstanceId caller) {
                        begun.countDown();
                        try {
                            Thread.sleep(400);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        return super.plan(caller);
                    }
                };
        var limits = new RequestLimits(1L << 20, 1, Duration.ofSeconds(20), Duration.ofSeconds(2));
        var stopping = new ServedCentral(slow, limits);
        try (HttpLink link = stopping.link();
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var answer = pool.submit(link::plan);
            begun.await();
            stopping.close();
            assertThat(answer.get().version()).isEqualTo("7");
        }
    }

    @Test
    void plainHttpIsForThisMachineOnlyUnlessAProxyDoesTls() {
        assertThatThrownBy(() ->
                        new ServerSettings(
                                "0.0.0.0",
                                0,
                                "central",
                                false,
                                Optional.empty(),
                                RequestLimits.DEFAULT))
                .isInstanceOf(SyncException.class);
        assertThat(
                        new ServerSettings(
                                        "0.0.0.0",
                                        0,
                                        "central",
                                        true,
                                        Optional.empty(),
                                        RequestLimits.DEFAULT)
                                .isBehindProxy())
                .isTrue();
        assertThatThrownBy(() ->
                        new ServerSettings(
                                "127.0.0.1",
                                0,
                                "a/b",
                                false,
                                Optional.empty(),
                                RequestLimits.DEFAULT))
                .isInstanceOf(SyncException.class);
    }

    @Test
    void theSessionHeaderIsTrytons() {
        String text = new SessionHeader("admin", 1, "b54deab8").text();
        assertThat(text).startsWith("Session YWRtaW46MTpiNTRk");
        assertThat(SessionHeader.parse(text)).contains(new SessionHeader("admin", 1, "b54deab8"));
        assertThat(HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII)))
                .doesNotContain("0a");
    }
}
