package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Aside;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.InterestContract;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.QuarantineRetry;
import org.doctorbird.exchange.SatelliteExchange;
import org.doctorbird.exchange.Site;
import org.doctorbird.record.InstanceId;

/// Central and two satellites of a contract test on real databases with their triggers; one
/// cluster, three databases.
final class PostgresRegion {

    private static final String TABLES_OF_INTEREST =
            """
            create table party_party (
                id serial primary key, name text not null, home text,
                replaced_by integer references party_party);
            create table visit (
                id serial primary key, party integer not null references party_party, note text);
            create table party_tag (
                id serial primary key, party integer not null references party_party,
                other integer not null references party_party);
            """;

    private static final String PLAN_OF_INTEREST =
            """
            format = 1
            [[model]]
            name = "party.party"
            table = "party_party"
            batch = 4
            where = "home = :home"
            [[model]]
            name = "visit"
            table = "visit"
            batch = 4
            follows = "party"
            [[model]]
            name = "party.tag"
            table = "party_tag"
            batch = 4
            follows = "party"
            """;

    private final TestPostgres postgres;
    private final String tablesSql;
    private final String planText;
    private final List<String> order;
    private final Map<String, List<String>> fields;
    private final Map<InstanceId, InstalledDatabase> databases = new TreeMap<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private UnaryOperator<DataSource> way = UnaryOperator.identity();

    /// @param order the models' names, each after those it refers to
    /// @param fields the columns of each model
    PostgresRegion(
            TestPostgres postgres,
            String tablesSql,
            String planText,
            List<String> order,
            Map<String, List<String>> fields) {
        this.postgres = postgres;
        this.tablesSql = tablesSql;
        this.planText = planText;
        this.order = order;
        this.fields = fields;
    }

    /// The region of [InterestContract].
    static PostgresRegion ofInterest(TestPostgres postgres) {
        return new PostgresRegion(
                postgres,
                TABLES_OF_INTEREST,
                PLAN_OF_INTEREST,
                InterestContract.ORDER,
                Map.of(
                        InterestContract.PARTY,
                        List.of("name", "home", "replaced_by"),
                        InterestContract.VISIT,
                        List.of("party", "note"),
                        InterestContract.TAG,
                        List.of("party", "other")));
    }

    InstalledDatabase database(InstanceId instance) {
        return databases.computeIfAbsent(instance, this::make);
    }

    private InstalledDatabase make(InstanceId instance) {
        try {
            var database = new InstalledDatabase(postgres, tablesSql);
            opened.add(database);
            // Local ids differ between instances, as they do in life.
            database.run(
                    "select setval('party_party_id_seq', %d)"
                            .formatted(100 * (instance.number() + 1)));
            if (instance.equals(InstanceId.CENTRAL)) {
                database.install(Role.CENTRAL, planText);
                database.run(
                        """
                        insert into doctorbird.engine_instance (id, name, password_hash, attributes)
                        values (1, 'may-pen', '', '{"home": "1"}'),
                          (2, 'lionel-town', '', '{"home": "2"}')
                        """);
            } else {
                database.install(Role.SATELLITE, planText);
            }
            return database;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make a database", e);
        }
    }

    /// Copies an instance's database, as a backup or a cloned disk does.
    TestPostgres.Database copy(InstanceId instance) {
        InstalledDatabase original = database(instance);
        try {
            original.close();
            TestPostgres.Database copy = postgres.copy(original.database);
            put(instance, original.database);
            return copy;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot copy a database", e);
        }
    }

    /// Goes on with another database under an instance's id.
    void put(InstanceId instance, TestPostgres.Database other) {
        try {
            var database = new InstalledDatabase(other);
            opened.add(database);
            databases.put(instance, database);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot open a database", e);
        }
    }

    /// Says that central was restored from a backup.
    void beginEpoch() {
        CentralEpoch.begin(database(InstanceId.CENTRAL).engine, tables(InstanceId.CENTRAL));
    }

    /// Puts something between the engine and its databases.
    void reachDatabasesBy(UnaryOperator<DataSource> newWay) {
        way = newWay;
    }

    private DataSource source(InstanceId instance) {
        return way.apply(database(instance).database.dataSource());
    }

    /// Closes this before the databases.
    void closeFirst(AutoCloseable closeable) {
        opened.addFirst(closeable);
    }

    List<SyncedTable> tables(InstanceId instance) {
        return SyncedTables.of(PlanFile.parse(planText), Catalogue.read(database(instance).engine));
    }

    CentralModels models(InstanceId instance) {
        return new CentralModels(
                "version 1",
                planText,
                PlanFile.parse(planText),
                tables(instance).stream().map(SyncedTable::shape).toList());
    }

    PostgresCentralStore centralStore() {
        return new PostgresCentralStore(source(InstanceId.CENTRAL), tables(InstanceId.CENTRAL));
    }

    CentralExchange central() {
        return new CentralExchange(
                centralStore(), models(InstanceId.CENTRAL), ExchangeListener.NONE);
    }

    QuarantineRetry<?> retry(InstanceId instance) {
        return instance.equals(InstanceId.CENTRAL)
                ? QuarantineRetry.atCentral(centralStore(), models(instance), ExchangeListener.NONE)
                : QuarantineRetry.atSatellite(
                        new PostgresSatelliteStore(source(instance), tables(instance)),
                        models(instance),
                        ExchangeListener.NONE);
    }

    Cycle cycle(InstanceId instance, Link link) {
        DataSource source = source(instance);
        var store = new PostgresSatelliteStore(source, tables(instance));
        return new Cycle(
                store,
                link,
                new SatelliteExchange(store, link, ExchangeListener.NONE),
                models(instance),
                order,
                new Leases(source)::take,
                Aside.AT_ONCE);
    }

    Site site(InstanceId instance) {
        return new PostgresSite(database(instance), fields);
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

    void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }
}
