package org.doctorbird.app.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// Runs statements on one connection whose transaction somebody else began and ends.
///
/// Parameters are `String`, `Integer`, `Long`, `Boolean`, `UUID`, null, or arrays of `String`,
/// `UUID`, `int` and `long`.
final class Statements {

    private final Connection connection;

    Statements(Connection connection) {
        this.connection = connection;
    }

    /// Writes rows.
    interface Writing {
        void run() throws SQLException;
    }

    /// Makes a value of the row that the result stands at.
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /// Looks at the row that the result stands at.
    interface RowVisitor {
        /// @return false to read no further row
        boolean visit(ResultSet row) throws SQLException;
    }

    /// Runs one or more statements without parameters and results, in one round trip.
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Lets the transaction end without waiting for its flush to the disk; see
    /// [org.doctorbird.exchange.SatelliteTransaction#needNotLast].
    void needNotLast() throws SQLException {
        execute("set local synchronous_commit = off");
    }

    /// Returns the major version of the server, such as 18; no round trip.
    int serverVersion() throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    /// Writes rows of the application's tables. PostgreSQL checks each row's foreign keys by a
    /// statement of its own, and keeps these statements' plans here, which always go by index.
    /// Otherwise it would plan them anew for each row, as [Transactions] has it.
    void keepingPlans(Writing writing) throws SQLException {
        execute("set local plan_cache_mode = auto; set local enable_seqscan = off");
        writing.run();
        execute("set local plan_cache_mode = force_custom_plan; set local enable_seqscan = on");
    }

    /// Returns how many rows were written.
    int update(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    /// Returns the rows in the order of the result.
    <T> List<T> query(String sql, RowMapper<T> mapper, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            var results = new ArrayList<T>();
            while (rows.next()) {
                results.add(mapper.map(rows));
            }
            return results;
        }
    }

    /// Returns the first row.
    <T> Optional<T> first(String sql, RowMapper<T> mapper, @Nullable Object... parameters)
            throws SQLException {
        return query(sql, mapper, parameters).stream().findFirst();
    }

    /// Reads rows a few at a time, so that a large result needs little memory.
    ///
    /// @param fetchSize rows in one round trip, 1 or more
    void visit(String sql, int fetchSize, RowVisitor visitor, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            statement.setFetchSize(fetchSize);
            try (ResultSet rows = statement.executeQuery()) {
                boolean goesOn = true;
                while (goesOn && rows.next()) {
                    goesOn = visitor.visit(rows);
                }
            }
        }
    }

    /// Sends rows to a `copy … from stdin`.
    ///
    /// @return how many were stored
    long copy(String sql, byte[] rows) throws SQLException {
        try {
            return connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(sql, new ByteArrayInputStream(rows), 1 << 16);
        } catch (IOException e) {
            throw new SQLException("connection lost while copying", "08006", e);
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, driverValue(parameters[i]));
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private @Nullable Object driverValue(@Nullable Object parameter) throws SQLException {
        return switch (parameter) {
            case String[] texts -> connection.createArrayOf("text", texts);
            case UUID[] uids -> new UidArray(uids);
            case int[] numbers ->
                    connection.createArrayOf(
                            "int4", IntStream.of(numbers).boxed().toArray(Integer[]::new));
            case long[] numbers ->
                    connection.createArrayOf(
                            "int8", LongStream.of(numbers).boxed().toArray(Long[]::new));
            case null -> null;
            default -> parameter;
        };
    }
}
