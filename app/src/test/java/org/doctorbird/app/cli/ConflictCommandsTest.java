package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.doctorbird.app.central.Central;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Conflicts from the edit to the resolution: one central and a clinic over real HTTP, and the
/// commands with which a data manager settles them.
final class ConflictCommandsTest {

    private static final String TABLES =
            """
            create table ward (id serial primary key, code text not null unique, name text,
                notes text, low integer, high integer);
            create table bed (id serial primary key, ward integer not null references ward,
                label text);
            """;

    private static final String PLAN =
            """
            format = 1
            [[model]]
            name = "ward"
            table = "ward"
            policy = "manual"
            policies = { notes = "append" }
            together = [["low", "high"]]
            renumber = "code"
            [[model]]
            name = "bed"
            table = "bed"
            policy = "manual"
            deletes = "propagate"
            """;

    @TempDir private Path folder = Path.of("");
    private TestInstance central;
    private TestInstance clinic;
    private Central serving;

    @BeforeEach
    void open() throws Exception {
        central = TestInstance.central(folder.resolve("central"));
        central.run(TABLES);
        Files.writeString(folder.resolve("central").resolve("plan.toml"), PLAN);
        central.succeed("install");
        serving = Central.open(central.settings());
        clinic = satellite("may-pen");
    }

    @AfterEach
    void close() {
        serving.close();
    }

    private TestInstance satellite(String name) throws Exception {
        TestInstance satellite = TestInstance.satellite(folder.resolve(name), name, serving.port());
        satellite.run(TABLES);
        central.succeed(
                "instance", "add", name, "--password-out", satellite.passwordFile().toString());
        satellite.succeed("install");
        return satellite;
    }

    private void insertWard() throws Exception {
        clinic.run("insert into ward (code, name, notes, low, high) values ('A', 'a', '', 1, 2)");
        clinic.succeed("sync");
    }

    private JsonNode conflicts() {
        return central.succeed("conflicts", "list", "--json").json().get("entries");
    }

    private String onlyConflict() {
        assertThat(conflicts()).hasSize(1);
        return conflicts().get(0).get("number").asString();
    }

    private void assertInStep() {
        clinic.succeed("sync");
        clinic.succeed("sync");
        assertThat(clinic.digest()).isEqualTo(central.digest());
    }

    @Test
    void aPersonChoosesBetweenTwoVersionsAndMayTakeItBack() throws Exception {
        insertWard();
        clinic.run("update ward set name = 'clinic', code = 'B'");
        central.run("update ward set name = 'central'");
        clinic.succeed("sync");

        String number = onlyConflict();
        assertThat(central.value("select code || name from ward")).isEqualTo("Bcentral");
        assertThat(clinic.value("select code || name from ward")).isEqualTo("Bcentral");
        assertThat(central.succeed("conflicts", "list").out())
                .contains("both changed name", "may-pen")
                .doesNotContain("clinic\n");
        assertThat(central.succeed("conflicts", "show", number).out())
                .contains("before     a", "central    central", "satellite  clinic");
        assertThat(central.doctorbird("status", "--check").out()).contains("1 conflicts");

        central.succeed("conflicts", "resolve", number, "--take", "satellite");
        assertThat(conflicts()).isEmpty();
        assertThat(central.value("select name from ward")).isEqualTo("clinic");
        assertInStep();
        assertThat(central.succeed("conflicts", "show", number).out())
                .contains("Settled: satellite. 'doctorbird conflicts reopen");

        central.succeed("conflicts", "reopen", number);
        assertThat(central.value("select name from ward")).isEqualTo("central");
        assertThat(onlyConflict()).isEqualTo(number);
        central.succeed("conflicts", "resolve", number, "--set", "name=both");
        assertInStep();
        assertThat(clinic.value("select name from ward")).isEqualTo("both");
    }

    @Test
    void textsThatBothSidesContinuedAreJoinedAndFieldsThatGoTogetherStayTogether()
            throws Exception {
        insertWard();
        clinic.run("update ward set notes = 'from the clinic', low = 10");
        central.run("update ward set notes = 'from central', high = 20");
        clinic.succeed("sync");

        assertThat(central.value("select notes from ward"))
                .isEqualTo("from central\nfrom the clinic");
        assertThat(central.value("select low || ' ' || high from ward")).isEqualTo("1 20");
        JsonNode entry = conflicts().get(0);
        assertThat(entry.get("settled").get("notes").asString()).isEqualTo("append");
        assertThat(entry.get("fields").toString()).contains("low", "high");

        central.succeed("conflicts", "resolve", onlyConflict(), "--take", "satellite");
        assertThat(central.value("select low || ' ' || high from ward")).isEqualTo("10 2");
        assertInStep();
    }

    @Test
    void aPersonMayOverruleAPolicy() throws Exception {
        insertWard();
        clinic.run("update ward set notes = 'from the clinic'");
        central.run("update ward set notes = 'from central'");
        clinic.succeed("sync");
        assertThat(conflicts()).isEmpty();
        JsonNode settled = central.succeed("conflicts", "list", "--all", "--json").json();
        String number = settled.get("entries").get(0).get("number").asString();

        central.succeed("conflicts", "reopen", number);
        assertThat(central.value("select notes from ward"))
                .isEqualTo("from central\nfrom the clinic");
        central.succeed("conflicts", "resolve", number, "--take", "satellite");

        assertThat(central.value("select notes from ward")).isEqualTo("from the clinic");
        assertInStep();
    }

