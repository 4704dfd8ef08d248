package org.doctorbird.app.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.doctorbird.app.plan.Finding.Severity;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.TrytonModels;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.plan.Rules;
import org.junit.jupiter.api.Test;

final class InitialPlanTest {

    private static final String STAMPS =
            "create_uid integer, create_date timestamp, write_uid integer, write_date timestamp";

    @Test
    void writesAPlanForATrytonDatabase() throws SQLException {
        String text =
                of(
                        """
                        create table ir_module (id serial primary key);
                        create table ir_model (id serial primary key, model varchar);
                        insert into ir_model (model) values ('party.party'), ('party.address'),
                            ('party.party-party.category'), ('party.category'), ('account.move'), ('ir.model');
                        create table ir_model__history (__id serial primary key);
                        create table res_user (id serial primary key, name text);
                        create table account_move (id serial primary key, STAMPS,
                            "user" integer not null references res_user);
                        create table party_address (id serial primary key, STAMPS, party integer not null);
                        create table party_party (id serial primary key, STAMPS, code varchar not null unique,
                            internal_user integer unique references res_user, name varchar);
                        alter table party_address add foreign key (party) references party_party;
                        create table party_category (id serial primary key, STAMPS, name varchar);
                        create table "party_party-party_category" (id serial primary key, STAMPS,
                            party integer references party_party, category integer references party_category);
                        create table party_unknown (id serial primary key);
                        """
                                .replace("STAMPS", STAMPS));

        Plan plan = PlanFile.parse(text);
        assertThat(plan.application()).isEqualTo(Application.TRYTON);
        assertThat(plan.models())
                .extracting(ModelPlan::name)
                .containsExactly(
                        "party.category",
                        "party.party",
                        "party.address",
                        "party.party-party.category");
        assertThat(plan.models().getLast().table()).isEqualTo("party_party-party_category");
        assertThat(text)
                .contains(
                        "# unique_id_column = \"code\"  # if equal values mean the same record on every site",
                        "# internal_user does not travel: it points to res_user",
                        "# - res_user: Tryton's own",
                        "# - ir_model__history: Tryton's own",
                        "# - account_move: user must point to a row of res_user",
                        "# - party_unknown: Tryton knows no model of this name");
    }

    @Test
    void knowsWhichTablesOfTrytonEachSiteFillsByItself() throws SQLException {
        String text =
                of(
                        """
                        create table ir_module (id serial primary key);
                        create table ir_model (id serial primary key, model varchar);
                        insert into ir_model (model) values ('ir.lang'), ('country.country'), ('party.party'),
                            ('party.configuration'), ('party.address.format'), ('party.party.lang');
                        create table ir_lang (id serial primary key, STAMPS, code varchar);
                        create table country_country (id serial primary key, STAMPS, code varchar);
                        create table party_party (id serial primary key, STAMPS);
                        create table party_configuration (id serial primary key, STAMPS);
                        create table party_configuration_party_lang (id serial primary key, STAMPS);
                        create table party_address_format (id serial primary key, STAMPS);
                        create table party_party_lang (id serial primary key, STAMPS,
                            lang integer references ir_lang);
                        create table party_category_rel (id serial primary key, STAMPS);
                        """
                                .replace("STAMPS", STAMPS));

        assertThat(PlanFile.parse(text).models())
                .extracting(ModelPlan::name, ModelPlan::mode, ModelPlan::uniqueIdColumn)
                .containsExactlyInAnyOrder(
                        tuple("ir.lang", Mode.NONE, Optional.of("code")),
                        tuple("country.country", Mode.NONE, Optional.of("code")),
                        tuple("party.party", Mode.FULL, Optional.empty()),
                        tuple("party.party.lang", Mode.FULL, Optional.empty()),
                        tuple("party_category_rel", Mode.FULL, Optional.empty()));
        assertThat(text)
                .contains(
                        "# - party_configuration: settings of this one database",
                        "# - party_configuration_party_lang: settings of this one database",
                        "# - party_address_format: Tryton fills it on every site alike");
    }

