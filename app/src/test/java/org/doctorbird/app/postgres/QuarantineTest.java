package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.QuarantineChoice;
import org.doctorbird.exchange.QuarantineRetry;
import org.doctorbird.exchange.Retried;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Records that a real database of central refuses.
final class QuarantineTest {

    private static final InstanceId MAY_PEN = new InstanceId(1);
    private static final int ATTEMPTS_PER_BAD = 21;
    private static final int STATEMENTS_PER_ATTEMPT = 11;

    private static final String TABLES =
            """
            create table person (id serial primary key, name text not null check (name <> 'Zorro'),
              code text unique, born date, parent integer references person);
            create table visit (id serial primary key, person integer not null references person);
            create table place (id serial primary key, name text check (name <> 'nowhere'));
            create function stop() returns trigger language plpgsql as $$
            begin
              if new.name like 'Stop%' then raise exception 'stopped at %', new.name; end if;
              return new;
            end $$;
            create trigger stop before insert or update on person
              for each row execute function stop();
            """;

    private static final String PLAN =
            """
            format = 1
            application = "plain"
            [[model]]
            name = "person"
            table = "person"
            batch = 1000
            [[model]]
            name = "place"
            table = "place"
            [[model]]
            name = "visit"
            table = "visit"
            batch = 1000
            """;

    private static final String PLAN_WITHOUT_VISITS =
            PLAN.substring(0, PLAN.lastIndexOf("[[model"));

    private InstalledDatabase database = make();
    private CountingSource source = new CountingSource(database.database.dataSource());

    private static InstalledDatabase make() {
        try {
            var made = new InstalledDatabase(TestPostgres.NEWEST, TABLES);
            var _ = made.install(Role.CENTRAL, PLAN);
            return made;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make a database", e);
        }
    }

    @AfterEach
    void closeConnections() throws SQLException {
        database.close();
    }

    private CentralModels models(String plan) {
        return new CentralModels(
                "1",
                plan,
                PlanFile.parse(plan),
                tables(plan).stream().map(SyncedTable::shape).toList());
    }

    private List<SyncedTable> tables(String plan) {
        return SyncedTables.of(PlanFile.parse(plan), Catalogue.read(database.engine));
    }

    private CentralExchange central(ExchangeListener listener) {
        return new CentralExchange(
                new PostgresCentralStore(source, tables(PLAN)), models(PLAN), listener);
    }

    private QuarantineRetry<?> retry(String plan) {
        return QuarantineRetry.atCentral(
                new PostgresCentralStore(source, tables(plan)),
                models(plan),
                ExchangeListener.NONE);
    }

    private static PushedRecord person(int number, String name) {
        var values = new HashMap<String, @Nullable String>();
        values.put("name", name);
        values.put("code", null);
        values.put("born", null);
        values.put("parent", null);
        return pushed(uid(number), values);
    }

    private static PushedRecord pushed(UUID uid, Map<String, @Nullable String> values) {
        return new PushedRecord(uid, Optional.empty(), 1, Fields.of(values), false);
    }

    private static PushedRecord with(PushedRecord person, String field, String value) {
        var values = new HashMap<String, @Nullable String>();
        person.fields().names().list().forEach(n -> values.put(n, person.fields().get(n)));
        values.put(field, value);
        return pushed(person.uid(), values);
    }

    private static PushedRecord visit(int number, int person) {
        return pushed(uid(number), new HashMap<>(Map.of("person", uid(person).toString())));
    }

    private List<PushAnswer> push(String model, List<PushedRecord> records) {
        return central(ExchangeListener.NONE).push(MAY_PEN, model, records);
    }

    private void letTimePass() throws SQLException {
        database.run("update doctorbird.engine_quarantine set next_try = clock_timestamp()");
    }

    /// Goal: a thousand records with a few bad ones cost the logarithm for each bad one.
    @Test
    void aBadRecordInAThousandCostsALogarithm() {
        int[] counts = new int[3];
        int[] bad = {0, 1, 5};
        for (int run = 0; run < bad.length; run++) {
            var records = new ArrayList<PushedRecord>();
            for (int i = 0; i < 1_000; i++) {
                boolean isBad = i % 200 == 77 && i / 200 < bad[run];
                records.add(person(10_000 * run + i + 1, isBad ? "Zorro" : "Ida"));
            }
            var exchange = central(ExchangeListener.NONE);
            var _ = source.count();
            List<PushAnswer> answers = exchange.push(MAY_PEN, "person", records);
            counts[run] = source.count();
            assertThat(answers.stream().filter(PushAnswer.Rejected.class::isInstance))
                    .hasSize(bad[run]);
        }
        assertThat(counts[1] - counts[0]).isLessThan(ATTEMPTS_PER_BAD * STATEMENTS_PER_ATTEMPT);
        assertThat(counts[2] - counts[0]).isLessThan(5 * ATTEMPTS_PER_BAD * STATEMENTS_PER_ATTEMPT);
    }

