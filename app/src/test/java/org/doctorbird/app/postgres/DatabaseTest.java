package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Lease;
import org.doctorbird.exchange.Settlement;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Write;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DatabaseTest {

    private static final ETag ETAG = new ETag(1_000_000_000_000_001L);

    private static final String PLAN =
            """
            format = 1
            application = "plain"

            [[model]]
            name = "party"
            table = "party"
            mode = "full"
            """;

    private static ErrorCode codeOf(Throwable failure) {
        return ((SyncException) failure).code();
    }

    @Test
    void aDatabaseThatIsNotThereIsUnreachable() {
        try (var database =
                Database.open("jdbc:postgresql://localhost:1/nowhere", "nobody", "", 1)) {
            var store = new PostgresCentralStore(database.source(), List.of());
            assertThatThrownBy(() -> store.inTransaction(CentralTransaction::now))
                    .isInstanceOf(SyncException.class)
                    .satisfies(failure ->
                            assertThat(codeOf(failure)).isEqualTo(ErrorCode.DATABASE_UNREACHABLE));
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aDatabaseWithoutTheEngineIsNotInstalled(TestPostgres server) {
        var store = new PostgresCentralStore(server.freshDatabase().dataSource(), List.of());
        assertThatThrownBy(() -> store.inTransaction(CentralTransaction::epoch))
                .satisfies(
                        failure -> assertThat(codeOf(failure)).isEqualTo(ErrorCode.NOT_INSTALLED));
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void noErrorQuotesARow(TestPostgres server) throws SQLException {
        var database =
                StoreDatabase.make(
                        server,
                        """
                        create table party (id serial primary key, name text);
                        create function stop() returns trigger language plpgsql as $$
                        begin
                          raise exception 'stopped at %', new.name using errcode = '40001';
                        end $$;
                        create trigger stop before insert on party
                          for each row execute function stop();
                        """,
                        StoreDatabase.model("party", "party"));
        Write write = new Write.AtSatellite(uid(1), fields("name", "Marcia Brown"), ETAG);
        assertThatThrownBy(() ->
                        database.satellite()
                                .<List<?>>inTransaction(
                                        t -> t.apply(database.shape("party"), List.of(write))))
                .satisfies(failure -> {
                    assertThat(codeOf(failure)).isEqualTo(ErrorCode.WRITES_COLLIDED);
                    var printed = new StringWriter();
                    failure.printStackTrace(new PrintWriter(printed));
                    assertThat(printed.toString()).doesNotContain("Marcia");
                });
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void theEngineNeedsNoMoreThanItsOwnRole(TestPostgres server) throws SQLException {
        var fresh = server.freshDatabase();
        String role = "engine_" + fresh.name();
        try (Connection admin = fresh.connect();
                var statement = admin.createStatement()) {
            statement.execute(
                    """
                    create table party (id serial primary key, name text,
                      parent integer references party);
                    create role %1$s login password 'x';
                    grant create, temporary on database %2$s to %1$s;
                    grant select, insert, update, delete, trigger on party to %1$s;
                    grant usage on sequence party_id_seq to %1$s;
                    """
                            .formatted(role, fresh.name()));
        }
        String url = "jdbc:postgresql://localhost:" + server.port() + "/" + fresh.name();
        try (var database = Database.open(url, role, "x", 3)) {
            Plan plan = PlanFile.parse(PLAN);
            List<SyncedTable> tables;
            try (Connection connection = database.source().getConnection()) {
                var _ = Installer.installSatellite(connection, PLAN, plan, "1");
                tables = SyncedTables.of(plan, Catalogue.read(connection));
            }
            exchangeAsSatellite(database, fresh, tables);
        }
    }

    private static void exchangeAsSatellite(
            Database database, TestPostgres.Database fresh, List<SyncedTable> tables)
            throws SQLException {
        var shape = tables.getFirst().shape();
        var store = new PostgresSatelliteStore(database.source(), tables);
        try (Connection application = fresh.connect();
                var statement = application.createStatement()) {
            statement.execute("insert into party (name) values ('a')");
        }
        Lease lease = new Leases(database.source()).take("push/party");
        int pushed =
                store.inTransaction(t -> {
                    t.fence(lease);
                    var pending =
                            t.pending(
                                            shape,
                                            UidRange.ALL,
                                            Optional.empty(),
                                            BatchLimit.ofRecords(10))
                                    .records();
                    t.settle(
                            shape,
                            pending.stream()
                                    .map(some ->
                                            new Settlement.InStep(
                                                    some.uid(), some.revision(), ETAG))
                                    .toList());
                    return pending.size();
                });
        assertThat(pushed).isEqualTo(1);
        Write write =
                new Write.AtSatellite(
                        uid(1), fields("name", "b", "parent", uid(2).toString()), ETAG);
        assertThat(store.<List<?>>inTransaction(t -> t.apply(shape, List.of(write)))).isEmpty();
        assertThat(store.<List<?>>inTransaction(t -> t.takeReady(10))).isEmpty();
        int waiting =
                store.inTransaction(t ->
                        t.pending(shape, UidRange.ALL, Optional.empty(), BatchLimit.ofRecords(10))
                                .records()
                                .size());
        assertThat(waiting).isZero();
        assertThat(new PostgresStatus(database.source(), tables).digest(shape)).startsWith("2/");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aRightThatIsMissingIsNamed(TestPostgres server) throws SQLException {
        var database =
                StoreDatabase.make(
                        server,
                        "create table party (id serial primary key, name text)",
                        StoreDatabase.model("party", "party"));
        String role = "poor_" + database.rows("select current_database()").getFirst();
        database.run(
                """
                create role %1$s login;
                grant usage on schema doctorbird to %1$s;
                grant all on all tables in schema doctorbird to %1$s
                """
                        .formatted(role));
        try (var pool =
                Database.open(
                        database.rows("select current_database()").stream()
                                .map(name ->
                                        "jdbc:postgresql://localhost:" + server.port() + "/" + name)
                                .findFirst()
                                .orElseThrow(),
                        role,
                        "",
                        1)) {
            var store = new PostgresCentralStore(pool.source(), database.tables());
            assertThatThrownBy(() ->
                            store.inTransaction(t ->
                                    t.apply(
                                            database.shape("party"),
                                            List.of(
                                                    new Write.AtCentral(
                                                            uid(1),
                                                            fields("name", "x"),
                                                            Set.of("name"),
                                                            ETAG,
                                                            new InstanceId(1),
                                                            1,
                                                            false)))))
                    .satisfies(failure ->
                            assertThat(codeOf(failure)).isEqualTo(ErrorCode.RIGHTS_MISSING));
            assertThat(store.inTransaction(CentralTransaction::horizon)).isPositive();
            assertThat(
                            store.inTransaction(t ->
                                            t.read(
                                                    database.shape("party"),
                                                    new InstanceId(1),
                                                    Feed.NEW,
                                                    Cursor.START,
                                                    BatchLimit.ofRecords(5),
                                                    Optional.empty()))
                                    .records())
                    .isEmpty();
        }
    }
}
