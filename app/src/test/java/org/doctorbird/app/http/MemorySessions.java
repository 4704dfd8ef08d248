package org.doctorbird.app.http;

import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.doctorbird.exchange.Sessions;
import org.doctorbird.record.InstanceId;

/// Sessions in memory, for tests of the server.
final class MemorySessions implements Sessions {

    static final String NAME = "clinic:three";
    static final String PASSWORD = "påss <word>";

    private final Map<String, InstanceId> sessions = new ConcurrentHashMap<>();
    private final Map<String, InstanceId> instances = new ConcurrentHashMap<>();
    private final AtomicInteger logins = new AtomicInteger();

    MemorySessions(InstanceId instance) {
        know(NAME, instance);
    }

    /// One more login, with the same password.
    void know(String name, InstanceId instance) {
        instances.put(name, instance);
    }

    @Override
    public Optional<Session> login(String name, String password) {
        int number = logins.incrementAndGet();
        InstanceId instance = instances.get(name);
        if (instance == null || !password.equals(PASSWORD)) {
            return Optional.empty();
        }
        String key = HexFormat.of().toHexDigits(number).repeat(8);
        sessions.put(key, instance);
        return Optional.of(new Session(instance, key));
    }

    @Override
    public Optional<InstanceId> find(String key) {
        return Optional.ofNullable(sessions.get(key));
    }

    @Override
    public void end(String key) {
        sessions.remove(key);
    }

    void endAll() {
        sessions.clear();
    }

    int logins() {
        return logins.get();
    }
}