    /// A required reference to a record that the same batch brings and the database refuses.
    @Test
    void whatRefersToARefusedRecordCostsNoStatementEach() throws SQLException {
        database.run(
                "create table chain (id serial primary key, name text check (name <> 'bad'), up integer not null references chain)");
        String plan = PLAN + "[[model]]\nname = \"chain\"\ntable = \"chain\"\nbatch = 1000\n";
        var _ = database.install(Role.CENTRAL, plan);
        var records = new ArrayList<PushedRecord>();
        for (int i = 1; i <= 300; i++) {
            var values = new HashMap<String, @Nullable String>();
            values.put("name", i == 1 ? "bad" : "good");
            values.put("up", uid(1).toString());
            records.add(pushed(uid(i), values));
        }
        var exchange =
                new CentralExchange(
                        new PostgresCentralStore(source, tables(plan)),
                        models(plan),
                        ExchangeListener.NONE);
        var _ = source.count();

        List<PushAnswer> answers = exchange.push(MAY_PEN, "chain", records);

        assertThat(answers.getFirst()).isInstanceOf(PushAnswer.Rejected.class);
        assertThat(answers.subList(1, 300)).allMatch(PushAnswer.Parked.class::isInstance);
        assertThat(source.count()).isLessThan(ATTEMPTS_PER_BAD * STATEMENTS_PER_ATTEMPT);
    }