    @Test
    void writesAPlanForAnyOtherDatabase() throws SQLException {
        String text =
                of(
                        """
                        create schema "odd schema";
                        create table "odd schema"."a ""quoted\\ name" (id uuid primary key, other uuid unique);
                        create table visit (id serial primary key, token uuid not null unique, patient integer);
                        create table patient (id bigint generated always as identity primary key, number serial,
                            reference text unique, code text unique, next_visit integer references visit);
                        alter table visit add foreign key (patient) references patient;
                        alter table visit alter column patient set not null;
                        create table keyless (name text);
                        create table twin (a integer, b integer, primary key (a, b));
                        create table of_twin (id serial primary key, name text);
                        create table flyway_schema_history (id serial primary key);
                        create view seen as select * from visit;
                        """);

        Plan plan = PlanFile.parse(text);
        assertThat(plan.application()).isEqualTo(Application.PLAIN);
        assertThat(plan.models())
                .extracting(ModelPlan::table, model -> model.uniqueIdColumn().orElse("-"))
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("odd schema.a \"quoted\\ name", "id"),
                        org.assertj.core.api.Assertions.tuple("of_twin", "-"),
                        org.assertj.core.api.Assertions.tuple("patient", "-"),
                        org.assertj.core.api.Assertions.tuple("visit", "token"));
        assertThat(text)
                .contains(
                        "# unique_id_column = \"code\"  #",
                        "# also unique: reference; two sites",
                        "# - keyless: keyless has no primary key",
                        "# - twin: The primary key of twin has 2 columns (a, b)",
                        "# - seen: it is a view",
                        "# - flyway_schema_history: it belongs to this one database");
    }

    @Test
    void proposesRulesForWhatBelongsToPatients() throws SQLException {
        String text =
                of(
                        """
                        create table party (id serial primary key, name text);
                        create table health_patient (id serial primary key, name integer not null references party);
                        create table visit (id serial primary key, patient integer not null references health_patient,
                            note text);
                        create table finding (id serial primary key, visit integer not null references visit,
                            words text);
                        create table family (id serial primary key, party integer references party, code text);
                        create table visit_family (id serial primary key, family integer references family,
                            visit integer references visit);
                        """);

        assertThat(PlanFile.parse(text).models())
                .extracting(ModelPlan::rules)
                .containsOnly(Rules.DEFAULT);
        assertThat(text)
                .contains(
                        "# all = false  # only to",
                        "# brings = [\"name\"]  # the record of party belongs",
                        "# follows = \"patient\"  # goes where the record of health_patient goes",
                        "# follows = \"visit\"  # goes where the record of visit goes",
                        "# deletes = \"keep\"  # it only links others")
                .containsOnlyOnce("deletes =");
        String proposed =
                text.lines()
                        .map(line -> line.replaceFirst("^# (all|brings|follows|deletes) =", "$1 ="))
                        .collect(java.util.stream.Collectors.joining("\n"));
        assertThat(PlanFile.parse(proposed).models())
                .filteredOn(model -> !model.interest().isAll())
                .extracting(ModelPlan::name)
                .containsExactly("health_patient", "visit", "finding");
    }

    @Test
    void writesOnlyCommentsForAnEmptyDatabase() throws SQLException {
        assertThat(of("select 1")).doesNotContain("[[model]]");
    }

    @Test
    void leavesOutCirclesThatCannotBeStored() throws SQLException {
        String text =
                of(
                        """
                        create table a (id serial primary key, b integer not null);
                        create table b (id serial primary key, a integer not null references a);
                        alter table a add foreign key (b) references b;
                        create table c (id serial primary key, a integer not null references a);
                        create table d (id serial primary key, name text);
                        """);

        assertThat(PlanFile.parse(text).models()).extracting(ModelPlan::name).containsExactly("d");
        assertThat(text).contains("# - a: The models a, b point to each other");
    }

    /// Makes the plan twice and checks it.
    private static String of(String tables) throws SQLException {
        try (Connection connection = TestPostgres.NEWEST.freshDatabase().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(tables);
            Catalogue catalogue = Catalogue.read(connection);
            String text = InitialPlan.of(catalogue, TrytonModels.read(connection, catalogue));
            assertThat(
                            InitialPlan.of(
                                    Catalogue.read(connection),
                                    TrytonModels.read(connection, catalogue)))
                    .isEqualTo(text);
            if (text.contains("[[model]]")) {
                assertThat(PlanCheck.check(PlanFile.parse(text), catalogue))
                        .extracting(Finding::severity)
                        .doesNotContain(Severity.ERROR);
            }
            return text;
        }
    }
}
