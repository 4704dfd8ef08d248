package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.plan.Rules;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;

/// A central whose plan has every kind of rule, with its triggers: an application writes, and
/// interest is computed.
final class InterestWorld implements AutoCloseable {

    static final String TABLES =
            """
            create table doctor (id serial primary key, name text, is_public boolean not null default false);
            create table card (id serial primary key, name text);
            create table card_note (id serial primary key,
                card integer not null references card on delete cascade, name text);
            create table patient (id serial primary key, name text, institution text,
                doctor integer references doctor on delete set null,
                card integer references card on delete set null,
                mother integer references patient on delete set null);
            create table encounter (id serial primary key, name text,
                patient integer references patient on delete cascade,
                doctor integer references doctor on delete set null);
            create table room (id serial primary key, name text);
            create table lab (id serial primary key, name text,
                encounter integer not null references encounter on delete cascade,
                room integer references room on delete set null,
                doctor integer references doctor on delete set null);
            create table notice (id serial primary key, name text,
                patient integer references patient on delete set null);
            """;

    private static final Interest NOBODY = Interest.where("false");

    static final List<ModelPlan> RULES =
            List.of(
                    model("doctor", Interest.where("is_public and name <> ':nothing'")),
                    model("card", NOBODY),
                    model("card_note", Interest.follows("card")),
                    model("patient", Interest.where("institution = :institution").bringing("card")),
                    model("encounter", Interest.follows("patient")),
                    model("room", NOBODY),
                    model("lab", Interest.follows("encounter").leaving("room")),
                    model("notice", Interest.ALL));

    final InstalledDatabase database;
    private final DataSource source;
    private List<SyncedTable> tables = List.of();
    private CentralExchange exchange;

    InterestWorld(TestPostgres postgres) throws SQLException {
        this.database = new InstalledDatabase(postgres, TABLES);
        this.source = database.database.dataSource();
        this.exchange = install(RULES);
        database.run(
                """
                insert into doctorbird.engine_instance (id, name, password_hash, attributes) values
                  (1, 'may-pen', '', '{"institution": "a"}'), (2, 'lionel-town', '', '{"institution": "b"}'),
                  (3, 'spalding', '', '{}'), (9, 'mandeville', '', '{"institution": "b"}')
                """);
    }

    static ModelPlan model(String name, Interest interest) {
        return new ModelPlan(
                name, name, Mode.FULL, Optional.empty(), Set.of(), 1_000, Rules.of(interest));
    }

    static Plan plan(List<ModelPlan> models) {
        return new Plan(Application.PLAIN, models);
    }

    /// Puts other rules into force.
    CentralExchange install(List<ModelPlan> models) {
        String text = Integer.toString(models.hashCode());
        Installer.installCentral(database.engine, text, plan(models));
        tables = SyncedTables.of(plan(models), Catalogue.read(database.engine));
        exchange =
                new CentralExchange(
                        new PostgresCentralStore(source, tables),
                        new CentralModels(
                                "1",
                                text,
                                plan(models),
                                tables.stream().map(SyncedTable::shape).toList()),
                        ExchangeListener.NONE);
        return exchange;
    }

    List<SyncedTable> tables() {
        return tables;
    }

    CentralExchange exchange() {
        return exchange;
    }

    PostgresCentralStore store() {
        return new PostgresCentralStore(source, tables);
    }

    void compute() {
        int rounds = 0;
        while (!exchange.computeInterest(3)) {
            assertThat(rounds++).isLessThan(1_000);
        }
    }

    /// Returns what a computation of everything says otherwise.
    List<String> differing() throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            List<String> differing =
                    InterestReview.run(new Statements(connection), new TablesByModel(tables))
                            .differing();
            connection.rollback();
            return differing;
        }
    }

    void set(int instance, String institution) throws SQLException {
        try (Connection connection = source.getConnection()) {
            assertThat(
                            InstanceAttributes.set(
                                    connection,
                                    tables,
                                    Integer.toString(instance),
                                    Map.of(
                                            "institution",
                                            Optional.of(institution)
                                                    .filter(some -> !some.isEmpty()))))
                    .isTrue();
        }
    }

    void pin(String model, int instance, Optional<Integer> days, List<UUID> uids) {
        var _ =
                store().<Integer>inTransaction(transaction ->
                        transaction.pin(
                                shape(model),
                                new InstanceId(instance),
                                new PinRequest(uids, "a visit", days)));
    }

    void release(String model, int instance, List<UUID> uids) {
        var _ =
                store().<Integer>inTransaction(transaction ->
                        transaction.release(shape(model), new InstanceId(instance), uids));
    }

    boolean isDue() {
        return store().<Boolean>inTransaction(CentralTransaction::isInterestDue);
    }

    ModelShape shape(String model) {
        return new TablesByModel(tables).get(model).shape();
    }

    UUID uid(String model, int id) throws SQLException {
        return UUID.fromString(
                database.value("select uid from doctorbird.%s where id = %d".formatted(model, id)));
    }

    /// Returns both sets of a record, such as `01|0101`.
    String sets(String model, int id) throws SQLException {
        return database.value(
                """
                select rtrim(direct_instances::text, '0'), rtrim(interested_instances::text, '0')
                from doctorbird.%s where id = %d
                """
                        .formatted(model, id));
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
