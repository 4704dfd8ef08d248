package org.doctorbird.app.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.assertj.core.api.ListAssert;
import org.doctorbird.app.plan.Finding.Severity;
import org.doctorbird.app.testing.TestPostgres;
import org.junit.jupiter.api.Test;

/// What the check at central says of rules on who gets records.
final class RuleCheckTest {

    private static final String TABLES =
            """
            create table region (id serial primary key, code text not null unique);
            create table party (id serial primary key, lastname text, photo bytea);
            create table patient (id serial primary key, party integer not null references party,
                region integer references region, code text, born date, seen timestamptz, ward integer,
                secret text, parent integer references patient);
            create table visit (id serial primary key, patient integer not null references patient,
                referrer integer references patient, note text, mood text[]);
            create table note (id serial primary key, visit integer references visit, words text);
            """;

    private static final String REGION =
            model("region", "mode = \"none\"\nunique_id_column = \"code\"");
    private static final String PARTY = model("party", "all = false");
    private static final String PATIENT =
            model("patient", "where = \"code = :region\"\nleave_out = [\"secret\"]");

    @Test
    void findsNothingInSoundRules() {
        assertFindings(
                        REGION,
                        PARTY,
                        model(
                                "patient",
                                """
                                where = "code like :region || '%' and born > date '1900-01-01' and ward = :ward"
                                brings = ["party"]
                                leave_behind = ["parent"]
                                newest_first = "born"
                                searchable = ["code", "party.lastname", "region.code"]
                                shown = ["born", "code"]
                                """),
                        model("visit", "follows = [\"patient\"]\ndeletes = \"keep\""),
                        model("note", "follows = \"visit\""))
                .isEmpty();
    }

    @Test
    void namesWhatIsWrongInTheRulesOfConflicts() {
        assertErrors(REGION, PARTY, model("patient", "all = true\npolicies = { cod = \"latest\" }"))
                .singleElement()
                .asString()
                .contains("policies names cod", "Did you mean code?");
        assertErrors(
                        REGION,
                        PARTY,
                        model("patient", "all = true\npolicies = { born = \"append\" }"))
                .singleElement()
                .asString()
                .contains("needs a text in born", "date");
        assertErrors(
                        REGION,
                        PARTY,
                        model("patient", "all = true\ntogether = [[\"secret2\", \"born\"]]"))
                .singleElement()
                .asString()
                .contains("together names secret2");
        assertErrors(REGION, PARTY, model("patient", "all = true\nrenumber = \"ward\""))
                .singleElement()
                .asString()
                .contains("renumber needs a text in ward");
    }

    @Test
    void namesFieldsThatAreNoReferences() {
        assertErrors(REGION, PARTY, PATIENT, model("visit", "follows = \"patiant\""))
                .singleElement()
                .asString()
                .contains("follows names patiant", "Did you mean patient?");
        assertErrors(REGION, PARTY, model("patient", "all = false\nbrings = [\"code\"]"))
                .singleElement()
                .asString()
                .contains("brings names code", "These do: party, region, parent");
        assertErrors(REGION, model("party", "leave_behind = [\"lastname\"]"))
                .singleElement()
                .asString()
                .contains("leave_behind names lastname", "No column of it does");
        assertErrors(REGION, PARTY, model("patient", "follows = \"region\""))
                .singleElement()
                .asString()
                .contains("mode none moves no record");
        assertErrors(REGION, PARTY, model("patient", "leave_behind = [\"party\"]"))
                .singleElement()
                .asString()
                .contains("which is NOT NULL");
    }

