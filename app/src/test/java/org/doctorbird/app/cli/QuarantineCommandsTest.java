package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.cli.TestInstance.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What an administrator does with records that a database refuses, on either side.
final class QuarantineCommandsTest {

    private static final String CHECK =
            "alter table party add constraint no_zorro check (name not like 'Zorro%')";
    private static final String NO_CHECK = "alter table party drop constraint no_zorro";
    private static final String UID =
            "select uid from doctorbird.party c join party p on p.id = c.id";

    @TempDir private Path folder = Path.of("");

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

    private static JsonNode only(Outcome outcome, String list) {
        JsonNode nodes = outcome.json().get(list);
        assertThat(nodes.size()).isOne();
        return nodes.get(0);
    }

    @Test
    void oneFixAtCentralReleasesAllOfACause() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.run(CHECK);
        central.succeed("install");
        try (Central serving = Central.open(central.settings())) {
            TestInstance satellite = satellite(central, serving.port());
            satellite.run("insert into party (name) values ('Zorro One'), ('Zorro Two'), ('Ida')");
            satellite.run("insert into address (party, street) values (1, 'Main Street')");
            satellite.succeed("sync");

            JsonNode cause = only(central.succeed("quarantine", "list", "--json"), "causes");
            assertThat(cause.get("code").asString()).isEqualTo("DRB-2003");
            assertThat(cause.get("reason").asString()).isEqualTo("constraint no_zorro (23514)");
            assertThat(cause.get("records").asInt()).isEqualTo(2);
            assertThat(cause.get("waiting").asInt()).isOne();
            String name = cause.get("cause").asString();
            assertThat(central.succeed("quarantine", "list").out()).contains(name, "no_zorro");
            assertThat(central.succeed("parked", "list").out()).contains("address", "waits for");
            assertThat(central.succeed("status").out()).contains("2 records in quarantine");
            assertThat(central.succeed("quarantine", "list", "--records", "--limit", "1").out())
                    .contains("1 records.");

            Outcome vain = central.doctorbird("quarantine", "retry", "--all");
            assertThat(vain.exitCode()).isEqualTo(1);
            assertThat(vain.out()).startsWith("0 stored, 2 refused again");
            central.run(NO_CHECK);
            assertThat(central.succeed("quarantine", "retry", "--cause", name).out())
                    .startsWith("2 stored, 0 refused again");

            assertThat(central.value("select count(*) from party")).isEqualTo("3");
            assertThat(central.value("select street from address")).isEqualTo("Main Street");
            assertThat(central.succeed("quarantine", "list").out()).isEqualTo("Nothing.\n");
            assertThat(satellite.succeed("held", "retry").out()).startsWith("3 changes");
            satellite.succeed("sync");
            assertThat(satellite.succeed("held", "list").out()).isEqualTo("Nothing.\n");
            assertThat(satellite.digest()).isEqualTo(central.digest());
        }
    }

    @Test
    void onlyShowWithValuesShowsValues() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.run(CHECK);
        central.succeed("install");
        try (Central serving = Central.open(central.settings())) {
            TestInstance satellite = satellite(central, serving.port());
            satellite.run("insert into party (name) values ('Zorro One')");
            satellite.succeed("sync");
            String uid = satellite.value(UID);

            Outcome quiet = central.succeed("quarantine", "show", "party", uid);
            assertThat(quiet.out()).contains("no_zorro", "fields:", "name").doesNotContain("One");
            assertThat(central.succeed("quarantine", "list", "--records", "--json").out())
                    .contains(uid)
                    .doesNotContain("One");
            assertThat(central.succeed("quarantine", "show", "party", uid, "--values").out())
                    .contains("name = Zorro One", "Failing row");
            assertThat(
                            central.succeed(
                                            "quarantine",
                                            "show",
                                            "party",
                                            uid,
                                            "--values",
                                            "--json")
                                    .json()
                                    .get("records")
                                    .get(0)
                                    .get("values")
                                    .get("name")
                                    .asString())
                    .isEqualTo("Zorro One");
        }
    }

    @Test
    void aDroppedPushStaysAtTheSatelliteUntilItIsChangedOrBroughtBack() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.run(CHECK);
        central.succeed("install");
        try (Central serving = Central.open(central.settings())) {
            TestInstance satellite = satellite(central, serving.port());
            satellite.run("insert into party (name) values ('Zorro One')");
            satellite.succeed("sync");
            String uid = satellite.value(UID);

            assertThat(central.doctorbird("quarantine", "drop", "party", uid).exitCode())
                    .isEqualTo(2);
            assertThat(central.succeed("quarantine", "drop", "party", uid, "--yes").out())
                    .startsWith("1 dropped");
            central.run(NO_CHECK);
            satellite.succeed("held", "retry");
            satellite.succeed("sync");
            assertThat(satellite.succeed("held", "list").out()).contains("DRB-2010");
            assertThat(central.value("select count(*) from party")).isEqualTo("0");
            assertThat(central.succeed("status").out()).startsWith("All is well.");
            assertThat(central.succeed("quarantine", "list").out()).contains("dropped");

            assertThat(central.succeed("quarantine", "undrop", "party", uid).out())
                    .startsWith("1 brought back");
            assertThat(central.succeed("quarantine", "retry", "party", uid).out())
                    .startsWith("1 stored");

            central.run(CHECK + " not valid");
            satellite.run("insert into party (name) values ('Zorro Two')");
            satellite.succeed("held", "retry");
            satellite.succeed("sync");
            String cause =
                    only(central.succeed("quarantine", "list", "--json"), "causes")
                            .get("cause")
                            .asString();
            central.succeed("quarantine", "drop", "--cause", cause, "--yes");
            satellite.run("update party set name = 'Ida' where name = 'Zorro Two'");
            satellite.succeed("sync");
            assertThat(central.value("select count(*) from party where name = 'Ida'"))
                    .isEqualTo("1");
            assertThat(central.succeed("quarantine", "list").out()).isEqualTo("Nothing.\n");
        }
    }

    @Test
    void aSatelliteTriesCentralsVersionsAgain() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        central.run("insert into party (name) values ('Zorro One'), ('Ida')");
        try (Central serving = Central.open(central.settings())) {
            TestInstance satellite = satellite(central, serving.port());
            satellite.run(CHECK);
            satellite.succeed("sync");
            assertThat(satellite.succeed("quarantine", "list").out()).contains("no_zorro");
            assertThat(satellite.succeed("status").out()).contains("1 records in quarantine");

            satellite.run(NO_CHECK);
            assertThat(satellite.succeed("quarantine", "retry", "--all").out())
                    .startsWith("1 stored, 0 refused again");

            assertThat(satellite.digest()).isEqualTo(central.digest());
        }
    }

    @Test
    void wrongUseIsNamed() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        assertThat(central.doctorbird("quarantine", "retry").exitCode()).isEqualTo(2);
        assertThat(central.doctorbird("quarantine", "retry", "party").exitCode()).isEqualTo(2);
        assertThat(central.doctorbird("quarantine", "drop", "--cause", "none", "--yes").exitCode())
                .isEqualTo(1);
        assertThat(central.doctorbird("held", "retry").exitCode()).isEqualTo(3);
    }
}