    @Test
    void tryingAgainTakesTheSameNumberOfStatementsForAnyBatch() throws SQLException {
        int[] counts = new int[2];
        int[] sizes = {3, 300};
        for (int run = 0; run < sizes.length; run++) {
            int first = 1_000 * run;
            var _ =
                    push(
                            "person",
                            IntStream.range(0, sizes[run])
                                    .mapToObj(i -> person(first + i + 1, "Zorro"))
                                    .toList());
            database.run("alter table person drop constraint person_name_check");
            letTimePass();
            QuarantineRetry<?> retry = retry(PLAN);
            var _ = source.count();
            assertThat(retry.due()).isEqualTo(new Retried(sizes[run], 0, 0));
            counts[run] = source.count();
            database.run("delete from person");
            database.run(
                    "alter table person add constraint person_name_check check (name <> 'Zorro')");
        }
        assertThat(counts[1]).isEqualTo(counts[0]);
    }

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
    }

    /// Goal: what a database says of a row reaches the quarantine and nothing else. Method: one
    /// record for each kind of refusal, each with the same name in it.
    @Test
    void whatTheDatabaseSaysReachesOnlyTheQuarantine() throws SQLException {
        database.run("alter table person add check (name <> 'Marcia Brown')");
        var records =
                List.of(
                        person(1, "Marcia Brown"),
                        with(person(2, "Ida"), "born", "Marcia Brown"),
                        person(3, "Stop Marcia Brown"),
                        with(person(4, "Ida"), "code", "Marcia Brown"),
                        with(person(5, "Eda"), "code", "Marcia Brown"),
                        with(person(6, "Ida"), "parent", "Marcia Brown"));

        List<PushAnswer> answers = central(new LoggingListener()).push(MAY_PEN, "person", records);
        letTimePass();
        var _ =
                QuarantineRetry.atCentral(
                                new PostgresCentralStore(source, tables(PLAN)),
                                models(PLAN),
                                new LoggingListener())
                        .due();

        assertThat(answers.toString()).doesNotContain("Marcia");
        assertThat(log.list).isNotEmpty();
        assertThat(log.list)
                .allSatisfy(event ->
                        assertThat(event.getFormattedMessage() + event.getKeyValuePairs())
                                .doesNotContain("Marcia"));
        var desk = new QuarantineDesk(database.database.dataSource());
        assertThat(desk.groups().toString()).doesNotContain("Marcia");
        assertThat(desk.records(QuarantineChoice.of("person"), 0, 10).toString())
                .doesNotContain("Marcia");
        assertThat(desk.whole("person", uid(1)).toString()).doesNotContain("Marcia");
        assertThat(desk.whole("person", uid(1)).getFirst().detail()).contains("Marcia");
        assertThat(desk.whole("person", uid(3)).getFirst().detail()).contains("Marcia");
    }

    @Test
    void aPlanThatComesIntoForceMakesAllDue() throws SQLException {
        var _ = push("person", List.of(person(1, "Zorro"), person(2, "Zorro")));
        new QuarantineDesk(database.database.dataSource())
                .drop(QuarantineChoice.of("person", uid(2)));
        assertThat(retry(PLAN).due()).isEqualTo(new Retried(0, 0, 0));

        var _ = database.install(Role.CENTRAL, PLAN);

        assertThat(retry(PLAN).due()).isEqualTo(new Retried(0, 1, 0));
    }

    @Test
    void aPushIsKeptWhenTheTableIsMissing() throws SQLException {
        CentralExchange exchange = central(ExchangeListener.NONE);
        QuarantineRetry<?> retry = retry(PLAN);
        var _ = exchange.push(MAY_PEN, "person", List.of(person(2, "Ida")));
        database.run("alter table visit rename to gone");

        List<PushAnswer> answers = exchange.push(MAY_PEN, "visit", List.of(visit(1, 2)));
        letTimePass();
        Retried missing = retry.due();
        database.run("alter table gone rename to visit");
        letTimePass();
        Retried back = retry.due();

        assertThat(answers)
                .containsExactly(
                        new PushAnswer.Rejected(
                                uid(1),
                                ErrorCode.PLAN_DOES_NOT_FIT,
                                "the model's table is missing or does not fit the plan"));
        assertThat(missing).isEqualTo(new Retried(0, 1, 0));
        assertThat(back).isEqualTo(new Retried(1, 0, 0));
        assertThat(database.value("select count(*) from visit")).isEqualTo("1");
        assertThat(database.value("select count(*) from doctorbird.engine_quarantine"))
                .isEqualTo("0");
    }

    @Test
    void aModelThatCannotBeTriedDoesNotStopOthers() throws SQLException {
        var nowhere = new HashMap<String, @Nullable String>(Map.of("name", "nowhere"));
        var _ = push("person", List.of(person(1, "Zorro")));
        var _ = push("place", List.of(pushed(uid(2), nowhere)));
        QuarantineRetry<?> retry = retry(PLAN);
        database.run(
                """
                alter table place drop constraint place_name_check;
                alter table doctorbird.person rename to away
                """);
        letTimePass();

        assertThatThrownBy(retry::due).isInstanceOf(SyncException.class);

        assertThat(database.value("select name from place")).isEqualTo("nowhere");
        assertThat(database.rows("select model from doctorbird.engine_quarantine"))
                .containsExactly("person");
    }

    @Test
    void aRecordWhoseModelLeavesThePlanIsKept() throws SQLException {
        database.run("alter table visit add check (person is null)");
        var _ = push("person", List.of(person(2, "Ida")));
        var _ = push("visit", List.of(visit(1, 2)));
        letTimePass();

        assertThat(retry(PLAN_WITHOUT_VISITS).due()).isEqualTo(new Retried(0, 1, 0));

        assertThat(database.rows("select code, attempts from doctorbird.engine_quarantine"))
                .containsExactly("DRB-3001|2");
    }

    /// An instance that is reset begins its revisions at 1 again.
    @Test
    void aDropDoesNotBindTheNextDatabaseOfAnInstance() throws SQLException {
        var _ = push("person", List.of(person(1, "Zorro")));
        new QuarantineDesk(database.database.dataSource())
                .drop(QuarantineChoice.of("person", uid(1)));
        assertThat(push("person", List.of(person(1, "Ida"))).getFirst())
                .isInstanceOf(PushAnswer.Rejected.class);
        database.run(
                "insert into doctorbird.engine_instance (id, name, password_hash) values (1, 'may-pen', '')");

        assertThat(InstanceReset.run(database.engine, tables(PLAN), "may-pen")).isTrue();

        assertThat(push("person", List.of(person(1, "Ida"))).getFirst())
                .isInstanceOf(PushAnswer.Accepted.class);
    }

    @Test
    void causesCountWhatIsRefusedAndWhatWaitsForIt() {
        var _ = push("person", List.of(person(1, "Zorro"), person(2, "Zorro"), person(3, "Stop")));
        var _ = push("visit", List.of(visit(4, 1), visit(5, 1)));

        List<QuarantineDesk.Group> groups =
                new QuarantineDesk(database.database.dataSource()).groups();

        assertThat(groups)
                .extracting(group -> group.cause().reason())
                .containsExactly(
                        "constraint person_name_check (23514)",
                        "the database refuses the record (P0001)");
        assertThat(groups).extracting(QuarantineDesk.Group::records).containsExactly(2L, 1L);
        assertThat(groups).extracting(QuarantineDesk.Group::waiting).containsExactly(2L, 0L);
        assertThat(
                        new QuarantineDesk(database.database.dataSource())
                                .whole("person", uid(1))
                                .getFirst()
                                .waiting())
                .hasSize(2);
    }
}
