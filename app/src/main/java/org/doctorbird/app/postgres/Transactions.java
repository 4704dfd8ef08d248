package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import javax.sql.DataSource;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// Runs the engine's transactions: READ COMMITTED, with settings that make every value's text the
/// same everywhere, and recognisable to the triggers as the engine's own.
final class Transactions {

    /*
     * lock_timeout lies below PostgreSQL's deadlock_timeout of one second, so that in a deadlock the
     * engine gives way and not the application. Plans are made for the parameters at hand: the
     * number of uids in an array decides between index and scan, with a leaning to the index. All
     * settings end with the transaction, so that a connection from whatever source can be used.
     */
    private static final String BEGIN =
            """
            select set_config('doctorbird.applying', 'on', true),
              set_config('lock_timeout', '800ms', true),
              set_config('plan_cache_mode', 'force_custom_plan', true),
              set_config('random_page_cost', '1.1', true),
              set_config('jit', 'off', true),
              set_config('client_min_messages', 'warning', true),
              set_config('DateStyle', 'ISO, MDY', true),
              set_config('IntervalStyle', 'postgres', true),
              set_config('TimeZone', 'UTC', true),
              set_config('bytea_output', 'hex', true),
              set_config('extra_float_digits', '1', true),
              set_config('lc_monetary', 'C', true),
              set_config('xmloption', 'content', true)
            """;

    private static final int ATTEMPTS_MAX = 4;
    private static final long PAUSE_MAX_MS = 150;

    private final DataSource source;

    Transactions(DataSource source) {
        this.source = source;
    }

    /// Runs the work: committed when it returns, rolled back when it throws. Work that collided
    /// with somebody else's is run again a few times, after a short pause of random length.
    <T> T run(Function<Statements, T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (SyncException e) {
                if (e.code() != ErrorCode.WRITES_COLLIDED || attempt == ATTEMPTS_MAX) {
                    throw e;
                }
                pause(attempt, e);
            }
        }
    }

    private static void pause(int attempt, SyncException collision) {
        try {
            Thread.sleep(attempt * ThreadLocalRandom.current().nextLong(PAUSE_MAX_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw collision;
        }
    }

    private <T> T once(Function<Statements, T> work) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            boolean isDone = false;
            try {
                var statements = new Statements(connection);
                statements.query(BEGIN, row -> row.getString(1));
                T result = work.apply(statements);
                connection.commit();
                isDone = true;
                return result;
            } finally {
                if (!isDone) {
                    rollBack(connection);
                }
            }
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "the database ended the transaction");
        }
    }

    /// A connection that cannot roll back is broken, and PostgreSQL rolls back by itself. What made
    /// us roll back is on its way to the caller already.
    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            abort(connection);
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is closed already.
        }
    }
}
