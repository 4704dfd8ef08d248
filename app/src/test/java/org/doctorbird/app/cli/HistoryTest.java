package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.doctorbird.app.cli.TestInstance.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class HistoryTest {

    @TempDir private Path folder = Path.of("");

    private TestInstance central() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        central.run("insert into party (name, born) values ('Ida', '1990-02-03')");
        central.run("update party set name = E'Ida\\nBrown'");
        central.run("update party set name = 'Ida May', born = '1990-02-04'");
        return central;
    }

    @Test
    void tellsWhoChangedWhichFieldsAndNoValue() throws Exception {
        TestInstance central = central();
        String uid = central.value("select uid from doctorbird.party");

        String out = central.succeed("history", "party", uid).out();

        assertThat(out.lines()).hasSize(4).first().isEqualTo("party " + uid);
        assertThat(out.lines().skip(1))
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .matches(
                                                "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z  0 central  changed: name, born"),
                        line -> assertThat(line).endsWith("Z  0 central  changed: name"),
                        line -> assertThat(line).endsWith("Z  0 central  created"));
        assertThat(out).doesNotContain("Ida", "1990");
        assertThat(central.succeed("history", "party", uid, "--json").out())
                .doesNotContain("Ida", "1990");
    }

    @Test
    void showsValuesWhenAskedFor() throws Exception {
        TestInstance central = central();

        assertThat(central.succeed("history", "party", "1", "--values").out())
                .contains("    name: Ida Brown -> Ida May\n    born: 1990-02-03 -> 1990-02-04\n")
                .contains("changed\n    name: Ida -> Ida Brown\n")
                .contains("created\n    born: (empty) -> 1990-02-03\n    name: (empty) -> Ida\n");
        JsonNode versions =
                central.succeed("history", "party", "1", "--values", "--json")
                        .json()
                        .get("versions");
        JsonNode newest = versions.get(0);
        assertThat(newest.get("what").asString()).isEqualTo("changed");
        assertThat(newest.get("instance").asInt()).isZero();
        assertThat(newest.get("name").asString()).isEqualTo("central");
        assertThat(newest.get("user").isNull()).isTrue();
        assertThat(newest.get("at").asString()).endsWith("Z");
        JsonNode name = newest.get("fields").get(0);
        assertThat(name.get("name").asString()).isEqualTo("name");
        assertThat(name.get("before").asString()).isEqualTo("Ida\nBrown");
        assertThat(name.get("after").asString()).isEqualTo("Ida May");
    }

    @Test
    void saysWhenThereAreMore() throws Exception {
        TestInstance central = central();

        assertThat(central.succeed("history", "party", "1", "--limit", "2").out())
                .contains("There are older ones");
        assertThat(
                        central.succeed("history", "party", "1", "--limit", "2", "--json")
                                .json()
                                .get("more")
                                .asBoolean())
                .isTrue();
        assertThat(central.succeed("history", "party", "1", "--limit", "3").out())
                .doesNotContain("older");
    }

    @Test
    void saysWhatIsWrongWithAQuestion() throws Exception {
        TestInstance central = central();

        Outcome noModel = central.doctorbird("history", "pary", "1");
        assertThat(noModel.exitCode()).isEqualTo(3);
        assertThat(noModel.err()).contains("DRB-3001", "Use a model of the plan");
        for (String record : new String[] {"77", "0192d0f6-6f64-4b1c-9a53-0a4b7d1c2e3f"}) {
            Outcome noRecord = central.doctorbird("history", "party", record);
            assertThat(noRecord.exitCode()).isEqualTo(1);
            assertThat(noRecord.out()).contains("No record of party").doesNotContain(record);
        }
        assertThat(central.doctorbird("history", "party", "1", "--limit", "0").exitCode())
                .isEqualTo(2);
        assertThat(central.doctorbird("history", "party", "1", "--limit", "1001").exitCode())
                .isEqualTo(2);
        TestInstance satellite = TestInstance.satellite(folder.resolve("s"), "s", 1);
        assertThat(satellite.doctorbird("history", "party", "1").err()).contains("DRB-4007");
    }
}
