package org.doctorbird.app.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipFile;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A real PostgreSQL server for tests: one cluster a version and JVM, started at first use, stopped
/// with the JVM.
///
/// The server's time zone is not the JVM's, so that a statement that trusts either is found.
/// Nothing is flushed to disk: a test of durability needs a cluster of its own.
public enum TestPostgres {
    /// The oldest server that is promised to work.
    OLDEST {
        @Override
        EmbeddedPostgres.Builder builder() {
            return EmbeddedPostgres.builder().setPgBinaryResolver(besideTheClassPath());
        }
    },

    /// The newest server that is promised to work.
    NEWEST {
        @Override
        EmbeddedPostgres.Builder builder() {
            return EmbeddedPostgres.builder();
        }
    };

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static final ConcurrentMap<TestPostgres, EmbeddedPostgres> CLUSTERS =
            new ConcurrentHashMap<>();

    private static final ConcurrentMap<String, HikariDataSource> POOLS = new ConcurrentHashMap<>();

    abstract EmbeddedPostgres.Builder builder();

    /// A database of its own for one test.
    ///
    /// @param name the database's name, unique in its cluster
    /// @param url JDBC address with user, without the server's error details (they quote rows)
    public record Database(String name, String url) {

        /// Opens a connection; the caller closes it.
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url);
        }

        /// Returns the database's pool, which ends with [#endPool] or with the JVM.
        public DataSource dataSource() {
            return POOLS.computeIfAbsent(url, Database::pool);
        }

        /// Closes the pool; a later use makes another one.
        public void endPool() {
            HikariDataSource pool = POOLS.remove(url);
            if (pool != null) {
                pool.close();
            }
        }

        /// A server needs much longer to begin a connection than to run a small transaction.
        private static HikariDataSource pool(String url) {
            var source = new PGSimpleDataSource();
            source.setUrl(url);
            var config = new HikariConfig();
            config.setDataSource(source);
            config.setMinimumIdle(0);
            config.setIdleTimeout(10_000);
            return new HikariDataSource(config);
        }
    }

    /// Creates an empty database; starts the cluster if it does not run yet (1 to 2 seconds).
    public Database freshDatabase() {
        return create("");
    }

    /// Copies a database to which no connection is open, such as a backup or a cloned disk would.
    public Database copy(Database original) {
        return create(" template " + original.name());
    }

    private Database create(String template) {
        String name = "test_" + DATABASES.incrementAndGet();
        try (var connection = DriverManager.getConnection(url("postgres"));
                var statement = connection.createStatement()) {
            statement.execute("create database " + name + template);
        } catch (SQLException e) {
            throw new IllegalStateException("no fresh database on " + this, e);
        }
        return new Database(name, url(name));
    }

    /// Returns the superuser's JDBC address of a database of this cluster, which is started if
    /// needed.
    public String url(String database) {
        return "jdbc:postgresql://localhost:"
                + port()
                + "/"
                + database
                + "?user=postgres&logServerErrorDetail=false";
    }

    /// Returns the port on loopback at which the cluster listens.
    public int port() {
        return CLUSTERS.computeIfAbsent(this, TestPostgres::start).getPort();
    }

    private EmbeddedPostgres start() {
        try {
            return builder()
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setServerConfig("timezone", "America/Jamaica")
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_connections", "400")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PostgreSQL " + this, e);
        }
    }

    /// The build copies the oldest server's binaries there: two versions of one artifact cannot
    /// share a class path.
    private static PgBinaryResolver besideTheClassPath() {
        Path jar =
                Path.of(
                        System.getProperty(
                                "doctorbird.postgres.oldest",
                                "target/postgres/postgres-oldest.jar"));
        return (system, machine) -> {
            try (var zip = new ZipFile(jar.toFile())) {
                var entry =
                        zip.stream()
                                .filter(e -> e.getName().endsWith(".txz"))
                                .findFirst()
                                .orElseThrow(() -> new IOException("no server in " + jar));
                return bytesOf(zip.getInputStream(entry));
            }
        };
    }

    private static InputStream bytesOf(InputStream in) throws IOException {
        try (in) {
            return new ByteArrayInputStream(in.readAllBytes());
        }
    }
}
