package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/// Counts the statements of the connections it gives.
final class CountingSource extends ForwardingSource {

    private static final Set<String> COUNTED =
            Set.of("prepareStatement", "createStatement", "unwrap");

    private final AtomicInteger statements = new AtomicInteger();

    CountingSource(DataSource source) {
        super(source);
    }

    /// Returns how many statements were run since the last call.
    int count() {
        return statements.getAndSet(0);
    }

    @Override
    Connection given(Connection connection) {
        return proxy(
                Connection.class,
                (_, method, arguments) -> {
                    if (COUNTED.contains(method.getName())) {
                        statements.incrementAndGet();
                    }
                    return invoke(connection, method, arguments);
                });
    }
}