    @Test
    void findsRulesWithoutEffect() {
        assertWarnings(model("region", "mode = \"none\"\nwhere = \"code = 'x'\""))
                .anySatisfy(s -> assertThat(s).contains("mode none moves no record"));
        assertWarnings(
                        REGION,
                        model("party", ""),
                        model(
                                "patient",
                                "follows = \"party\"\nleave_behind = [\"region\", \"parent\"]"),
                        model("visit", "follows = \"patient\""))
                .satisfiesExactly(
                        s -> assertThat(s).contains("follows names party", "goes to everybody"),
                        s -> assertThat(s).contains("leave_behind names parent", "no effect"),
                        s -> assertThat(s).contains("leave_behind names region", "no effect"),
                        s -> assertThat(s).contains("follows names patient", "goes to everybody"));
        assertWarnings(
                        REGION,
                        model("party", ""),
                        model(
                                "patient",
                                "all = false\nbrings = [\"party\"]\nleave_behind = [\"parent\"]"))
                .singleElement()
                .asString()
                .contains("brings names party", "by itself");
        assertWarnings(REGION, PARTY, model("patient", "brings = [\"party\"]"))
                .anySatisfy(s -> assertThat(s).contains("brings names party", "to everybody"));
    }

    @Test
    void refusesRulesThatGoInACircle() {
        assertErrors(
                        REGION,
                        PARTY,
                        model("patient", "all = false"),
                        model("visit", "follows = \"patient\"\nbrings = [\"referrer\"]"))
                .singleElement()
                .asString()
                .contains("in a circle between the models patient, visit");
        assertErrors(REGION, PARTY, model("patient", "follows = \"parent\""))
                .singleElement()
                .asString()
                .contains("in a circle");
    }

    @Test
    void saysWhatGoesToEverybodyOrStaysAway() {
        assertWarnings(
                        REGION,
                        PARTY,
                        model("patient", "all = false\nleave_behind = [\"parent\"]"),
                        model("visit", ""))
                .satisfiesExactly(
                        s ->
                                assertThat(s)
                                        .contains(
                                                "patient must point to a record of patient",
                                                "follows = [\"patient\"]"),
                        s ->
                                assertThat(s)
                                        .contains(
                                                "referrer points to patient",
                                                "leave_behind = [\"referrer\"]"));
        assertWarnings(REGION, PARTY, model("patient", "all = false"))
                .singleElement()
                .asString()
                .contains("parent points to patient in a circle", "stays empty");
    }

    @Test
    void refusesConditionsThatTheDatabaseCannotRead() {
        assertCondition("regoin = 'x'").contains("names regoin", "Did you mean region?");
        assertCondition("code").contains("must be true or false");
        assertCondition("born = 'soon'").contains("is no value of that type");
        assertCondition("ward = upper(code)").contains("no such function, operator or type");
        assertCondition("code = foo(:region)").contains("where uses foo");
        assertCondition("code = = 'x'").contains("cannot be read by the database");
        assertCondition(":region is null").contains("of which type :region is");
        assertCondition("count(*) > 1").contains("cannot be read");
    }

    @Test
    void refusesConditionsThatLookAtOtherRows() {
        assertCondition("exists (select from visit v where v.patient = id)")
                .contains("looks at visit", "follows");
        assertCondition("exists (select from nothing)").contains("looks at nothing");
        assertCondition("ward in (select 1)").contains("more than one row");
    }

    @Test
    void refusesConditionsThatChangeByThemselves() {
        assertCondition("born > current_date").contains("out of date", "(current_date)");
        assertCondition("seen > now() - cast(:grace as interval)").contains("(now)");
        assertCondition("born > 'yesterday' or code = 'today'").contains("('yesterday')");
        assertCondition("random() < 0.5").contains("(random)");
        assertCondition("seen > '2020-01-01'::date").contains("depends on the time, on settings");
    }

    @Test
    void warnsOfColumnsWhoseChangesGoUnnoticed() {
        assertWarnings(
                        REGION,
                        PARTY,
                        model(
                                "patient",
                                "where = \"secret = 'x' and id > 0\"\nleave_out = [\"secret\"]\nleave_behind = [\"parent\"]"))
                .singleElement()
                .asString()
                .contains("looks at secret, which does not travel");
    }

