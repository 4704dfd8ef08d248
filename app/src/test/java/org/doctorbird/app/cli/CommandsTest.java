package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.doctorbird.app.central.Central;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// One central and two satellites, each with a database of its own, over real HTTP.
final class CommandsTest {

    @TempDir private Path folder = Path.of("");

    @Test
    void threeInstancesComeIntoStepAndLeaveNoTrace() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.run("insert into party (name) values ('Miss Lou')");
        assertThat(central.succeed("plan", "check").out()).contains("3 models");
        assertThat(central.succeed("install").out()).contains("3 models");
        try (Central serving = Central.open(central.settings())) {
            TestInstance first = satellite(central, "may-pen", serving.port());
            TestInstance second = satellite(central, "mandeville", serving.port());
            first.run(
                    """
                    insert into party (name, born, country) values ('Ida', '1990-02-03', 2);
                    insert into party (name, parent) values ('Son of Ida', 1);
                    insert into address (party, street) values (2, 'Main Street');
                    """);

            assertThat(first.succeed("sync").out()).contains("Pushed 3 changes");
            assertThat(second.succeed("sync", "new").out()).contains("6 new records");
            assertThat(
                            second.value(
                                    """
                                    select p.name || ' of ' || q.name || ' in ' || c.name
                                    from address a join party p on p.id = a.party
                                    join party q on q.id = p.parent join country c on c.id = q.country
                                    """))
                    .isEqualTo("Son of Ida of Ida in Cuba");

            central.run("update party set name = 'Ida May' where name = 'Ida'");
            second.run("update address set street = 'High Street'");
            second.succeed("sync", "push");
            second.succeed("sync", "pull");
            first.succeed("sync", "push", "pull");
            assertThat(first.value("select name from party where id = 1")).isEqualTo("Ida May");
            assertThat(first.value("select street from address")).isEqualTo("High Street");
            assertThat(first.digest()).isEqualTo(central.digest()).isEqualTo(second.digest());

            assertThat(first.succeed("status").out()).startsWith("All is well.");
            assertThat(central.succeed("status", "--check").out())
                    .startsWith("All is well.")
                    .contains("may-pen");
        }
        assertThat(central.succeed("uninstall", "--yes").out()).contains("Removed");
        assertThat(central.value("select to_regnamespace('doctorbird')")).isEqualTo("-");
        assertThat(central.doctorbird("status").exitCode()).isEqualTo(3);
    }

    @Test
    void statusTellsPerModelWhatWaitsAndWhatWasDone() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        try (Central serving = Central.open(central.settings())) {
            TestInstance satellite = satellite(central, "may-pen", serving.port());
            satellite.run("insert into party (name) values ('Ida'), ('Una')");

            JsonNode before = satellite.succeed("status", "--json").json();
            assertThat(before.get("role").asString()).isEqualTo("satellite");
            assertThat(before.get("well").asBoolean()).isTrue();
            assertThat(model(before, "party").get("waiting").asInt()).isEqualTo(2);

            satellite.succeed("sync");
            JsonNode party = model(satellite.succeed("status", "--json").json(), "party");
            assertThat(party.get("waiting").asInt()).isZero();
            assertThat(party.get("records").asInt()).isEqualTo(2);
            assertThat(party.get("work").get("push").get("records").asInt()).isEqualTo(2);
            assertThat(party.get("work").get("push").get("lastSuccess").isNull()).isFalse();

            JsonNode instance =
                    central.succeed("status", "--json").json().get("instances").iterator().next();
            assertThat(instance.get("name").asString()).isEqualTo("may-pen");
            assertThat(instance.get("lastSeen").isNull()).isFalse();
            assertThat(Math.abs(instance.get("clockOffsetSeconds").asDouble())).isLessThan(60);
        }
    }

    private TestInstance satellite(TestInstance central, String name, int port) throws Exception {
        TestInstance satellite = TestInstance.satellite(folder.resolve(name), name, port);
        central.succeed(
                "instance", "add", name, "--password-out", satellite.passwordFile().toString());
        satellite.succeed("install");
        return satellite;
    }

    private static JsonNode model(JsonNode status, String model) {
        return StreamSupport.stream(status.get("models").spliterator(), false)
                .filter(node -> node.get("model").asString().equals(model))
                .findFirst()
                .orElseThrow();
    }
}
