package org.doctorbird.app.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.doctorbird.app.plan.Finding.Severity;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.SyncedTables;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.plan.Plan;
import org.junit.jupiter.api.Test;

final class PlanCheckTest {

    @Test
    void findsNothingInASoundPlan() {
        assertThat(
                        check(
                                "plain",
                                "create table party (id serial primary key, name text);"
                                        + "create table address (id serial primary key, party integer not null references party)",
                                model("party", ""),
                                model("address", "")))
                .isEmpty();
    }

    @Test
    void namesMissingTablesAndColumnsAndTheNearestOnes() {
        assertErrors("create table party (id serial primary key)", model("partie", ""))
                .singleElement()
                .asString()
                .contains("no table partie", "Did you mean party?");
        assertErrors(
                        "create table party (id serial primary key, code text)",
                        model("party", "unique_id_column = \"cod\""))
                .singleElement()
                .asString()
                .contains("no column cod", "Did you mean code?");
        assertWarnings(
                        "create table party (id serial primary key, code text)",
                        model("party", "leave_out = [\"cdoe\"]"))
                .singleElement()
                .asString()
                .contains("cdoe", "Did you mean code?");
    }

    @Test
    void explainsWhichRelationsCannotBeSynchronised() {
        String tables =
                """
                create table base (id serial primary key);
                create view a_view as select * from base;
                create materialized view a_copy as select * from base;
                create table parted (id integer primary key) partition by range (id);
                create table part partition of parted for values from (0) to (1);
                create table parent (id serial primary key); create table heir () inherits (parent);
                create extension postgres_fdw; create server s foreign data wrapper postgres_fdw;
                create foreign table far (id integer) server s;
                """;
        assertErrors(
                        tables,
                        model("a_view", ""),
                        model("a_copy", ""),
                        model("parted", ""),
                        model("part", ""),
                        model("parent", ""),
                        model("heir", ""),
                        model("far", ""))
                .satisfiesExactly(
                        s -> assertThat(s).contains("a_view is a view"),
                        s -> assertThat(s).contains("a_copy is a materialized view"),
                        s -> assertThat(s).contains("parted is a partitioned table"),
                        s -> assertThat(s).contains("part is a partition"),
                        s -> assertThat(s).contains("parent is a table that others inherit from"),
                        s -> assertThat(s).contains("heir is a partition or an inheriting table"),
                        s -> assertThat(s).contains("far is a foreign table"));
    }

    @Test
    void explainsWhichKeysCannotBeUsed() {
        String tables =
                """
                create table none (name text);
                create table two (a integer, b integer, primary key (a, b));
                create table texts (code text primary key);
                create table plain (id integer primary key);
                create table good (id bigint generated always as identity primary key);
                create table shared (id bigint primary key references good);
                create table ids (id uuid primary key);
                create table made (id uuid primary key default gen_random_uuid());
                """;
        assertErrors(
                        tables,
                        model("none", ""),
                        model("two", ""),
                        model("texts", ""),
                        model("plain", ""),
                        model("good", ""),
                        model("shared", ""),
                        model("ids", ""),
                        model("made", ""))
                .satisfiesExactly(
                        s -> assertThat(s).contains("none has no primary key", "alter table"),
                        s -> assertThat(s).contains("two has 2 columns (a, b)"),
                        s -> assertThat(s).contains("texts.code has the type text"),
                        s -> assertThat(s).contains("plain.id has no default"),
                        s -> assertThat(s).contains("shared.id is a foreign key too"),
                        s -> assertThat(s).contains("ids.id has no default", "unique_id_column"));
        assertErrors(tables, model("ids", "unique_id_column = \"id\"")).isEmpty();
    }

    @Test
    void refusesUniqueIdColumnsWhoseValuesMeanNothingElsewhere() {
        String tables =
                """
                create table party (id serial primary key, number serial unique, code text, other text unique,
                    parent integer unique references party, half integer generated always as (1) stored unique,
                    token uuid, real_code text not null unique);
                """;
        assertErrors(tables, model("party", "unique_id_column = \"id\"")).hasSize(1);
        assertErrors(tables, model("party", "unique_id_column = \"parent\""))
                .singleElement()
                .asString()
                .contains("mean nothing elsewhere");
        assertErrors(tables, model("party", "unique_id_column = \"half\"")).hasSize(1);
        assertErrors(
                        tables,
                        model("party", "unique_id_column = \"other\"\nleave_out = [\"other\"]"))
                .hasSize(1);
        assertErrors(tables, model("party", "unique_id_column = \"code\""))
                .singleElement()
                .asString()
                .contains("is not unique");
        assertErrors(tables, model("party", "unique_id_column = \"number\""))
                .singleElement()
                .asString()
                .contains("filled from a sequence");
        assertWarnings(tables, model("party", "unique_id_column = \"token\""))
                .anySatisfy(s -> assertThat(s).contains("token is not unique"));
        assertWarnings(tables, model("party", "unique_id_column = \"other\""))
                .anySatisfy(s -> assertThat(s).contains("other may be NULL"));
        assertWarnings(
                        tables,
                        model(
                                "party",
                                "unique_id_column = \"real_code\"\nleave_out = [\"number\", \"half\"]"))
                .isEmpty();
    }

    @Test
    void acceptsReferenceDataWhoseCodesNoConstraintKeepsUnique() {
        String tables = "create table country (id serial primary key, code text)";
        assertWarnings(tables, model("country", "mode = \"none\"\nunique_id_column = \"code\""))
                .anySatisfy(s -> assertThat(s).contains("code is not unique", "arrive nowhere"));
    }

