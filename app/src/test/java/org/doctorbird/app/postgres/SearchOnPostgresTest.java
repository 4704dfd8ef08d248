package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.SearchQuery.Condition;
import org.doctorbird.exchange.SearchQuery.Operator;
import org.doctorbird.exchange.SearchQuery.Order;
import org.doctorbird.record.InstanceId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Searches at central, on the oldest and the newest server.
final class SearchOnPostgresTest {

    private static final InstanceId CLINIC = new InstanceId(3);

    private static final String TABLES =
            """
            create table party (id serial primary key, code text unique, name text, born date,
                weight numeric, parent integer references party);
            create table patient (id serial primary key, name integer not null references party,
                gravida boolean);
            """;

    private static final String PLAN =
            """
            format = 1
            [[model]]
            name = "party"
            table = "party"
            searchable = ["code", "name", "born", "weight", "parent", "parent.name"]
            shown = ["code", "name", "born", "parent.name"]
            [[model]]
            name = "patient"
            table = "patient"
            searchable = ["name.name", "name.code", "name.born", "gravida"]
            shown = ["name.name", "name.born", "name"]
            """;

    private static final String PEOPLE =
            """
            insert into party (code, name, born, weight) values
              ('A-1', 'José Brown', '1990-02-03', 70.5), ('A-2', 'Jose Browne', '1991-03-04', null),
              ('A-3', 'MARY BROWN', null, 60), ('B-1', 'Zoë O''Neil', '1990-02-03', 1),
              ('B_2', '100% Ida\\n', '2001-01-01', 2), ('B-3', null, null, null),
              ('C-1', 'Smith', '1950-12-31', 3), ('C-2', 'Ñandú ﬁsher', null, null);
            update party set parent = 1 where code in ('A-2', 'A-3');
            insert into patient (name, gravida) values (1, true), (4, null);
            """;

    private static InstalledDatabase installed(TestPostgres server) throws SQLException {
        var database = new InstalledDatabase(server, TABLES);
        database.run(PEOPLE);
        database.install(Role.CENTRAL, PLAN);
        return database;
    }

    private static List<SyncedTable> tables(InstalledDatabase database) throws SQLException {
        try (Connection connection = database.database.connect()) {
            return SyncedTables.of(PlanFile.parse(PLAN), Catalogue.read(connection));
        }
    }

    private static Condition is(String field, Operator operator, @Nullable String... values) {
        return new Condition.Compare(field, operator, Arrays.asList(values));
    }

    private static SearchQuery query(Condition where, Order... order) {
        return new SearchQuery(where, List.of("code"), List.of(order), 0, 100);
    }

    private static List<Found> search(InstalledDatabase database, String model, SearchQuery query)
            throws SQLException {
        List<SyncedTable> tables = tables(database);
        var store = new PostgresCentralStore(database.database.dataSource(), tables);
        var shape = new TablesByModel(tables).get(model).shape();
        return store.inTransaction(transaction -> transaction.search(shape, CLINIC, query));
    }

    private static List<String> codes(InstalledDatabase database, Condition where)
            throws SQLException {
        return search(database, "party", query(where, new Order("code", false))).stream()
                .map(found -> Objects.requireNonNull(found.fields().get("code")))
                .toList();
    }

