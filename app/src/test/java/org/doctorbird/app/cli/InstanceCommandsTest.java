package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.doctorbird.app.cli.TestInstance.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What central's administrator says of instances, and what a plan with rules would do to them.
final class InstanceCommandsTest {

    private static final String RULES =
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
            where = "name = :who"
            leave_behind = ["parent"]
            [[model]]
            name = "address"
            table = "address"
            follows = "party"
            """;

    /// The names of the people on the list of those whose instances have to be computed.
    private static final String DUE =
            """
            select coalesce(string_agg(distinct p.name, ' '), '')
            from doctorbird.engine_interest_due d
            join doctorbird.party c on c.uid = d.uid join party p on p.id = c.id
            where d.model = 'party' and d.kind = 'DIRECT'
            """;

    @TempDir private Path folder = Path.of("");

    @Test
    void attributesAreSetShownAndRemoved() throws Exception {
        TestInstance central = TestInstance.central(folder);
        central.succeed("install");
        central.succeed("instance", "add", "may-pen", "--set", "region=south", "--set", "ward=3");
        central.succeed("instance", "add", "mandeville");

        assertThat(central.succeed("instance", "list").out().lines())
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .contains("1  may-pen", "never seen")
                                        .endsWith("region=south ward=3"),
                        line -> assertThat(line).contains("2  mandeville").endsWith("never seen"));
        assertThat(central.succeed("instance", "set", "may-pen", "region=", "ward=a = b").out())
                .contains("Removed region.", "Set ward=a = b.");
        assertThat(central.succeed("instance", "show", "may-pen").out())
                .contains("'may-pen' with synchronisation id 1", "ward = a = b")
                .doesNotContain("region");
        JsonNode shown = central.succeed("instance", "show", "1", "--json").json();
        assertThat(shown.get("name").asString()).isEqualTo("may-pen");
        assertThat(shown.get("attributes").toString()).isEqualTo("{\"ward\":\"a = b\"}");
        assertThat(shown.get("lastSeen").isNull()).isTrue();
        assertThat(
                        central.succeed("instance", "list", "--json")
                                .json()
                                .get("instances")
                                .get(1)
                                .get("attributes")
                                .isEmpty())
                .isTrue();
    }

    @Test
    void wrongInstancesAndAttributesAreNamed() throws Exception {
        TestInstance central = TestInstance.central(folder);
        central.succeed("install");
        central.succeed("instance", "add", "may-pen");

        Outcome unknown = central.doctorbird("instance", "show", "may-pan");
        assertThat(unknown.exitCode()).isEqualTo(3);
        assertThat(unknown.err()).startsWith("DRB-3011").contains("nearest=may-pen");
        assertThat(central.doctorbird("instance", "set", "x", "a=b").err()).startsWith("DRB-3011");
        assertThat(central.doctorbird("instance", "set", "may-pen", "Region=x").exitCode())
                .isEqualTo(2);
        assertThat(central.doctorbird("instance", "set", "may-pen", "region").exitCode())
                .isEqualTo(2);
        assertThat(central.doctorbird("instance", "set", "may-pen", "a=1", "a=2").err())
                .contains("a is given twice");
        assertThat(central.doctorbird("instance", "add", "new", "--set", "Region=x").exitCode())
                .isEqualTo(2);
        assertThat(central.value("select count(*) from doctorbird.engine_instance")).isEqualTo("1");
    }

    @Test
    void planDiffCountsWhatEachInstanceWouldGainAndLose() throws Exception {
        TestInstance central = TestInstance.central(folder);
        central.run(
                """
                insert into party (name) values ('Ida'), ('Ida'), ('Una');
                insert into address (party, street) values (1, 'Main Street'), (3, 'High Street');
                """);
        central.succeed("install");
        central.succeed("instance", "add", "may-pen", "--set", "who=Ida");
        central.succeed("instance", "add", "mandeville");
        assertThat(central.succeed("plan", "diff").out()).contains("No instance gains or loses");

        Files.writeString(folder.resolve("plan.toml"), RULES);
        assertThat(central.succeed("plan", "diff").out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("instance", "model", "gains", "loses"),
                        line -> assertThat(line).matches("may-pen +party +0 +1"),
                        line -> assertThat(line).matches("may-pen +address +0 +1"),
                        line -> assertThat(line).matches("mandeville +party +0 +3"),
                        line -> assertThat(line).matches("mandeville +address +0 +2"));
        JsonNode first = central.succeed("plan", "diff", "--json").json().get("differences").get(0);
        assertThat(first.toString())
                .isEqualTo(
                        """
                        {"id":1,"instance":"may-pen","model":"party","gains":0,"loses":1}\
                        """);
    }

    /// A rule may name no attribute: then nothing but the instance's coming tells that records are
    /// due to it.
    @Test
    void aRuleThatNamesNoAttributeGivesRecordsToAnInstanceThatComes() throws Exception {
        TestInstance central = TestInstance.central(folder);
        central.run("insert into party (name) values ('Ida'), ('Una')");
        Files.writeString(
                folder.resolve("plan.toml"), RULES.replace("name = :who", "name = 'Ida'"));
        central.succeed("install");
        assertThat(central.value(DUE)).isEmpty();

        central.succeed("instance", "add", "may-pen");

        assertThat(central.value(DUE)).isEqualTo("Ida");
    }

    @Test
    void planDiffRefusesAPlanThatCannotBeInstalled() throws Exception {
        TestInstance central = TestInstance.central(folder);
        central.succeed("install");
        Files.writeString(folder.resolve("plan.toml"), RULES.replace("name = :who", "nane = :who"));

        Outcome outcome = central.doctorbird("plan", "diff");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).startsWith("DRB-4002").contains("Did you mean name?");
        assertThat(central.doctorbird("install").err()).startsWith("DRB-4002");
    }
}