    @Test
    void checksOrderAndSearch() {
        assertErrors(REGION, model("party", "newest_first = \"lastname\""))
                .singleElement()
                .asString()
                .contains("has the type text");
        assertErrors(
                        REGION,
                        model("party", ""),
                        model(
                                "patient",
                                """
                                newest_first = "bron"
                                searchable = ["party.lastnam", "code.x", "secret", "party.photo", "id", "party"]
                                leave_out = ["secret"]
                                """))
                .satisfiesExactly(
                        s -> assertThat(s).contains("bron", "Did you mean born?"),
                        s -> assertThat(s).contains("lastnam is not", "Did you mean lastname?"),
                        s -> assertThat(s).contains("code is not a column of patient that points"),
                        s -> assertThat(s).contains("secret is not a column of patient"),
                        s -> assertThat(s).contains("files or pictures"),
                        s -> assertThat(s).contains("id is not a column of patient that travels"));
        assertWarnings(REGION, model("party", "shown = [\"lastname\"]"))
                .singleElement()
                .asString()
                .contains("without searchable");
        assertWarnings(
                        model(
                                "party",
                                "mode = \"push\"\nnewest_first = \"id\"\nsearchable = [\"lastname\"]"))
                .hasSize(3);
    }

    /// Goal: what instances there are and what is said of them counts. Method: the engine's list as
    /// `install` makes it.
    @Test
    void comparesAttributesWithThoseOfTheInstances() {
        String instances =
                """
                create schema doctorbird;
                create table doctorbird.engine_instance (id integer, name text, last_seen timestamptz,
                    clock_offset interval, attributes jsonb not null default '{}');
                """;
        String patient = model("patient", "where = \"ward = :ward\"\nleave_behind = [\"parent\"]");
        assertThat(check(TABLES + instances, REGION, PARTY, patient)).isEmpty();
        assertThat(
                        check(
                                TABLES
                                        + instances
                                        + """
                                        insert into doctorbird.engine_instance values
                                            (1, 'may-pen', null, null, '{"wards": "1"}')
                                        """,
                                REGION,
                                PARTY,
                                patient))
                .singleElement()
                .extracting(Finding::sentence)
                .asString()
                .contains(":ward, which no instance has", "Did you mean wards?", "instance set");
        assertThat(
                        check(
                                TABLES
                                        + instances
                                        + """
                                        insert into doctorbird.engine_instance values
                                            (1, 'may-pen', null, null, '{"ward": "1"}'),
                                            (2, 'mandeville', null, null, '{"ward": "north"}')
                                        """,
                                REGION,
                                PARTY,
                                patient))
                .singleElement()
                .extracting(Finding::sentence)
                .asString()
                .contains("attribute ward of instance mandeville", "type integer")
                .doesNotContain("north");
    }

    private static org.assertj.core.api.AbstractStringAssert<?> assertCondition(String condition) {
        return assertErrors(REGION, PARTY, model("patient", "where = '''" + condition + "'''"))
                .singleElement()
                .asString();
    }

    private static ListAssert<String> assertErrors(String... models) {
        return assertThat(sentences(Severity.ERROR, models));
    }

    private static ListAssert<String> assertWarnings(String... models) {
        assertThat(sentences(Severity.ERROR, models)).isEmpty();
        return assertThat(sentences(Severity.WARNING, models));
    }

    private static ListAssert<Finding> assertFindings(String... models) {
        return assertThat(check(TABLES, models));
    }

    private static List<String> sentences(Severity severity, String... models) {
        return check(TABLES, models).stream()
                .filter(finding -> finding.severity() == severity)
                .map(Finding::sentence)
                .toList();
    }

    /// Checks a plan twice, on the oldest server and the newest; nothing stays behind.
    private static List<Finding> check(String tables, String... models) {
        List<Finding> oldest = check(TestPostgres.OLDEST, tables, models);
        assertThat(check(TestPostgres.NEWEST, tables, models)).isEqualTo(oldest);
        return oldest;
    }

    private static List<Finding> check(TestPostgres server, String tables, String... models) {
        String text = "format = 1\n" + String.join("\n", models);
        try (Connection connection = server.freshDatabase().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(tables);
            List<Finding> findings = PlanCheck.checkAtCentral(PlanFile.parse(text), connection);
            assertThat(connection.getAutoCommit()).isTrue();
            try (ResultSet left =
                    statement.executeQuery(
                            """
                            select (select count(*) from pg_class where relname like 'doctorbird%')
                              + (select count(*) from pg_prepared_statements where name like 'doctorbird%')
                            """)) {
                left.next();
                assertThat(left.getInt(1)).isZero();
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
