package org.doctorbird.app.postgres;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Set;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Loses the connection at one call of the database, chosen beforehand: before the call takes
/// effect or after it.
final class FailingSource implements DataSource {

    private static final Set<String> CALLS =
            Set.of("execute", "executeQuery", "executeUpdate", "commit", "unwrap");

    private final DataSource source;
    private final Fault fault;

    FailingSource(DataSource source, Fault fault) {
        this.source = source;
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
    public Connection getConnection() throws SQLException {
        Connection connection = source.getConnection();
        return proxy(Connection.class, connection, connection);
    }

    private <T> T proxy(Class<T> type, T real, Connection connection) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> call(real, method, arguments, connection)));
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
                    proxy(PreparedStatement.class, statement, connection);
            case Statement statement -> proxy(Statement.class, statement, connection);
            case null, default -> result;
        };
    }

    private static @Nullable Object invoke(
            Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static SQLException lost(Connection connection) throws SQLException {
        connection.abort(Runnable::run);
        return new SQLException("the connection is lost", "08006");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return source.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        source.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        source.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return source.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return source.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return source.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return source.isWrapperFor(type);
    }
}
