package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeContract;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.SatelliteExchange;
import org.doctorbird.exchange.Site;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.AfterEach;

/// The contract of the exchange on real databases with their triggers; one cluster, three
/// databases.
class PostgresExchangeTest extends ExchangeContract {

    private static final String TABLES =
            """
            create table party_party (
                id serial primary key, name text not null, note text check (note <> 'bad'),
                replaced_by integer references party_party on delete set null);
            create table visit (
                id serial primary key, party integer not null references party_party, note text);
            """;

    private static final String PLAN_TEXT =
            """
            format = 1
            [[model]]
            name = "party.party"
            table = "party_party"
            batch = 4
            [[model]]
            name = "visit"
            table = "visit"
            batch = 4
            """;

    private final Map<InstanceId, InstalledDatabase> databases = new TreeMap<>();
    final List<AutoCloseable> opened = new ArrayList<>();

    /// Returns the version of PostgreSQL to run on.
    TestPostgres postgres() {
        return TestPostgres.NEWEST;
    }

    @AfterEach
    void closeConnections() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }

    InstalledDatabase database(InstanceId instance) {
        return databases.computeIfAbsent(instance, this::make);
    }

    private InstalledDatabase make(InstanceId instance) {
        try {
            var database = new InstalledDatabase(postgres(), TABLES);
            opened.add(database);
            // Local ids differ between instances, as they do in life.
            database.run(
                    "select setval('party_party_id_seq', %d)"
                            .formatted(100 * (instance.number() + 1)));
            if (instance.equals(InstanceId.CENTRAL)) {
                database.install(Role.CENTRAL, PLAN_TEXT);
                database.run(
                        """
                        insert into doctorbird.engine_instance (id, name, password_hash)
                        values (1, 'may-pen', ''), (2, 'lionel-town', '')
                        """);
            } else {
                database.install(Role.SATELLITE, PLAN_TEXT);
            }
            return database;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make a database", e);
        }
    }

    private List<SyncedTable> tables(InstanceId instance) {
        return SyncedTables.of(
                PlanFile.parse(PLAN_TEXT), Catalogue.read(database(instance).engine));
    }

    CentralModels models(InstanceId instance) {
        return new CentralModels(
                "version 1",
                PLAN_TEXT,
                PlanFile.parse(PLAN_TEXT),
                tables(instance).stream().map(SyncedTable::shape).toList());
    }

    @Override
    protected CentralCalls central() {
        InstalledDatabase database = database(InstanceId.CENTRAL);
        return new CentralExchange(
                new PostgresCentralStore(
                        database.database.dataSource(), tables(InstanceId.CENTRAL)),
                models(InstanceId.CENTRAL),
                ExchangeListener.NONE);
    }

    @Override
    protected Cycle cycle(InstanceId instance, Link link) {
        var source = database(instance).database.dataSource();
        var store = new PostgresSatelliteStore(source, tables(instance));
        return new Cycle(
                store,
                link,
                new SatelliteExchange(store, link, ExchangeListener.NONE),
                models(instance),
                List.of(PARTY, VISIT),
                new Leases(source)::take);
    }

    @Override
    protected Site site(InstanceId instance) {
        return new PostgresSite(database(instance), PostgresExchangeTest::tableOf);
    }

    private static String tableOf(String model) {
        return switch (model) {
            case PARTY -> "party_party";
            case VISIT -> "visit";
            default -> throw new IllegalArgumentException(model);
        };
    }

    /// Returns the uid that the engine gave a row, if it has one.
    static Optional<UUID> uidOf(Connection connection, String table, String id)
            throws SQLException {
        return InstalledDatabase.rows(
                        connection,
                        "select uid from doctorbird.%s where id = %s".formatted(table, id))
                .stream()
                .findFirst()
                .map(UUID::fromString);
    }
}
