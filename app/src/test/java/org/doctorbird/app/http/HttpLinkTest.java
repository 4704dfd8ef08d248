package org.doctorbird.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.codec.LinkContract;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.Page;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.SentRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The link over HTTP, and what it says when central is not there or not well.
final class HttpLinkTest extends LinkContract {

    private final ServedCentral served = new ServedCentral(central);
    private final HttpLink link = served.link();

    @Override
    protected Link link() {
        return link;
    }

    @AfterEach
    void close() {
        link.close();
        served.close();
    }

    private static HttpLink linkTo(URI uri, String password, Duration requestMax) {
        return new HttpLink(
                new LinkSettings(
                        uri,
                        MemorySessions.NAME,
                        () -> password,
                        Optional.empty(),
                        Encoding.COMPACT,
                        new LinkLimits(Duration.ofSeconds(2), requestMax, 1L << 20)),
                _ -> new ModelShape(MODEL, List.of()));
    }

    private static HttpLink linkTo(int port) {
        return linkTo(
                URI.create("http://127.0.0.1:" + port + "/central/"),
                MemorySessions.PASSWORD,
                Duration.ofMillis(500));
    }

    @Test
    void aSessionIsKeptAndRenewedWhenItHasEnded() {
        link.plan();
        link.plan();
        assertThat(served.sessions.logins()).isEqualTo(1);

        served.sessions.endAll();

        assertThat(link.plan().version()).isEqualTo("7");
        assertThat(served.sessions.logins()).isEqualTo(2);
    }

    @Test
    void aWrongPasswordIsRefusedAtOnce() {
        try (HttpLink wrong = linkTo(served.uri(), "wrong", Duration.ofSeconds(5))) {
            assertFails(wrong::plan, ErrorCode.LOGIN_REFUSED);
        }
        assertThat(served.sessions.logins()).isEqualTo(1);
    }

    @Test
    void anUnknownDatabaseIsAMatterOfTheSettings() {
        try (HttpLink wrong =
                linkTo(
                        served.uri().resolve("/other/"),
                        MemorySessions.PASSWORD,
                        Duration.ofSeconds(5))) {
            assertFails(wrong::plan, ErrorCode.SETTINGS_MALFORMED);
        }
    }

    @Test
    void centralsOwnTroubleIsCentralsFailure() {
        central.failWith(
                new SyncException(ErrorCode.DATABASE_UNREACHABLE, "the database does not answer"));
        assertFails(link::plan, ErrorCode.CENTRAL_FAILED);
        central.failWith(new IllegalStateException("a defect that quotes Mary Brown"));
        assertFails(link::plan, ErrorCode.CENTRAL_FAILED);
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (HttpLink nowhere = linkTo(free)) {
            assertFails(nowhere::plan, ErrorCode.CENTRAL_UNREACHABLE);
        }
    }

    @Test
    void aServerThatSwallowsEverythingEndsInATimeOut() throws IOException {
        try (var blackHole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HttpLink waiting = linkTo(blackHole.getLocalPort())) {
            assertFails(waiting::plan, ErrorCode.CENTRAL_UNREACHABLE);
        }
    }

    @Test
    void anAnswerThatStopsHalfWayEndsInATimeOut() throws IOException {
        assertAnswered(
                "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<?xml",
                ErrorCode.CENTRAL_UNREACHABLE);
    }

    @Test
    void whatIsNoAnswerIsCentralsFailure() throws IOException {
        assertAnswered(
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", ErrorCode.CENTRAL_FAILED);
        assertAnswered(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
                ErrorCode.CENTRAL_FAILED);
        assertAnswered(
                "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", ErrorCode.CENTRAL_FAILED);
        assertAnswered(
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", ErrorCode.CENTRAL_FAILED);
        assertAnswered(
                "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + "x".repeat(3_000_000),
                ErrorCode.CENTRAL_UNREACHABLE);
    }

    private static void assertAnswered(String answer, ErrorCode code) throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HttpLink asking = linkTo(server.getLocalPort())) {
            Thread.startVirtualThread(() -> answerAll(server, answer));
            assertFails(asking::plan, code);
        }
    }

    private static void answerAll(ServerSocket server, String answer) {
        var open = new ConcurrentLinkedQueue<Socket>();
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                byte[] request = new byte[10_000];
                if (socket.getInputStream().read(request) > 0) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException e) {
            // The test has ended.
            open.forEach(HttpLinkTest::closeQuietly);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void manyThreadsShareOneLogin() throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 16; i++) {
            threads.add(Thread.startVirtualThread(link::plan));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(served.sessions.logins()).isEqualTo(1);
    }

    @Test
    void aLargeBatchTravelsBothWays() {
        String text = "é<&\r".repeat(20_000);
        for (int i = 0; i < 20; i++) {
            central.store(new UUID(9, i), Fields.of(java.util.Map.of("note", text)));
        }
        Page page = link.read(MODEL, Feed.NEW, Cursor.START, BatchLimit.ofRecords(1_000));
        assertThat(page.records())
                .hasSize(20)
                .allMatch(record -> text.equals(record.fields().get("note")));
        assertThat(page.records()).extracting(SentRecord::etag).doesNotContain(new ETag(0));
    }
}