    @Test
    void warnsOfNumbersThatTwoSitesCountAlike() {
        assertWarnings(
                        "create table visit (id serial primary key, number serial unique)",
                        model("visit", ""))
                .singleElement()
                .asString()
                .contains("number is unique", "public.visit_number_seq", "range of its own");
        String tryton =
                """
                create table party (id serial primary key, code varchar unique, create_uid integer,
                    create_date timestamp, write_uid integer, write_date timestamp);
                """;
        assertThat(sentences(Severity.WARNING, "tryton", tryton, model("party", "")))
                .singleElement()
                .asString()
                .contains("code is unique text", "ir_sequence", "prefix");
        assertThat(
                        sentences(
                                Severity.WARNING,
                                "tryton",
                                tryton,
                                model("party", "unique_id_column = \"code\"")))
                .singleElement()
                .asString()
                .contains("may be NULL");
    }

    @Test
    void explainsReferencesThatLeadOutOfThePlan() {
        String tables =
                """
                create table account (id serial primary key);
                create table party (id serial primary key, name text, account integer references account);
                create table strict (id serial primary key, account integer not null references account);
                """;
        assertWarnings(tables, model("party", ""))
                .singleElement()
                .asString()
                .contains("account points to account", "does not travel");
        assertWarnings(tables, model("party", "leave_out = [\"account\"]")).isEmpty();
        assertWarnings(tables, model("party", "leave_out = [\"account\", \"name\"]"))
                .singleElement()
                .asString()
                .contains("No column of party travels");
        assertErrors(tables, model("strict", ""))
                .singleElement()
                .asString()
                .contains("Add a model for account");
        assertErrors(tables, model("strict", "mode = \"none\"")).isEmpty();
        assertErrors(tables, model("strict", ""), model("account", "")).isEmpty();
    }

    @Test
    void explainsReferencesToModelsWhoseRecordsDoNotCome() {
        String tables =
                """
                create table kind (id serial primary key, code text not null unique);
                create table party (id serial primary key, kind integer not null references kind);
                """;
        assertErrors(tables, model("kind", "mode = \"none\""), model("party", ""))
                .singleElement()
                .asString()
                .contains("would wait for ever");
        assertErrors(
                        tables,
                        model("kind", "mode = \"none\"\nunique_id_column = \"code\""),
                        model("party", ""))
                .isEmpty();
        assertWarnings(tables, model("kind", "mode = \"update\""), model("party", ""))
                .singleElement()
                .asString()
                .contains("waits at central");
    }

    @Test
    void explainsColumnsThatAreNeededButLeftOut() {
        String tables =
                "create table party (id serial primary key, name text not null, city text not null default 'x')";
        assertErrors(tables, model("party", "leave_out = [\"name\", \"city\"]"))
                .singleElement()
                .asString()
                .contains("name is left out", "NOT NULL");
    }

    @Test
    void explainsGeneratedAndLocalValues() {
        assertWarnings(
                        """
                        create table party (id serial primary key, name text,
                            upper_name text generated always as (upper(name)) stored, price money, type regtype)
                        """,
                        model("party", ""))
                .satisfiesExactly(
                        s -> assertThat(s).contains("upper_name is generated", "not carried"),
                        s -> assertThat(s).contains("price has the type money"),
                        s -> assertThat(s).contains("type has the type regtype"));
    }

    @Test
    void findsCirclesOfRequiredReferences() {
        assertErrors(
                        """
                        create table a (id serial primary key, b integer not null);
                        create table b (id serial primary key, a integer not null references a);
                        alter table a add foreign key (b) references b;
                        """,
                        model("a", ""),
                        model("b", ""))
                .singleElement()
                .asString()
                .contains("a, b point to each other");
    }

    @Test
    void noticesThatTheApplicationIsNotTryton() {
        assertThat(
                        sentences(
                                Severity.WARNING,
                                "tryton",
                                "create table party (id serial primary key, name text)",
                                model("party", "")))
                .singleElement()
                .asString()
                .contains("no create_date, create_uid, write_date, write_uid");
    }

    private static org.assertj.core.api.ListAssert<String> assertErrors(
            String tables, String... models) {
        return assertThat(sentences(Severity.ERROR, "plain", tables, models));
    }

    private static org.assertj.core.api.ListAssert<String> assertWarnings(
            String tables, String... models) {
        assertThat(sentences(Severity.ERROR, "plain", tables, models)).isEmpty();
        return assertThat(sentences(Severity.WARNING, "plain", tables, models));
    }

    private static List<String> sentences(
            Severity severity, String application, String tables, String... models) {
        return check(application, tables, models).stream()
                .filter(finding -> finding.severity() == severity)
                .map(Finding::sentence)
                .toList();
    }

    private static List<Finding> check(String application, String tables, String... models) {
        String text =
                "format = 1\napplication = \"%s\"\n%s"
                        .formatted(application, String.join("\n", models));
        Plan plan = PlanFile.parse(text);
        try (Connection connection = TestPostgres.NEWEST.freshDatabase().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(tables);
            Catalogue catalogue = Catalogue.read(connection);
            List<Finding> findings = PlanCheck.check(plan, catalogue);
            if (findings.stream().noneMatch(f -> f.severity() == Severity.ERROR)) {
                assertThatCode(() -> SyncedTables.of(plan, catalogue)).doesNotThrowAnyException();
            }
            return findings;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static String model(String table, String more) {
        return "[[model]]\nname = \"%s\"\ntable = \"%s\"\n%s".formatted(table, table, more);
    }
}
