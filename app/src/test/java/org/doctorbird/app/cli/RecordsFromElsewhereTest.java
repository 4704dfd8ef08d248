package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.cli.TestInstance.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a clerk does when a person comes who has never been here: central and a satellite over real
/// HTTP.
final class RecordsFromElsewhereTest {

    private static final String PLAN =
            """
            format = 1
            [[model]]
            name = "country"
            table = "country"
            mode = "update"
            unique_id_column = "code"
            [[model]]
            name = "party"
            table = "party"
            where = "name = :clinic"
            searchable = ["name", "born", "country", "country.name"]
            shown = ["name", "born", "country.name"]
            [[model]]
            name = "address"
            table = "address"
            follows = ["party"]
            """;

    private static final String PEOPLE =
            """
            insert into party (name, born, country) values
              ('José Brown', '1990-02-03', 1), ('Secret Smith', '1950-01-01', 2);
            insert into address (party, street) values (1, 'Main Street');
            """;

    @TempDir private Path folder = Path.of("");

    private TestInstance central() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        Files.writeString(central.file().resolveSibling("plan.toml"), PLAN);
        central.run(PEOPLE);
        central.succeed("install");
        return central;
    }

    private TestInstance satellite(TestInstance central, int port) throws Exception {
        TestInstance satellite = TestInstance.satellite(folder.resolve("may-pen"), "may-pen", port);
        central.succeed(
                "instance",
                "add",
                "may-pen",
                "--password-out",
                satellite.passwordFile().toString());
        satellite.succeed("install");
        return satellite;
    }

    @Test
    void findsPeopleWhoAreNotHereAndSaysWhy() throws Exception {
        TestInstance central = central();
        try (Central serving = Central.open(central.settings())) {
            TestInstance satellite = satellite(central, serving.port());

            Outcome found = satellite.succeed("search", "party", "name=jose", "born>1980-01-01");
            assertThat(found.out())
                    .contains("José Brown", "1990-02-03", "Jamaica")
                    .doesNotContain("Smith");
            JsonNode similar =
                    satellite
                            .succeed("search", "party", "name~Smyth", "country.name=cuba", "--json")
                            .json()
                            .get("found");
            assertThat(similar.size()).isEqualTo(1);
            assertThat(similar.get(0).get("here").asBoolean()).isFalse();
            assertThat(similar.get(0).get("fields").get("born").asString()).isEqualTo("1950-01-01");
            assertThat(satellite.succeed("search", "party", "name=J_s%").out())
                    .contains("José Brown");
            assertThat(satellite.succeed("search", "party", "name=j_s").out())
                    .contains("Nothing found.");

            String uid = similar.get(0).get("uid").asString();
            assertThat(satellite.succeed("why", "party", uid).out())
                    .contains("It has never been here.")
                    .contains("Nothing makes it interesting for may-pen (1)")
                    .doesNotContain("Secret");
            assertThat(central.succeed("why", "party", "2", "--instance", "may-pen").out())
                    .contains(uid)
                    .contains("may-pen (1) is not known to hold it.");
            assertThat(central.succeed("holders", "party", "2").out())
                    .contains("No instance holds it or should.");
            assertThat(central.succeed("why", "country", "JM").out())
                    .contains("Every instance should hold the records of country.");
            assertThat(central.succeed("holders", "country", "JM").out())
                    .contains("should hold it and does not yet");
        }
    }

    @Test
    void anImportBringsAPersonWithWhatFollowsAndAReleaseTakesBothAway() throws Exception {
        TestInstance central = central();
        try (Central serving = Central.open(central.settings())) {
            TestInstance satellite = satellite(central, serving.port());
            satellite.succeed("sync");
            assertThat(satellite.value("select count(*) from party")).isEqualTo("0");
            String uid = central.value("select uid from doctorbird.party where id = 1");

            assertThat(
                            satellite
                                    .succeed(
                                            "import",
                                            "party",
                                            uid,
                                            "--reason",
                                            "referral",
                                            "--days",
                                            "30")
                                    .out())
                    .contains("Central knows 1 of the 1 records; 1 are here now.");
            assertThat(
                            satellite.value(
                                    """
                                    select p.name || ' ' || a.street from address a
                                    join party p on p.id = a.party
                                    """))
                    .isEqualTo("José Brown Main Street");
            assertThat(satellite.value("select count(*) from party")).isEqualTo("1");
            assertThat(satellite.succeed("search", "party", "name=jose", "--json").out())
                    .contains("\"here\" : true");
            assertThat(satellite.succeed("why", "party", uid).out())
                    .contains("It is here, in the version of ")
                    .contains("because \"referral\", until ")
                    .contains("may-pen (1) is known to hold it.");
            String address = central.value("select uid from doctorbird.address");
            assertThat(central.succeed("why", "address", address, "--instance", "1").out())
                    .contains("it follows party " + uid + " over party");
            assertThat(central.succeed("holders", "party", uid).out())
                    .contains("may-pen")
                    .contains("holds it\n");

            assertThat(satellite.succeed("release", "party", uid).out())
                    .contains("Released 1 of 1 records");
            assertThat(central.succeed("holders", "party", uid).out())
                    .contains("holds it and should not");
            satellite.succeed("sync");
            assertThat(satellite.value("select count(*) from party")).isEqualTo("0");
            assertThat(satellite.value("select count(*) from address")).isEqualTo("0");
            satellite.succeed("sync");
            assertThat(central.succeed("holders", "party", uid).out())
                    .contains("No instance holds it or should.");
            assertThat(satellite.succeed("why", "party", uid).out())
                    .contains("It was here and is not any more.");
        }
    }

    @Test
    void anImportOfAnUnknownRecordSaysSo() throws Exception {
        TestInstance central = central();
        try (Central serving = Central.open(central.settings())) {
            TestInstance satellite = satellite(central, serving.port());

            Outcome outcome =
                    satellite.doctorbird(
                            "import",
                            "party",
                            "0192d0f6-6f64-4b1c-9a53-0a4b7d1c2e3f",
                            "--reason",
                            "referral");
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.out()).contains("Central knows 0 of the 1 records");
            assertThat(
                            satellite
                                    .doctorbird("import", "party", "no uid", "--reason", "x")
                                    .exitCode())
                    .isEqualTo(2);
            assertThat(
                            satellite
                                    .doctorbird(
                                            "import",
                                            "party",
                                            "0192d0f6-6f64-4b1c-9a53-0a4b7d1c2e3f",
                                            "--reason",
                                            "x".repeat(201))
                                    .exitCode())
                    .isEqualTo(2);
        }
    }

    @Test
    void refusesWhatThePlanDoesNotAllowAndQuotesNothing() throws Exception {
        TestInstance central = central();
        try (Central serving = Central.open(central.settings())) {
            TestInstance satellite = satellite(central, serving.port());

            assertRefused(satellite.doctorbird("search", "address", "street=secret"), "DRB-3014");
            assertRefused(satellite.doctorbird("search", "party", "parent=secret"), "DRB-3014");
            assertRefused(satellite.doctorbird("search", "party", "born=secret"), "DRB-2004");
            assertRefused(satellite.doctorbird("search", "no.such", "born=secret"), "DRB-3001");
            assertThat(satellite.doctorbird("search", "party", "secret").exitCode()).isEqualTo(2);
            assertThat(satellite.doctorbird("search", "party", "name=x", "--limit", "0").exitCode())
                    .isEqualTo(2);
            Outcome unknown = central.doctorbird("why", "party", "secret");
            assertThat(unknown.exitCode()).isEqualTo(1);
            assertThat(unknown.out() + unknown.err()).doesNotContain("secret");
            assertRefused(central.doctorbird("why", "party", "2", "--instance", "x"), "DRB-3011");
            assertRefused(satellite.doctorbird("holders", "party", "2"), "DRB-4007");
        }
    }

    private static void assertRefused(Outcome outcome, String code) {
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains(code).doesNotContain("secret");
    }
}
