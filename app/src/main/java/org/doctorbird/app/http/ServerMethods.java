package org.doctorbird.app.http;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.codec.CentralMethods;
import org.doctorbird.exchange.Sessions;
import org.doctorbird.record.InstanceId;
import org.jspecify.annotations.Nullable;

/// What the server can be asked: Tryton's `common` methods, and those of [CentralMethods].
final class ServerMethods {

    private static final String VERSION = "common.server.version";
    private static final String LOGIN = "common.db.login";
    private static final String LOGOUT = "common.db.logout";

    private final CentralMethods central;
    private final Sessions sessions;
    private final FailedLogins failures;
    private final String version;

    /// @param version of the program
    ServerMethods(CentralMethods central, Sessions sessions, InstantSource clock, String version) {
        this.central = central;
        this.sessions = sessions;
        this.failures = new FailedLogins(clock);
        this.version = version;
    }

    /// A caller that has logged in.
    ///
    /// @param key of the session
    record Caller(InstanceId instance, String key) {}

    /// Finds the caller by the header of the request.
    ///
    /// @throws Refusal 401 if the session is unknown or has ended
    Caller caller(SessionHeader header) {
        Optional<InstanceId> found = sessions.find(header.key());
        if (found.isEmpty() || found.get().number() != header.id()) {
            throw new Refusal(401, ErrorCode.SESSION_EXPIRED, "the session has ended");
        }
        return new Caller(found.get(), header.key());
    }

    /// Answers a call outside of any database.
    @Nullable Object callServer(MethodCall call) {
        if (call.method().equals(VERSION)) {
            return version;
        }
        throw new SyncException(
                ErrorCode.METHOD_UNKNOWN, "there is no such method outside of a database");
    }

    /// Answers a call without a session.
    ///
    /// @param address where it comes from
    /// @throws Refusal 401 for a wrong login and for methods that need a session, 429 after too
    ///   many wrong logins
    @Nullable Object callAnonymous(MethodCall call, String address) {
        return switch (call.method()) {
            case VERSION -> version;
            case LOGIN -> login(call.params(), address);
            default -> throw new Refusal(401, ErrorCode.SESSION_EXPIRED, "log in first");
        };
    }

    /// Answers a call within a session.
    ///
    /// @param address where it comes from
    @Nullable Object call(Caller caller, MethodCall call, String address) {
        return switch (call.method()) {
            case VERSION -> version;
            case LOGIN -> login(call.params(), address);
            case LOGOUT -> {
                sessions.end(caller.key());
                yield null;
            }
            default -> central.call(caller.instance(), call.method(), call.params());
        };
    }

    private List<Object> login(List<@Nullable Object> params, String address) {
        if (params.size() < 2
                || !(params.get(0) instanceof String name)
                || !(params.get(1) instanceof Map<?, ?> parameters)) {
            throw new SyncException(
                    ErrorCode.REQUEST_MALFORMED,
                    "common.db.login needs a name and a struct with a password");
        }
        if (!(parameters.get("password") instanceof String password)) {
            throw new Refusal(401, ErrorCode.LOGIN_REFUSED, "no password");
        }
        if (failures.mustWait(name, address)) {
            throw new Refusal(
                    429, ErrorCode.LOGIN_REFUSED, "too many wrong logins; wait five minutes");
        }
        Optional<Sessions.Session> session = sessions.login(name, password);
        if (session.isEmpty()) {
            failures.failed(name, address);
            throw new Refusal(401, ErrorCode.LOGIN_REFUSED, "wrong login or password");
        }
        failures.succeeded(name, address);
        var answer = new ArrayList<Object>();
        answer.add((long) session.get().instance().number());
        answer.add(session.get().key());
        return answer;
    }
}
