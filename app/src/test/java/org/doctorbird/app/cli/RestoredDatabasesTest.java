package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.cli.TestInstance.Outcome;
import org.doctorbird.app.testing.Cluster;
import org.doctorbird.app.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What administrators do about restored and copied databases, and with instances that change or
/// end, over real HTTP.
final class RestoredDatabasesTest {

    private static final String HELD_BY_THE_FIRST =
            "select count(*) from doctorbird.party where substring(synchronised_instances from 2 for 1) = B'1'";

    @TempDir private Path folder = Path.of("");
    private TestInstance central;
    private TestInstance clinic;
    private Central serving;
    private int port;

    @BeforeEach
    void open() throws Exception {
        port = Cluster.freePort();
        central = TestInstance.central(folder.resolve("central"), port);
        central.succeed("install");
        serving = Central.open(central.settings());
        clinic = joined("may-pen");
        insert(clinic, "before");
        clinic.succeed("sync");
    }

    @AfterEach
    void close() {
        serving.close();
    }

    private TestInstance joined(String name, String... options) throws Exception {
        var instance = TestInstance.satellite(folder.resolve(name), name, port);
        instance.with("[tasks]\nverify_days = 0\n");
        add(name, instance, options);
        instance.succeed("install");
        return instance;
    }

    private void add(String name, TestInstance instance, String... options) {
        var arguments =
                new java.util.ArrayList<>(
                        java.util.List.of(
                                "instance",
                                "add",
                                name,
                                "--password-out",
                                instance.passwordFile().toString()));
        arguments.addAll(java.util.List.of(options));
        central.succeed(arguments.toArray(String[]::new));
    }

    private static void insert(TestInstance instance, String name) throws Exception {
        instance.run("insert into party (name) values ('" + name + "')");
    }

    private static String names(TestInstance instance) throws Exception {
        return instance.value("select string_agg(name, ' ' order by name) from party");
    }

    private static TestPostgres.Database copy(TestInstance instance) {
        return TestPostgres.NEWEST.copy(instance.database());
    }

    /// Returns the same program on another database, with its settings in another folder.
    private TestInstance on(TestInstance instance, TestPostgres.Database other, String name)
            throws IOException {
        String settings =
                Files.readString(instance.file())
                        .replace(
                                "/" + instance.database().name() + "\"", "/" + other.name() + "\"");
        var moved = new TestInstance(other, folder.resolve(name).resolve("doctorbird.toml"));
        moved.rewrite(settings);
        for (Path file :
                java.util.List.of(
                        instance.passwordFile(), instance.file().resolveSibling("plan.toml"))) {
            if (Files.exists(file)) {
                Files.copy(file, moved.file().resolveSibling(file.getFileName().toString()));
            }
        }
        return moved;
    }