    @Test
    void aDeletionAgainstAChangeWaitsForAPerson() throws Exception {
        insertWard();
        clinic.run("insert into bed (ward, label) values (1, 'x'), (1, 'y')");
        clinic.succeed("sync");
        clinic.run("delete from bed");
        central.run("update bed set label = label || '!'");
        clinic.succeed("sync");

        assertThat(conflicts()).hasSize(2);
        assertThat(clinic.value("select count(*) from bed")).isEqualTo("2");
        String first = conflicts().get(0).get("number").asString();
        assertThat(central.succeed("conflicts", "show", first).out())
                .containsPattern(
                        "label\n  before     ([xy])\n  central    \\1!\n  satellite  \\(deleted\\)\n")
                .doesNotContain("\nward\n");
        central.succeed("conflicts", "resolve", first, "--take", "satellite");
        central.succeed("conflicts", "resolve", onlyConflict(), "--take", "central");
        assertInStep();
        assertThat(clinic.value("select count(*) from bed")).isEqualTo("1");
    }

    @Test
    void aChangeOfWhatCentralDeletedIsBroughtBackOrLetGo() throws Exception {
        insertWard();
        clinic.run("insert into bed (ward, label) values (1, 'x'), (1, 'y')");
        clinic.succeed("sync");
        central.run("delete from bed");
        clinic.run("update bed set label = label || '!'");
        clinic.succeed("sync", "push");
        clinic.succeed("sync", "push");

        assertThat(conflicts()).hasSize(2);
        assertThat(clinic.value("select count(*) from bed")).isEqualTo("2");
        String first = conflicts().get(0).get("number").asString();
        central.succeed("conflicts", "resolve", first, "--take", "satellite");
        central.succeed("conflicts", "resolve", onlyConflict(), "--take", "central");
        assertInStep();
        assertThat(central.value("select count(*) from bed where label like '%!'")).isEqualTo("1");
    }

    @Test
    void oneNumberUsedTwiceIsRenumberedByThePlan() throws Exception {
        central.run("insert into ward (code, name) values ('A', 'first')");
        clinic.run("insert into ward (code, name) values ('A', 'second')");
        clinic.succeed("sync", "push");

        String number = onlyConflict();
        assertThat(conflicts().get(0).get("kind").asString()).isEqualTo("key");
        assertThat(central.succeed("conflicts", "show", number).out())
                .contains("The key belongs to", "name\n  satellite  second\n", "--renumber")
                .doesNotContain("\nnotes\n");
        assertThat(central.doctorbird("conflicts", "resolve", number, "--take", "central").err())
                .contains("DRB-2012");

        central.succeed("conflicts", "resolve", number, "--renumber");
        assertThat(central.value("select string_agg(code, ' ' order by code) from ward"))
                .isEqualTo("A A-1");
        assertInStep();
        assertThat(clinic.value("select name from ward where code = 'A-1'")).isEqualTo("second");

        assertThat(central.succeed("conflicts", "show", number).out())
                .contains("Settled: renumbered.")
                .doesNotContain("reopen");
        assertThat(central.doctorbird("conflicts", "reopen", number).err()).contains("DRB-2012");
    }

    @Test
    void oneNumberUsedTwiceForTheSameThingBecomesOneRecord() throws Exception {
        central.run("insert into ward (code, name) values ('A', 'first')");
        clinic.run(
                """
                insert into ward (code, name) values ('A', 'second');
                insert into bed (ward, label) values (1, 'x');
                """);
        clinic.succeed("sync", "push");
        assertThat(central.value("select count(*) from bed")).isEqualTo("0");

        central.succeed("conflicts", "resolve", onlyConflict(), "--join");
        assertThat(
                        central.value(
                                "select w.name || b.label from bed b join ward w on w.id = b.ward"))
                .isEqualTo("firstx");
        assertInStep();
        assertThat(clinic.value("select count(*) || max(name) from ward")).isEqualTo("1first");
        clinic.run("insert into bed (ward, label) values (1, 'z')");
        assertInStep();
    }

    @Test
    void theClinicIsToldWhatWaitsForADecision() throws Exception {
        insertWard();
        clinic.run("update ward set name = 'clinic'");
        central.run("update ward set name = 'central'");
        clinic.succeed("sync");
        clinic.succeed("sync");

        TestInstance.Outcome told = clinic.succeed("status", "--check");
        assertThat(told.out()).startsWith("All is well.").contains("waits for a decision");
        JsonNode own = clinic.succeed("status", "--json").json().get("own_conflicts");
        assertThat(own).hasSize(1);
        assertThat(own.get(0).get("kind").asString()).isEqualTo("fields");

        central.succeed("conflicts", "resolve", onlyConflict(), "--take", "central");
        clinic.succeed("sync");
        assertThat(clinic.succeed("status", "--json").json().get("own_conflicts")).isEmpty();
    }

    @Test
    void wrongUseIsNamedAndChangesNothing() throws Exception {
        insertWard();
        clinic.run("update ward set name = 'clinic'");
        central.run("update ward set name = 'central'");
        clinic.succeed("sync");
        String number = onlyConflict();

        assertThat(central.doctorbird("conflicts", "show", "99").err()).contains("DRB-2011");
        assertThat(central.doctorbird("conflicts", "resolve", "99", "--take", "central").err())
                .contains("DRB-2011");
        assertThat(central.doctorbird("conflicts", "resolve", number).exitCode()).isEqualTo(2);
        assertThat(central.doctorbird("conflicts", "resolve", number, "--take", "me").exitCode())
                .isEqualTo(2);
        assertThat(central.doctorbird("conflicts", "resolve", number, "--set", "nme=x").err())
                .contains("DRB-3002", "nme");
        assertThat(central.doctorbird("conflicts", "resolve", number, "--renumber").err())
                .contains("DRB-2012");
        assertThat(central.doctorbird("conflicts", "resolve", number, "--set", "code=").err())
                .contains("column code");
        assertThat(onlyConflict()).isEqualTo(number);
        assertThat(central.value("select name from ward")).isEqualTo("central");
    }
}
