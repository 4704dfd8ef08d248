package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.cli.TestInstance.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Everything an administrator can get wrong ends with a code, a remedy and an exit code, and
/// without a stack trace.
final class WrongUseTest {

    @TempDir private Path folder = Path.of("");

    @Test
    void wrongUsageEndsWithTwo() {
        assertThat(TestInstance.command().exitCode()).isEqualTo(2);
        assertThat(TestInstance.command("instal").exitCode()).isEqualTo(2);
        assertThat(TestInstance.command("instance").err()).contains("add");
        assertThat(TestInstance.command("sync", "pul").exitCode()).isEqualTo(2);
        assertThat(TestInstance.command("--help").out()).contains("Exit codes", "status");
        assertThat(TestInstance.command("install", "--help").exitCode()).isZero();
    }

    @Test
    void aMissingSettingsFileIsAnErrorWithItsRemedy() {
        Outcome outcome =
                TestInstance.command("status", "--config", folder.resolve("none").toString());

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err())
                .startsWith("DRB-4004 the settings file cannot be read")
                .contains("Correct the settings file")
                .doesNotContain("\tat ");
        assertThat(outcome.err().lines()).hasSize(2);
    }

    @Test
    void errorsAreJsonWhenJsonIsWanted() {
        Outcome outcome =
                TestInstance.command(
                        "status", "--json", "--config", folder.resolve("none").toString());

        JsonNode error = outcome.json().get("error");
        assertThat(error.get("code").asString()).isEqualTo("DRB-4004");
        assertThat(error.get("remedy").asString()).isNotEmpty();
        assertThat(error.get("facts").get("file").asString()).endsWith("none");
    }

    @Test
    void whatIsNotInstalledSaysSo() throws Exception {
        TestInstance central = TestInstance.central(folder);

        for (String command : new String[] {"status", "digest", "serve"}) {
            Outcome outcome = central.doctorbird(command);
            assertThat(outcome.exitCode()).as(command).isEqualTo(3);
            assertThat(outcome.err()).as(command).startsWith("DRB-4003");
        }
        assertThat(central.doctorbird("instance", "add", "x").err()).startsWith("DRB-4003");
        assertThat(central.succeed("uninstall", "--yes").out()).contains("Nothing was installed");
        assertThat(central.doctorbird("uninstall").exitCode()).isEqualTo(2);
    }

    @Test
    void anUnreachableDatabaseMayPass() throws Exception {
        TestInstance central = TestInstance.central(folder);
        central.rewrite(
                Files.readString(central.file())
                        .replaceFirst("localhost:\\d+", "localhost:" + closedPort()));

        Outcome outcome = central.doctorbird("status");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("DRB-1001").contains("Start PostgreSQL");
    }

    @Test
    void anUnreachableCentralMayPassAndIsSeenInTheStatus() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        TestInstance satellite;
        try (Central serving = Central.open(central.settings())) {
            satellite = satellite(central, "may-pen", serving.port());
            satellite.succeed("install");
        }

        Outcome outcome = satellite.doctorbird("sync");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("DRB-1003");
        Outcome status = satellite.doctorbird("status", "--check");
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.out()).contains("cycles fail with DRB-1003");
    }

    @Test
    void aWrongPasswordIsForAPerson() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        try (Central serving = Central.open(central.settings())) {
            TestInstance satellite = satellite(central, "may-pen", serving.port());
            Files.writeString(satellite.passwordFile(), "wrong\n");

            Outcome outcome = satellite.doctorbird("install");

            assertThat(outcome.exitCode()).isEqualTo(3);
            assertThat(outcome.err()).contains("DRB-3006").doesNotContain("wrong\n");
            assertThat(satellite.value("select to_regnamespace('doctorbird')")).isEqualTo("-");
        }
    }

    @Test
    void namesAndIdsOfInstancesAreChecked() throws Exception {
        TestInstance central = TestInstance.central(folder);
        central.succeed("install");
        assertThat(central.succeed("instance", "add", "may-pen", "--id", "7").out())
                .contains("synchronisation id 7", "password");

        assertRefused(central, "DRB-3009", "instance", "add", "may-pen");
        assertRefused(central, "DRB-3009", "instance", "add", "other", "--id", "7");
        assertRefused(central, "DRB-3010", "instance", "add", "other", "--id", "0");
        assertRefused(central, "DRB-3010", "instance", "add", "other", "--id", "128");
        assertRefused(central, "DRB-4004", "instance", "add", "no spaces");
        assertRefused(central, "DRB-3011", "instance", "reset", "nobody");
        Path file = folder.resolve("there");
        Files.writeString(file, "");
        assertRefused(
                central, "DRB-4004", "instance", "add", "other", "--password-out", file.toString());
        assertThat(central.succeed("instance", "list", "--json").json().get("instances"))
                .hasSize(1);
    }

    @Test
    void aSecondDatabaseWithTheSameLoginIsRefusedUntilTheFirstIsReset() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        try (Central serving = Central.open(central.settings())) {
            TestInstance first = satellite(central, "may-pen", serving.port());
            first.succeed("install");
            first.succeed("sync");
            TestInstance second =
                    TestInstance.satellite(folder.resolve("copy"), "may-pen", serving.port());
            Files.copy(first.passwordFile(), second.passwordFile());
            second.succeed("install");

            Outcome refused = second.doctorbird("sync");
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.err()).contains("DRB-3009");
            first.succeed("sync");

            central.succeed("instance", "reset", "may-pen");
            second.succeed("sync");
            assertThat(first.doctorbird("sync").exitCode()).isEqualTo(3);
        }
    }

    @Test
    void theTwoRolesAreNotMixedUp() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");

        assertRefused(central, "DRB-4007", "sync");
        TestInstance satellite = TestInstance.satellite(folder.resolve("s"), "s", 1);
        assertRefused(satellite, "DRB-4007", "plan", "check");
        assertRefused(satellite, "DRB-4007", "instance", "list");
        satellite.rewrite(
                Files.readString(satellite.file())
                        .replace(satellite.database().name(), central.database().name()));
        assertRefused(satellite, "DRB-4007", "status");
    }

    @Test
    void aWrongPlanIsToldInSentencesAndNothingIsInstalled() throws Exception {
        TestInstance central = TestInstance.central(folder);
        Path plan = folder.resolve("plan.toml");
        Files.writeString(
                plan, Files.readString(plan) + "[[model]]\nname = \"x\"\ntable = \"x\"\n");

        Outcome check = central.doctorbird("plan", "check");
        assertThat(check.exitCode()).isEqualTo(3);
        assertThat(check.out()).contains("ERROR", "x: ");
        assertRefused(central, "DRB-4002", "install");
        assertThat(central.value("select to_regnamespace('doctorbird')")).isEqualTo("-");

        Files.writeString(plan, "format = 2\n");
        assertRefused(central, "DRB-4001", "install");
        Files.delete(plan);
        assertRefused(central, "DRB-4001", "plan", "check");
    }

    @Test
    void aDatabaseThatANewerProgramInstalledIsLeftAlone() throws Exception {
        TestInstance central = TestInstance.central(folder);
        central.succeed("install");
        central.run(
                "insert into doctorbird.engine_migration (number, file, checksum) values (99, 'x', 'x')");

        assertRefused(central, "DRB-4005", "status");
        assertRefused(central, "DRB-4005", "install");
    }

    @Test
    void initWritesAPlanAndSettingsThatWork() throws Exception {
        TestInstance central = TestInstance.central(folder);
        String url = central.settings().database().url();
        Path settings = folder.resolve("new.toml");
        Path plan = folder.resolve("new-plan.toml");
        String[] init = {
            "init",
            "--settings",
            "central",
            "--url",
            url,
            "--user",
            "postgres",
            "--config",
            settings.toString(),
            "--out",
            plan.toString()
        };

        Outcome outcome = TestInstance.command(init);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(plan).content().contains("party", "address");
        assertThat(new TestInstance(central.database(), settings).settings().database().url())
                .isEqualTo(url);
        assertThat(TestInstance.command(init).exitCode()).isEqualTo(3);
    }

    private static void assertRefused(TestInstance instance, String code, String... command) {
        Outcome outcome = instance.doctorbird(command);
        assertThat(outcome.err()).startsWith(code);
        assertThat(outcome.exitCode()).isEqualTo(3);
    }

    private static int closedPort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private TestInstance satellite(TestInstance central, String name, int port) throws Exception {
        TestInstance satellite = TestInstance.satellite(folder.resolve(name), name, port);
        central.succeed(
                "instance", "add", name, "--password-out", satellite.passwordFile().toString());
        return satellite;
    }
}
