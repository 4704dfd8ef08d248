package org.doctorbird.app.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.doctorbird.exchange.VerifyOrder;
import org.doctorbird.exchange.VerifyReport;

/// At central: what instances are to compare, the last order of each, and what came of it.
public final class VerifyOrders {

    private final Statements statements;

    VerifyOrders(Statements statements) {
        this.statements = statements;
    }

    /// Works on a connection, each call in a transaction of its own if the connection commits by
    /// itself.
    public VerifyOrders(Connection connection) {
        this(new Statements(connection));
    }

    /// An order and what is known of it.
    ///
    /// @param report empty as long as the instance has not reported
    public record Standing(
            VerifyOrder order,
            Instant asked,
            Optional<Instant> answered,
            Optional<VerifyReport> report) {}

    /// Orders a comparison in the place of what was ordered before.
    ///
    /// @param instance one that is there
    /// @return the order's number
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE`
    public long place(int instance, List<String> models, boolean isDeep, boolean repairs) {
        try {
            return statements
                    .first(
                            """
                            insert into doctorbird.engine_verify_order as o
                              (instance, number, models, is_deep, repairs)
                            values (?, 1, ?, ?, ?)
                            on conflict (instance) do update set number = o.number + 1,
                              models = excluded.models, is_deep = excluded.is_deep,
                              repairs = excluded.repairs, asked_at = excluded.asked_at,
                              answered_at = null, records = null, damaged = null,
                              remaining = null, damaged_models = null, failure = null
                            returning number
                            """,
                            row -> row.getLong(1),
                            instance,
                            models.toArray(String[]::new),
                            isDeep,
                            repairs)
                    .orElseThrow();
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot order a comparison");
        }
    }

    /// Returns the last order to an instance.
    ///
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE`
    public Optional<Standing> last(int instance) {
        try {
            return statements.first(
                    """
                    select number, models, is_deep, repairs, asked_at, answered_at,
                      coalesce(records, 0), coalesce(damaged, 0), coalesce(remaining, 0),
                      coalesce(damaged_models, '{}'), failure
                    from doctorbird.engine_verify_order where instance = ?
                    """,
                    VerifyOrders::standing,
                    instance);
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot read what was ordered");
        }
    }

    private static Standing standing(ResultSet row) throws SQLException {
        VerifyOrder order = order(row);
        Optional<Instant> answered =
                Optional.ofNullable(row.getObject(6, OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant);
        var report =
                new VerifyReport(
                        order.number(),
                        row.getLong(7),
                        row.getLong(8),
                        row.getLong(9),
                        texts(row.getArray(10)),
                        Optional.ofNullable(row.getString(11)));
        return new Standing(
                order,
                row.getObject(5, OffsetDateTime.class).toInstant(),
                answered,
                answered.map(_ -> report));
    }

    private static VerifyOrder order(ResultSet row) throws SQLException {
        return new VerifyOrder(
                row.getLong(1), texts(row.getArray(2)), row.getBoolean(3), row.getBoolean(4));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    /// See [org.doctorbird.exchange.CentralTransaction#verifyOrder].
    Optional<VerifyOrder> open(int instance) throws SQLException {
        return statements.first(
                """
                select number, models, is_deep, repairs from doctorbird.engine_verify_order
                where instance = ? and answered_at is null
                """,
                VerifyOrders::order,
                instance);
    }

    /// See [org.doctorbird.exchange.CentralTransaction#noteVerified].
    void note(int instance, VerifyReport report) throws SQLException {
        statements.update(
                """
                update doctorbird.engine_verify_order set answered_at = clock_timestamp(),
                  records = ?, damaged = ?, remaining = ?, damaged_models = ?, failure = ?
                where instance = ? and number = ?
                """,
                report.records(),
                report.damaged(),
                report.left(),
                report.models().toArray(String[]::new),
                report.failure().orElse(null),
                instance,
                report.number());
    }
}