    private static List<String> best(InstalledDatabase database, Condition where)
            throws SQLException {
        return search(database, "party", query(where)).stream()
                .map(found -> Objects.requireNonNull(found.fields().get("code")))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void findsTextsWithoutCaseAndAccents(TestPostgres server) throws SQLException {
        try (var database = installed(server)) {
            assertThat(codes(database, is("name", Operator.EQUAL, "jose brown")))
                    .containsExactly("A-1");
            assertThat(codes(database, is("name", Operator.LIKE, "JOSÉ%")))
                    .containsExactly("A-1", "A-2");
            assertThat(codes(database, is("name", Operator.LIKE, "%brown%")))
                    .containsExactly("A-1", "A-2", "A-3");
            assertThat(codes(database, is("name", Operator.LIKE, "%brown")))
                    .containsExactly("A-1", "A-3");
            assertThat(codes(database, is("name", Operator.LIKE, "zo_ o%"))).containsExactly("B-1");
            assertThat(codes(database, is("name", Operator.LIKE, "nandu FISHER")))
                    .containsExactly("C-2");
            assertThat(codes(database, is("name", Operator.IN, "SMITH", "mary brown", "nobody")))
                    .containsExactly("A-3", "C-1");
            assertThat(codes(database, is("code", Operator.LESS_OR_EQUAL, "a-2")))
                    .containsExactly("A-1", "A-2");
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void findsMisspeltNamesBestFirst(TestPostgres server) throws SQLException {
        try (var database = installed(server)) {
            assertThat(best(database, is("name", Operator.SIMILAR, "Smyth")))
                    .containsExactly("C-1");
            assertThat(best(database, is("name", Operator.SIMILAR, "Jose Browne")))
                    .startsWith("A-2", "A-1");
            assertThat(best(database, is("name", Operator.SIMILAR, "broun")))
                    .contains("A-1", "A-2", "A-3");
            database.run(
                    "insert into party (code, name) values ('D-1', 'Peter Smith'), ('D-2', 'Paul Smart')");
            assertThat(best(database, is("name", Operator.SIMILAR, "Smyth")))
                    .containsExactly("C-1", "D-1");
            assertThat(best(database, is("name", Operator.LIKE, "%mary%"))).containsExactly("A-3");
            assertThat(
                            best(
                                    database,
                                    new Condition.Compare("name", Operator.LIKE, List.of("mary%"))))
                    .containsExactly("A-3");
            assertThat(best(database, is("name", Operator.LIKE, "%jose brown%")))
                    .containsExactly("A-1", "A-2");
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void comparesOtherFieldsAsTheirKindAndEmptyOnesLikeTryton(TestPostgres server)
            throws SQLException {
        try (var database = installed(server)) {
            assertThat(codes(database, is("born", Operator.EQUAL, "1990-02-03")))
                    .containsExactly("A-1", "B-1");
            assertThat(codes(database, is("born", Operator.GREATER, "1991-01-01")))
                    .containsExactly("A-2", "B_2");
            assertThat(codes(database, is("born", Operator.LIKE, "1990-%")))
                    .containsExactly("A-1", "B-1");
            assertThat(codes(database, is("weight", Operator.EQUAL, "70.50")))
                    .containsExactly("A-1");
            assertThat(codes(database, is("born", Operator.EQUAL, new @Nullable String[] {null})))
                    .containsExactly("A-3", "B-3", "C-2");
            assertThat(codes(database, is("name", Operator.EQUAL, new @Nullable String[] {null})))
                    .containsExactly("B-3");
            assertThat(codes(database, is("name", Operator.NOT_LIKE, "%brown%")))
                    .containsExactly("B-1", "B-3", "B_2", "C-1", "C-2");
            assertThat(codes(database, is("born", Operator.NOT_EQUAL, "1990-02-03")))
                    .containsExactly("A-2", "A-3", "B-3", "B_2", "C-1", "C-2");
            assertThat(codes(database, is("name", Operator.IN, "smith", null)))
                    .containsExactly("B-3", "C-1");
            assertThat(codes(database, is("born", Operator.NOT_IN, "1990-02-03", null)))
                    .containsExactly("A-2", "B_2", "C-1");
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void combinesConditionsAndGoesOverReferences(TestPostgres server) throws SQLException {
        try (var database = installed(server)) {
            Condition brown = is("name", Operator.LIKE, "%brown%");
            Condition code = is("code", Operator.EQUAL, "c-1");
            Condition old = is("born", Operator.LESS, "1991-01-01");
            assertThat(codes(database, new Condition.All(List.of(brown, old))))
                    .containsExactly("A-1");
            assertThat(codes(database, new Condition.Any(List.of(brown, code))))
                    .containsExactly("A-1", "A-2", "A-3", "C-1");
            assertThat(
                            codes(
                                    database,
                                    new Condition.Any(
                                            List.of(code, new Condition.All(List.of(brown, old))))))
                    .containsExactly("A-1", "C-1");
            assertThat(codes(database, new Condition.All(List.of()))).hasSize(8);
            assertThat(codes(database, new Condition.Any(List.of()))).isEmpty();
            assertThat(codes(database, is("parent.name", Operator.LIKE, "jose%")))
                    .containsExactly("A-2", "A-3");
            UUID parent =
                    UUID.fromString(
                            database.value("select uid::text from doctorbird.party where id = 1"));
            assertThat(codes(database, is("parent", Operator.EQUAL, parent.toString())))
                    .containsExactly("A-2", "A-3");
            var query =
                    new SearchQuery(
                            is("name.name", Operator.LIKE, "%brown%"),
                            List.of("name.name", "name.born", "name"),
                            List.of(),
                            0,
                            100);
            assertThat(search(database, "patient", query))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.isHeld()).isFalse();
                        assertThat(found.fields().values())
                                .containsExactly("José Brown", "1990-02-03", parent.toString());
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void followsChangesOfRecordsAndOfThoseTheyReferTo(TestPostgres server) throws SQLException {
        try (var database = installed(server)) {
            assertThat(codes(database, is("name", Operator.EQUAL, "smith"))).containsExactly("C-1");
            database.run("update party set name = 'Smyth' where code = 'C-1'");
            assertThat(codes(database, is("name", Operator.EQUAL, "smith"))).isEmpty();
            assertThat(codes(database, is("name", Operator.EQUAL, "smyth"))).containsExactly("C-1");
            database.run("update party set name = 'Josefa' where code = 'A-1'");
            assertThat(codes(database, is("parent.name", Operator.EQUAL, "josefa")))
                    .containsExactly("A-2", "A-3");
            var byName = query(is("name.name", Operator.EQUAL, "josefa"));
            assertThat(
                            search(
                                    database,
                                    "patient",
                                    new SearchQuery(
                                            byName.where(), List.of("name.name"), List.of(), 0, 1)))
                    .hasSize(1);
            database.run("delete from party where code = 'C-1'");
            assertThat(codes(database, is("name", Operator.EQUAL, "smyth"))).isEmpty();
            InstalledDatabase.run(
                    database.engine,
                    """
                    update doctorbird.party set deleted_at = now(),
                      changed = pg_current_xact_id() where id = 4
                    """);
            assertThat(codes(database, is("name", Operator.LIKE, "zoe%"))).isEmpty();
            assertThat(codes(database, is("born", Operator.EQUAL, "1990-02-03")))
                    .containsExactly("A-1");
            InstalledDatabase.run(
                    database.engine,
                    """
                    update doctorbird.party set synchronised_instances = B'0001' where id = 1
                    """);
            assertThat(search(database, "party", query(is("code", Operator.EQUAL, "a-1"))))
                    .extracting(Found::isHeld)
                    .containsExactly(true);
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aValueThatDoesNotFitIsNamedByItsFieldAndNeverQuoted(TestPostgres server)
            throws SQLException {
        try (var database = installed(server)) {
            List<SyncedTable> tables = tables(database);
            var store = new PostgresCentralStore(database.database.dataSource(), tables);
            var shape = new TablesByModel(tables).get("party").shape();
            for (Condition wrong :
                    List.of(
                            is("born", Operator.EQUAL, "secret"),
                            is("born", Operator.GREATER, "secret"),
                            is("weight", Operator.IN, "1", "secret"),
                            is("parent", Operator.EQUAL, "secret"))) {
                String field = ((Condition.Compare) wrong).field();
                var _ =
                        store.inTransaction(transaction -> {
                            assertThatThrownBy(
                                            () -> transaction.search(shape, CLINIC, query(wrong)))
                                    .isInstanceOfSatisfying(
                                            SyncException.class,
                                            e -> {
                                                assertThat(e.code())
                                                        .isEqualTo(ErrorCode.VALUE_MALFORMED);
                                                assertThat(e.context())
                                                        .containsEntry("field", field);
                                                assertThat(e).hasNoCause();
                                                assertThat(e.getMessage()).doesNotContain("secret");
                                            });
                            return transaction.now();
                        });
            }
            assertThatThrownBy(() -> codes(database, is("no.such", Operator.EQUAL, "x")))
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FIELD_UNKNOWN));
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void noTextBreaksOut(TestPostgres server) throws SQLException {
        try (var database = installed(server)) {
            for (String nasty :
                    List.of(
                            "'; drop table party; --",
                            "\\",
                            "\\\\\\",
                            "%\\",
                            "\uFF3C",
                            "?",
                            "$1",
                            "a'||(select 1)||'",
                            "\uD83D\uDE00",
                            "\uFDFA".repeat(300) + "\\",
                            "")) {
                for (Operator operator :
                        List.of(Operator.EQUAL, Operator.LIKE, Operator.SIMILAR, Operator.IN)) {
                    assertThat(best(database, is("name", operator, nasty)))
                            .as(operator + " " + nasty)
                            .isNotNull();
                }
                assertThat(codes(database, is("born", Operator.SIMILAR, nasty))).isNotNull();
            }
            assertThat(codes(database, is("name", Operator.LIKE, "%100\\%%")))
                    .containsExactly("B_2");
            assertThat(codes(database, is("code", Operator.LIKE, "b\\_%"))).containsExactly("B_2");
            assertThat(database.value("select count(*) from party")).isEqualTo("8");
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void givesAtMostAHundredAndPages(TestPostgres server) throws SQLException {
        try (var database = installed(server)) {
            database.run(
                    "insert into party (code, name) select 'N-' || to_char(i, 'FM0000'), 'Number' from generate_series(1, 5000) i");
            Condition number = is("name", Operator.LIKE, "number%");
            // Each search reads so many anew; three of them reach all.
            for (int i = 0; i < 2; i++) {
                assertThat(codes(database, number)).hasSize(100);
            }
            var order = List.of(new Order("code", true));
            var second = new SearchQuery(number, List.of("code"), order, 100, 2);
            assertThat(search(database, "party", second))
                    .extracting(found -> found.fields().get("code"))
                    .containsExactly("N-4900", "N-4899");
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void leavesNoTraceAndWorksWithoutTrigrams(TestPostgres server) throws SQLException {
        try (var database = installed(server)) {
            InstalledDatabase.run(database.engine, "drop extension pg_trgm cascade");
            assertThat(best(database, is("name", Operator.SIMILAR, "BROWN"))).hasSize(3);
            assertThat(best(database, is("name", Operator.SIMILAR, "100%"))).containsExactly("B_2");
            database.install(Role.CENTRAL, PLAN);
            assertThat(best(database, is("name", Operator.SIMILAR, "smyth")))
                    .containsExactly("C-1");
            assertThat(Installer.uninstall(database.engine)).isTrue();
            assertThat(
                            database.value(
                                    "select count(*) from pg_extension where extname = 'pg_trgm'"))
                    .isEqualTo("0");
            database.run("create schema doctorbird");
            database.install(Role.CENTRAL, PLAN);
            assertThat(Installer.uninstall(database.engine)).isTrue();
            assertThat(
                            database.rows(
                                    """
                                    select proname from pg_proc
                                    where pronamespace = 'doctorbird'::regnamespace
                                    union all select relname from pg_class
                                    where relnamespace = 'doctorbird'::regnamespace
                                    """))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void usesAnExtensionThatIsThereAndLeavesIt(TestPostgres server) throws SQLException {
        try (var database = new InstalledDatabase(server, TABLES)) {
            database.run("create schema tools; create extension pg_trgm schema tools");
            database.run(PEOPLE);
            database.install(Role.CENTRAL, PLAN);
            assertThat(best(database, is("name", Operator.SIMILAR, "smyth")))
                    .containsExactly("C-1");
            assertThat(Installer.uninstall(database.engine)).isTrue();
            assertThat(
                            Optional.of(
                                    database.value(
                                            "select count(*) from pg_extension where extname = 'pg_trgm'")))
                    .contains("1");
        }
    }
}
