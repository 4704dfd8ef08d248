package org.doctorbird.app.http;

import com.github.luben.zstd.ZstdIOException;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.ZipException;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.Defects;
import org.doctorbird.app.message.BoundedInputStream;
import org.doctorbird.app.message.MalformedBodyException;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.app.message.MethodResponse;
import org.doctorbird.codec.LaterAnswer;
import org.doctorbird.record.InstanceId;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers requests: what HTTP has to say about them, and the way to the methods. Each request has
/// a virtual thread.
final class Endpoint extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    /// Logins cost much on purpose, so few may run at one time.
    private static final int ANONYMOUS_MAX = 4;

    /// What we read, as satellites are told with their login.
    private static final String ACCEPTED =
            Arrays.stream(Encoding.values())
                    .map(Encoding::mediaType)
                    .collect(Collectors.joining(", "));

    private static final int WAIT_SECONDS = 5;
    private static final int BUFFER = 1 << 15;

    /// Longer bodies are cut off instead.
    private static final long DISCARDED_MAX = 16L << 20;

    private final String path;
    private final RequestLimits limits;
    private final ServerMethods methods;
    private final Deadline deadline;
    private final Semaphore anonymous = new Semaphore(ANONYMOUS_MAX, true);
    private final Semaphore known;

    /// The places of each instance that has asked. Who sends much waits for itself: its requests do
    /// not stand before those of others.
    private final ConcurrentMap<InstanceId, Semaphore> own = new ConcurrentHashMap<>();

    Endpoint(ServerSettings settings, ServerMethods methods, Deadline deadline) {
        this.path = "/" + settings.database() + "/";
        this.limits = settings.limits();
        this.methods = methods;
        this.deadline = deadline;
        this.known = new Semaphore(limits.concurrentMax(), true);
    }

    /// What is answered.
    ///
    /// @param status of HTTP
    private record Answer(int status, MethodResponse response) {}

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            if (isHealth(request)) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
                Content.Sink.write(response, true, "ok", callback);
                return true;
            }
            if (request.getHttpURI().getPath().equals(path.substring(0, path.length() - 1))) {
                response.getHeaders().put(HttpHeader.LOCATION, path);
                response.setStatus(308);
            } else {
                write(answer(request), request, response);
            }
            callback.succeeded();
        } catch (IOException | RuntimeException e) {
            // The client has gone, or cannot be answered any more; it asks again.
            callback.failed(e);
        }
        return true;
    }

    private static boolean isHealth(Request request) {
        return request.getHttpURI().getPath().equals("/health")
                && (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"));
    }

    private Answer answer(Request request) throws IOException {
        Answer answer = tried(request);
        if (answer.status() != 200) {
            discard(request);
        }
        return answer;
    }

    /// Reads what is left of a body: a client that is still sending would not see the answer.
    private static void discard(Request request) throws IOException {
        InputStream body = Request.asInputStream(request);
        byte[] buffer = new byte[BUFFER];
        long left = DISCARDED_MAX;
        while (left > 0) {
            int count = body.read(buffer);
            if (count < 0) {
                return;
            }
            left -= count;
        }
    }

    private Answer tried(Request request) throws IOException {
        try {
            Object result = deadline.within(limits.timeMax(), () -> result(request));
            if (result instanceof LaterAnswer later) {
                later.await();
                result = deadline.within(limits.timeMax(), () -> inPlace(known, later::get));
            }
            return new Answer(200, new MethodResponse.Result(result));
        } catch (Refusal e) {
            return new Answer(e.status(), Faults.of(e.reason()));
        } catch (SyncException e) {
            return new Answer(e.code() == ErrorCode.METHOD_UNKNOWN ? 403 : 200, Faults.of(e));
        } catch (MalformedBodyException e) {
            return refused(400, ErrorCode.REQUEST_MALFORMED, "the body is " + e.getMessage());
        } catch (EOFException | ZipException | ZstdIOException e) {
            return refused(
                    400, ErrorCode.REQUEST_MALFORMED, "the body is no whole compressed stream");
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            LOG.atError().addKeyValue("defect", Defects.text(e)).log("request failed by a defect");
            return new Answer(
                    200,
                    Faults.of(new SyncException(ErrorCode.INTERNAL, "a defect in the server")));
        }
    }

    private static Answer refused(int status, ErrorCode code, String summary) {
        return new Answer(status, Faults.of(new SyncException(code, summary)));
    }

    private @Nullable Object result(Request request) throws IOException, InterruptedException {
        String asked = request.getHttpURI().getCanonicalPath();
        if (!asked.equals(path) && !asked.equals("/")) {
            throw new Refusal(404, ErrorCode.REQUEST_MALFORMED, "there is no such database");
        }
        if (!request.getMethod().equals("POST")) {
            throw new Refusal(405, ErrorCode.REQUEST_MALFORMED, "only POST is answered here");
        }
        Encoding encoding =
                Encoding.of(header(request, HttpHeader.CONTENT_TYPE))
                        .orElseThrow(() ->
                                new Refusal(
                                        415,
                                        ErrorCode.REQUEST_MALFORMED,
                                        "the content type must be one of " + ACCEPTED));
        Optional<ServerMethods.Caller> caller = caller(request);
        Work work =
                () -> {
                    MethodCall call = read(request, encoding, caller.isPresent());
                    return result(asked, caller, call, Request.getRemoteAddr(request));
                };
        return caller.isEmpty()
                ? inPlace(anonymous, work)
                : inPlace(placesOf(caller.get().instance()), () -> inPlace(known, work));
    }

    private Semaphore placesOf(InstanceId instance) {
        return own.computeIfAbsent(instance, _ -> new Semaphore(limits.concurrentOfOne(), true));
    }

    /// Work that needs one of few places.
    private interface Work {
        @Nullable Object run() throws IOException, InterruptedException;
    }

    private static @Nullable Object inPlace(Semaphore places, Work work)
            throws IOException, InterruptedException {
        if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new Refusal(503, ErrorCode.TIMED_OUT, "too many requests at one time");
        }
        try {
            return work.run();
        } finally {
            places.release();
        }
    }

    private @Nullable Object result(
            String asked, Optional<ServerMethods.Caller> caller, MethodCall call, String address) {
        if (asked.equals("/")) {
            return methods.callServer(call);
        }
        return caller.isPresent()
                ? methods.call(caller.get(), call, address)
                : methods.callAnonymous(call, address);
    }

    private Optional<ServerMethods.Caller> caller(Request request) {
        String header = header(request, HttpHeader.AUTHORIZATION);
        if (header.isEmpty()) {
            return Optional.empty();
        }
        SessionHeader session =
                SessionHeader.parse(header)
                        .orElseThrow(() ->
                                new Refusal(
                                        401, ErrorCode.SESSION_EXPIRED, "no header of a session"));
        return Optional.of(methods.caller(session));
    }

    private MethodCall read(Request request, Encoding encoding, boolean isKnown)
            throws IOException {
        long bytesMax = isKnown ? limits.bytesMax() : RequestLimits.BYTES_ANONYMOUS;
        if (request.getLength() > bytesMax) {
            throw new Refusal(413, ErrorCode.REQUEST_TOO_LARGE, "the body has too many bytes");
        }
        Compression compression = compression(request, isKnown);
        try (InputStream body =
                compression.reading(
                        new BoundedInputStream(open(Request.asInputStream(request)), bytesMax))) {
            return encoding.readCall(body, MessageLimits.ofBytes(bytesMax));
        } catch (SyncException e) {
            throw e.code() == ErrorCode.REQUEST_TOO_LARGE ? new Refusal(413, e) : e;
        }
    }

    /// What decompresses the body is closed; the body itself is not, because what is left of it is
    /// still to be read.
    private static InputStream open(InputStream body) {
        return new FilterInputStream(body) {

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return in.read(buffer, offset, length);
            }

            @Override
            public void close() {}
        };
    }

    private static Compression compression(Request request, boolean isKnown) {
        Compression compression =
                Compression.of(header(request, HttpHeader.CONTENT_ENCODING))
                        .orElseThrow(() ->
                                new Refusal(
                                        415,
                                        ErrorCode.REQUEST_MALFORMED,
                                        "decompressed is only " + Compression.accepted()));
        if (compression != Compression.NONE && !isKnown) {
            throw new Refusal(400, ErrorCode.REQUEST_MALFORMED, "compressed bodies need a session");
        }
        return compression;
    }

    private static String header(Request request, HttpHeader name) {
        String value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    private static void write(Answer answer, Request request, Response response)
            throws IOException {
        response.setStatus(answer.status());
        var headers = response.getHeaders();
        Encoding encoding = answered(request);
        headers.put(HttpHeader.CONTENT_TYPE, encoding.contentType());
        if (answer.status() == 415 || header(request, HttpHeader.AUTHORIZATION).isEmpty()) {
            headers.put("Accept-Post", ACCEPTED);
            headers.put(HttpHeader.ACCEPT_ENCODING, Compression.accepted());
        }
        switch (answer.status()) {
            case 401 ->
                    headers.put(
                            HttpHeader.WWW_AUTHENTICATE,
                            SessionHeader.SCHEME + " realm=\"Doctorbird\"");
            case 405 -> headers.put(HttpHeader.ALLOW, "POST");
            case 429, 503 -> headers.put(HttpHeader.RETRY_AFTER, "30");
            default -> {}
        }
        Compression compression = Compression.bestOf(header(request, HttpHeader.ACCEPT_ENCODING));
        headers.put(HttpHeader.VARY, "Accept, Accept-Encoding");
        if (compression != Compression.NONE) {
            headers.put(HttpHeader.CONTENT_ENCODING, compression.token());
        }
        var plain = new BufferedOutputStream(Content.Sink.asOutputStream(response), BUFFER);
        try (OutputStream out = compression.writing(plain)) {
            encoding.writeResponse(out, answer.response());
        }
    }

    /// Answers come in the encoding that is asked for, else in the one of the request.
    private static Encoding answered(Request request) {
        return Encoding.of(header(request, HttpHeader.ACCEPT))
                .or(() -> Encoding.of(header(request, HttpHeader.CONTENT_TYPE)))
                .orElse(Encoding.XML);
    }
}
