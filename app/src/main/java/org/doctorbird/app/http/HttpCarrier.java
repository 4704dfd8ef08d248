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
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.xmlrpc.BoundedInputStream;
import org.doctorbird.app.xmlrpc.MethodResponse;
import org.doctorbird.app.xmlrpc.XmlRpcLimits;
import org.doctorbird.app.xmlrpc.XmlRpcReader;
import org.doctorbird.app.xmlrpc.XmlRpcWriter;
import org.doctorbird.codec.RemoteLink;
import org.jspecify.annotations.Nullable;

/// Carries calls over HTTP: logs in when needed, compresses, and gives up in time. Safe for several
/// threads.
final class HttpCarrier implements RemoteLink.Carrier, AutoCloseable {

    private static final int BUFFER = 1 << 15;

    private final LinkSettings settings;
    private final HttpClient client;
    private final ReentrantLock loggingIn = new ReentrantLock();
    private volatile @Nullable String authorization;

    HttpCarrier(LinkSettings settings) {
        this.settings = settings;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .connectTimeout(settings.connectMax())
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .version(
                                settings.central().getScheme().equals("https")
                                        ? HttpClient.Version.HTTP_2
                                        : HttpClient.Version.HTTP_1_1);
        settings.certificates().ifPresent(file -> builder.sslContext(Trust.only(file)));
        this.client = builder.build();
    }

    @Override
    public @Nullable Object call(String method, List<? extends @Nullable Object> params) {
        // Only the compressed form of a batch is held in memory.
        byte[] body = body(method, params, true);
        String session = authorization == null ? login(null) : authorization;
        HttpResponse<byte[]> response = send(body, session);
        if (response.statusCode() == 401) {
            response = send(body, login(session));
        }
        return result(response);
    }

    /// Logs in, unless another thread has done so since `stale` was taken.
    private String login(@Nullable String stale) {
        loggingIn.lock();
        try {
            String current = authorization;
            if (current != null && !current.equals(stale)) {
                return current;
            }
            authorization = null;
            List<Object> params =
                    List.of(settings.login(), Map.of("password", settings.password().get()), "en");
            HttpResponse<byte[]> response = send(body("common.db.login", params, false), null);
            if (result(response) instanceof List<?> pair
                    && pair.size() == 2
                    && pair.get(0) instanceof Long id
                    && pair.get(1) instanceof String key) {
                String made = new SessionHeader(settings.login(), Math.toIntExact(id), key).text();
                authorization = made;
                return made;
            }
            throw failed("central's answer to the login cannot be read");
        } finally {
            loggingIn.unlock();
        }
    }

    /// @param body compressed if there is a session: central decompresses nothing for strangers
    private HttpResponse<byte[]> send(byte[] body, @Nullable String session) {
        var request =
                HttpRequest.newBuilder(settings.central())
                        .timeout(settings.requestMax())
                        .header("Content-Type", "text/xml;charset=utf-8")
                        .header("Accept-Encoding", "gzip");
        if (session != null) {
            request.header("Authorization", session).header("Content-Encoding", "gzip");
        }
        request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(
                        request.build(),
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(),
                                settings.answerBytesMax()));
        try {
            return pending.get(settings.requestMax().toNanos(), TimeUnit.NANOSECONDS);
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
        boolean isPacked =
                response.headers().firstValue("Content-Encoding").orElse("").equals("gzip");
        var raw = new ByteArrayInputStream(response.body());
        try (InputStream in = isPacked ? new GZIPInputStream(raw) : raw) {
            return XmlRpcReader.readResponse(
                    new BoundedInputStream(in, settings.answerBytesMax()),
                    XmlRpcLimits.ofBytes(settings.answerBytesMax()));
        } catch (IOException | SyncException e) {
            throw new SyncException(ErrorCode.CENTRAL_FAILED, "central's answer cannot be read", e);
        }
    }

    private static SyncException failed(String summary) {
        return new SyncException(ErrorCode.CENTRAL_FAILED, summary);
    }

    private static byte[] body(
            String method, List<? extends @Nullable Object> params, boolean isPacked) {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = isPacked ? new GZIPOutputStream(bytes, BUFFER) : bytes) {
            XmlRpcWriter.writeCall(out, method, params);
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
