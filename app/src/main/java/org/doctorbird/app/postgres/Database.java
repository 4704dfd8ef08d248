package org.doctorbird.app.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.core.Oid;

/// The connections to the instance's own PostgreSQL.
public final class Database implements AutoCloseable {

    /// The most connections of one pool.
    public static final int CONNECTIONS_MAX = 100;

    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration STATEMENT_MAX = Duration.ofMinutes(10);
    private static final Duration IDLE_IN_TRANSACTION_MAX = Duration.ofMinutes(1);

    /*
     * socketTimeout lies above statement_timeout: the server ends a long statement with an answer,
     * and only a connection over which no answer comes any more is given up. An idle transaction
     * would hold back central's feed and, by its lease, whoever takes its work over; the engine's
     * never wait for anything but the database. Compiling a statement takes longer than any of the
     * engine's runs.
     */
    private static final String OPTIONS =
            "-c default_transaction_isolation=read\\ committed"
                    + " -c statement_timeout="
                    + STATEMENT_MAX.toMillis()
                    + " -c idle_in_transaction_session_timeout="
                    + IDLE_IN_TRANSACTION_MAX.toMillis()
                    + " -c IntervalStyle=postgres -c bytea_output=hex -c lock_timeout=5000"
                    + " -c jit=off";

    private final HikariDataSource pool;

    private Database(HikariDataSource pool) {
        this.pool = pool;
    }

    /// Opens a pool. Does not connect yet, so that a program can start before its database does.
    ///
    /// @param url such as `jdbc:postgresql://localhost/health`
    /// @param password empty if the server asks for none
    /// @param connections at most, 1 to 100
    public static Database open(String url, String user, String password, int connections) {
        if (connections < 1 || connections > CONNECTIONS_MAX) {
            throw new IllegalArgumentException("connections must be 1 to 100: " + connections);
        }
        var properties = new Properties();
        properties.setProperty("user", user);
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "doctorbird");
        properties.setProperty("connectTimeout", seconds(CONNECT_MAX));
        properties.setProperty("loginTimeout", seconds(CONNECT_MAX));
        properties.setProperty("socketTimeout", seconds(STATEMENT_MAX.plusMinutes(1)));
        properties.setProperty("tcpKeepAlive", "true");
        // Parsed once for all its uses.
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("binaryTransferEnable", Integer.toString(Oid.UUID_ARRAY));
        // The server's detail quotes the row that it refuses.
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty("options", OPTIONS);
        var config = new HikariConfig();
        config.setPoolName("doctorbird");
        config.setJdbcUrl(url);
        config.setDataSourceProperties(properties);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_MAX.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql("set time zone 'UTC'; set datestyle to iso, mdy");
        return new Database(new HikariDataSource(config));
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.toSeconds());
    }

    /// Returns the pool, for the stores and for the task engine; closed by [#close].
    public DataSource source() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
