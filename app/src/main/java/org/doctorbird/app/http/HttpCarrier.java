package org.doctorbird.app.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodResponse;
import org.doctorbird.codec.RemoteLink;
import org.jspecify.annotations.Nullable;

/// Carries calls over HTTP: logs in when needed, compresses, and gives up in time. Safe for several
/// threads.
final class HttpCarrier implements RemoteLink.Carrier, AutoCloseable {

    /// What every central understands within a session.
    private static final Speech COMMON = new Speech(Encoding.XML, Compression.GZIP);

    /// What central understands without a session.
    private static final Speech FIRST = new Speech(Encoding.XML, Compression.NONE);

    private final LinkSettings settings;
    private final HttpClient client;
    private final ReentrantLock loggingIn = new ReentrantLock();
    private volatile @Nullable Session session;

    HttpCarrier(LinkSettings settings) {
        this.settings = settings;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .connectTimeout(settings.limits().connectMax())
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .version(
                                settings.central().getScheme().equals("https")
                                        ? HttpClient.Version.HTTP_2
                                        : HttpClient.Version.HTTP_1_1);
        settings.certificates().ifPresent(file -> builder.sslContext(Trust.only(file)));
        this.client = builder.build();
    }

    /// In which form requests go to central.
    private record Speech(Encoding encoding, Compression compression) {}

    /// A login that central has accepted.
    ///
    /// @param authorization the header
    /// @param speech what both sides understand
    private record Session(String authorization, Speech speech) {}

    @Override
    public @Nullable Object call(String method, List<? extends @Nullable Object> params) {
        Session current = session;
        Session used = current == null ? login(null) : current;
        // Only the compressed form of a batch is held in memory.
        byte[] body = body(used.speech(), method, params);
        HttpResponse<byte[]> response = send(body, used);
        if (response.statusCode() == 401) {
            Session renewed = login(used);
            if (!renewed.speech().equals(used.speech())) {
                body = body(renewed.speech(), method, params);
            }
            used = renewed;
            response = send(body, used);
        }
        if (response.statusCode() == 415 && !used.speech().equals(COMMON)) {
            response = send(body(COMMON, method, params), fallBack(used));
        }
        return result(response);
    }

    /// Remembers that central, or something before it, understands only what every central does.
    private Session fallBack(Session refused) {
        var plainer = new Session(refused.authorization(), COMMON);
        loggingIn.lock();
        try {
            if (refused.equals(session)) {
                session = plainer;
            }
        } finally {
            loggingIn.unlock();
        }
        return plainer;
    }

    /// Logs in, unless another thread has done so since `stale` was taken.
    private Session login(@Nullable Session stale) {
        loggingIn.lock();
        try {
            Session current = session;
            if (current != null
                    && (stale == null || !current.authorization().equals(stale.authorization()))) {
                return current;
            }
            session = null;
            List<Object> params =
                    List.of(settings.login(), Map.of("password", settings.password().get()), "en");
            HttpResponse<byte[]> response = send(body(FIRST, "common.db.login", params), null);
            if (result(response) instanceof List<?> pair
                    && pair.size() == 2
                    && pair.get(0) instanceof Long id
                    && pair.get(1) instanceof String key) {
                var header = new SessionHeader(settings.login(), Math.toIntExact(id), key);
                var made = new Session(header.text(), speech(response));
                session = made;
                return made;
            }
            throw failed("central's answer to the login cannot be read");
        } finally {
            loggingIn.unlock();
        }
    }

    /// Returns the best that central's answer to the login says it understands. An older central
    /// says nothing.
    private Speech speech(HttpResponse<byte[]> response) {
        String accepted = String.join(",", response.headers().allValues("Accept-Post"));
        if (!accepted.contains(settings.encoding().mediaType())) {
            return COMMON;
        }
        Compression best =
                settings.encoding() == Encoding.COMPACT
                        ? Compression.bestOf(header(response, "Accept-Encoding"))
                        : COMMON.compression();
        return new Speech(
                settings.encoding(), best == Compression.NONE ? COMMON.compression() : best);
    }

    /// Whoever wants XML, wants to look at it, and every tool reads gzip.
    private static String accepted(Speech speech) {
        return speech.encoding() == Encoding.COMPACT ? Compression.accepted() : "gzip";
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /// @param to central decompresses nothing for strangers
    private HttpResponse<byte[]> send(byte[] body, @Nullable Session to) {
        Speech speech = to == null ? FIRST : to.speech();
        var request =
                HttpRequest.newBuilder(settings.central())
                        .timeout(settings.limits().requestMax())
                        .header("Content-Type", speech.encoding().contentType())
                        .header("Accept", speech.encoding().mediaType())
                        .header("Accept-Encoding", accepted(speech));
        if (to != null) {
            request.header("Authorization", to.authorization())
                    .header("Content-Encoding", speech.compression().token());
        }
        request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(
                        request.build(),
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(),
                                settings.limits().answerBytesMax()));
        try {
            return pending.get(settings.limits().requestMax().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        } finally {
            pending.cancel(true);
        }
    }

    /// The client's own words are dropped but for the kind: they may hold addresses only, but
    /// nobody promises that.
    private static SyncException unreachable(Throwable cause) {
        return new SyncException(ErrorCode.CENTRAL_UNREACHABLE, "central does not answer", cause)
                .with("cause", cause.getClass().getSimpleName());
    }

    private @Nullable Object result(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        return switch (status) {
            case 200 -> result(read(response));
            case 401 ->
                    throw new SyncException(ErrorCode.LOGIN_REFUSED, "central refused the login");
            case 301, 302, 307, 308, 404 ->
                    throw new SyncException(
                                    ErrorCode.SETTINGS_MALFORMED, "central has no such database")
                            .with("key", "central.url")
                            .with("status", status);
            case 400, 403, 413, 415 -> throw refused(response);
            default ->
                    throw failed("central answered with a failure of HTTP").with("status", status);
        };
    }

    private static @Nullable Object result(MethodResponse response) {
        return switch (response) {
            case MethodResponse.Result(Object value) -> value;
            case MethodResponse.Fault fault -> throw Faults.error(fault);
        };
    }

    private SyncException refused(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        try {
            if (read(response) instanceof MethodResponse.Fault fault) {
                return Faults.error(fault).with("status", status);
            }
        } catch (SyncException e) {
            // Some proxy answered, not central: the status is all there is.
        }
        return failed("central answered with a failure of HTTP").with("status", status);
    }

    private MethodResponse read(HttpResponse<byte[]> response) {
        Encoding encoding = Encoding.of(header(response, "Content-Type")).orElse(Encoding.XML);
        long bytesMax = settings.limits().answerBytesMax();
        try (InputStream in =
                Compression.of(header(response, "Content-Encoding"))
                        .orElse(Compression.NONE)
                        .reading(new ByteArrayInputStream(response.body()))) {
            return encoding.readResponse(in, MessageLimits.ofBytes(bytesMax));
        } catch (IOException | SyncException e) {
            throw new SyncException(ErrorCode.CENTRAL_FAILED, "central's answer cannot be read", e);
        }
    }

    private static SyncException failed(String summary) {
        return new SyncException(ErrorCode.CENTRAL_FAILED, summary);
    }

    private static byte[] body(
            Speech speech, String method, List<? extends @Nullable Object> params) {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = speech.compression().writing(bytes)) {
            speech.encoding().writeCall(out, method, params);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