    private static void assertRefused(Outcome outcome, String code, String remedy) {
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).startsWith(code).contains(remedy);
    }

    @Test
    void aRestoredSatelliteIsToldWhatToDoAndGetsBackWhatItHadPushed() throws Exception {
        TestPostgres.Database backup = copy(clinic);
        insert(clinic, "pushed");
        clinic.succeed("sync");
        TestInstance restored = on(clinic, backup, "restored");
        insert(restored, "since");

        assertRefused(restored.doctorbird("sync"), "DRB-3017", "'resync' here");
        assertThat(restored.doctorbird("resync").exitCode()).isEqualTo(2);
        assertRefused(restored.doctorbird("sync"), "DRB-3017", "'resync' here");
        assertThat(restored.succeed("resync", "--yes").out()).contains("goes on");
        restored.succeed("sync");

        assertThat(names(restored)).isEqualTo("before pushed since");
        assertThat(restored.digest()).isEqualTo(central.digest());
        assertThat(restored.succeed("verify", "--deep").out()).contains("No damage.");
        assertRefused(clinic.doctorbird("sync"), "DRB-3009", "'join --as-new'");
    }

    @Test
    void aRestoredCentralIsNoticedByItsSatellitesAndGetsBackWhatTheyHave() throws Exception {
        serving.close();
        TestPostgres.Database backup = copy(central);
        serving = Central.open(central.settings());
        insert(clinic, "pushed");
        clinic.succeed("sync");
        clinic.succeed("sync");
        serving.close();
        TestInstance restored = on(central, backup, "restored");
        serving = Central.open(restored.settings());

        assertRefused(clinic.doctorbird("sync"), "DRB-3018", "'resync' on central");
        assertThat(restored.doctorbird("resync").exitCode()).isEqualTo(2);
        assertThat(restored.succeed("resync", "--yes").out()).contains("A new epoch");
        clinic.succeed("sync");

        assertThat(names(restored)).isEqualTo("before pushed");
        assertThat(clinic.digest()).isEqualTo(restored.digest());
        assertThat(clinic.succeed("verify", "--deep").out()).contains("No damage.");
    }

    @Test
    void aCopyOfASatelliteJoinsAsAnInstanceOfItsOwn() throws Exception {
        insert(clinic, "in both");
        TestPostgres.Database clone = copy(clinic);
        clinic.succeed("sync");
        TestInstance annex = on(clinic, clone, "annex");
        insert(annex, "annex");

        assertRefused(annex.doctorbird("sync"), "DRB-3017", "'join --as-new'");
        assertThat(annex.doctorbird("join").exitCode()).isEqualTo(2);
        assertRefused(annex.doctorbird("join", "--as-new"), "DRB-3009", "'instance add'");
        Files.delete(annex.passwordFile());
        add("annex", annex);
        annex.rewrite(Files.readString(annex.file()).replace("\"may-pen\"", "\"annex\""));
        annex.succeed("join", "--as-new");
        annex.succeed("sync");
        clinic.succeed("sync");

        assertThat(names(central)).isEqualTo("annex before in both");
        assertThat(annex.digest()).isEqualTo(central.digest());
        assertThat(clinic.digest()).isEqualTo(central.digest());
    }

    @Test
    void aRenamedInstanceGoesOnUnderItsNewName() throws Exception {
        insert(clinic, "later");

        assertThat(central.succeed("instance", "rename", "may-pen", "north").out())
                .contains("'north'");

        assertRefused(clinic.doctorbird("sync"), "DRB-3006", "login");
        clinic.rewrite(Files.readString(clinic.file()).replace("\"may-pen\"", "\"north\""));
        clinic.succeed("sync");
        assertThat(names(central)).isEqualTo("before later");
        assertThat(central.doctorbird("instance", "rename", "may-pen", "x").err())
                .startsWith("DRB-3011");
        assertThat(central.doctorbird("instance", "rename", "north", "not a name").err())
                .startsWith("DRB-4004");
        joined("lionel-town");
        assertThat(central.doctorbird("instance", "rename", "north", "lionel-town").err())
                .startsWith("DRB-3009");
    }

    @Test
    void theIdOfARetiredInstanceIsUsedAgainOnlyWhenItsBitIsCleared() throws Exception {
        assertThat(central.value(HELD_BY_THE_FIRST)).isEqualTo("1");

        assertThat(central.doctorbird("instance", "retire", "may-pen").exitCode()).isEqualTo(2);
        central.succeed("instance", "retire", "may-pen", "--yes");

        assertRefused(clinic.doctorbird("sync"), "DRB-3006", "login");
        assertThat(central.value(HELD_BY_THE_FIRST)).isEqualTo("0");
        assertThat(central.succeed("instance", "list").out()).contains("may-pen", "retired");
        assertThat(names(central)).isEqualTo("before");
        TestInstance next = joined("lionel-town");
        assertThat(central.succeed("instance", "show", "lionel-town").out())
                .contains("synchronisation id 2");

        central.run("update doctorbird.engine_instance set cleared_at = null where id = 1");
        assertThat(central.doctorbird("instance", "add", "third", "--id", "1").err())
                .startsWith("DRB-3009");
        central.succeed("instance", "retire", "may-pen", "--yes");
        TestInstance third = joined("third", "--id", "1");
        third.succeed("sync");
        next.succeed("sync");

        assertThat(names(third)).isEqualTo("before");
        assertThat(third.digest()).isEqualTo(central.digest());
        assertThat(central.value(HELD_BY_THE_FIRST)).isEqualTo("1");
    }
}
