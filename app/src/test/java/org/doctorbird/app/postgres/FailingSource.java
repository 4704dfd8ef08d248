package org.doctorbird.app.postgres;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Loses the connection at one call of the database, chosen beforehand: before the call takes
/// effect or after it.
final class FailingSource extends ForwardingSource {

    private static final Set<String> CALLS =
            Set.of("execute", "executeQuery", "executeUpdate", "commit", "unwrap");

    private final Fault fault;

    FailingSource(DataSource source, Fault fault) {
        super(source);
        this.fault = fault;
    }

    /// When the connection gets lost. One may be shared by several sources.
    static final class Fault {

        private int left;
        private boolean isAfter;

        /// @param call 1 for the next one
        void arm(int call, boolean isAfterwards) {
            left = call;
            isAfter = isAfterwards;
        }

        /// Returns whether the chosen call was reached since [#arm]; there will be no fault now.
        boolean disarm() {
            boolean isReached = left <= 0;
            left = 0;
            return isReached;
        }

        private boolean isDue() {
            if (left == 0) {
                return false;
            }
            left--;
            return left == 0;
        }
    }

    @Override
    Connection given(Connection connection) {
        return failing(Connection.class, connection, connection);
    }

    private <T> T failing(Class<T> type, T real, Connection connection) {
        return proxy(type, (_, method, arguments) -> call(real, method, arguments, connection));
    }

    private @Nullable Object call(
            Object real, Method method, Object @Nullable [] arguments, Connection connection)
            throws Throwable {
        boolean isLost = CALLS.contains(method.getName()) && fault.isDue();
        if (isLost && !fault.isAfter) {
            throw lost(connection);
        }
        Object result = invoke(real, method, arguments);
        if (isLost) {
            throw lost(connection);
        }
        return switch (result) {
            case PreparedStatement statement ->
                    failing(PreparedStatement.class, statement, connection);
            case Statement statement -> failing(Statement.class, statement, connection);
            case null, default -> result;
        };
    }

    private static SQLException lost(Connection connection) throws SQLException {
        connection.abort(Runnable::run);
        return new SQLException("the connection is lost", "08006");
    }
}
