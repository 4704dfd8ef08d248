package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.cli.TestInstance.Outcome;
import org.doctorbird.app.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Damage of each kind, made behind the engine's back in real databases, found and repaired over
/// real HTTP. The two sides have different versions of PostgreSQL.
final class VerifyCommandTest {

    private static final String UNSEEN = "set session_replication_role = replica;\n";

    @TempDir private Path folder = Path.of("");
    private TestInstance central;
    private TestInstance clinic;
    private Central serving;

    @BeforeEach
    void open() throws Exception {
        central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        serving = Central.open(central.settings());
        clinic =
                TestInstance.satellite(
                        folder.resolve("may-pen"),
                        "may-pen",
                        serving.port(),
                        TestPostgres.OLDEST.freshDatabase());
        central.succeed(
                "instance", "add", "may-pen", "--password-out", clinic.passwordFile().toString());
        clinic.succeed("install");
        central.run(
                """
                insert into party (name) select 'central ' || g from generate_series(1, 200) g;
                insert into address (party, street) select id, 'street ' || id from party;
                """);
        clinic.succeed("sync");
        clinic.run(
                """
                insert into party (name, country) select 'clinic ' || g, 1
                from generate_series(1, 100) g;
                """);
        clinic.succeed("sync");
    }

    @AfterEach
    void close() {
        serving.close();
    }

    private List<String> damage(String... options) {
        var all = new ArrayList<>(List.of("verify", "--json"));
        all.addAll(List.of(options));
        Outcome outcome = clinic.doctorbird(all.toArray(String[]::new));
        var words = new ArrayList<String>();
        for (JsonNode model : outcome.json().get("models")) {
            model.get("counts")
                    .properties()
                    .forEach(count ->
                            words.add(
                                    "%s %s %s"
                                            .formatted(
                                                    model.get("model").asString(),
                                                    count.getKey(),
                                                    count.getValue())));
        }
        assertThat(outcome.exitCode()).isEqualTo(outcome.json().get("left").asLong() > 0 ? 1 : 0);
        return words;
    }

    /// Finds exactly that, repairs it, and then finds nothing; both sides agree in the end.
    private void assertFoundAndRepaired(String expected, boolean isShallow) {
        assertThat(damage()).isEqualTo(isShallow ? List.of(expected) : List.of());
        assertThat(damage("--deep")).containsExactly(expected);

        Outcome repaired = clinic.doctorbird("verify", "--deep", "--repair");

        assertThat(repaired.exitCode()).as(repaired.out() + repaired.err()).isZero();
        assertThat(repaired.out()).contains("; 0 are left.").doesNotContain("clinic 7");
        assertThat(damage("--deep")).isEmpty();
        clinic.succeed("sync");
        assertThat(clinic.digest()).isEqualTo(central.digest());
    }

    @Test
    void equalStoresAreAlike() {
        Outcome outcome = clinic.succeed("verify", "--deep");

        assertThat(outcome.out()).contains("party", "300  alike", "No damage.");
        assertThat(clinic.succeed("status").out()).contains("compared with central: ");
    }

    @Test
    void aValueChangedWithTriggersOffIsFoundAndKept() throws Exception {
        clinic.run(UNSEEN + "update party set name = 'unseen' where name = 'clinic 7'");

        assertFoundAndRepaired("party content 1", false);

        assertThat(clinic.value("select fields ->> 'name' from doctorbird.engine_refused"))
                .isEqualTo("unseen");
        clinic.run(UNSEEN + "update party set name = 'once more' where name = 'clinic 7'");
        assertFoundAndRepaired("party content 1", false);
        assertThat(clinic.value("select count(*) from doctorbird.engine_refused")).isEqualTo("2");
    }

    @Test
    void aWrongReferenceIsFound() throws Exception {
        clinic.run(UNSEEN + "update address set party = party + 1 where id = 7");

        assertFoundAndRepaired("address content 1", false);
    }

    @Test
    void aRowDeletedWithTriggersOffComesBack() throws Exception {
        clinic.run(UNSEEN + "delete from party where name = 'clinic 7'");

        assertFoundAndRepaired("party missing 1", true);
    }

    @Test
    void aRowInsertedWithTriggersOffIsPushed() throws Exception {
        clinic.run(UNSEEN + "insert into party (name) values ('unseen')");

        assertFoundAndRepaired("party uncaptured 1", true);

        assertThat(central.value("select count(*) from party where name = 'unseen'"))
                .isEqualTo("1");
    }

    @Test
    void aRecordThatCentralHasLostIsPushed() throws Exception {
        central.run(
                UNSEEN
                        + """
                        delete from party where name = 'clinic 7';
                        delete from doctorbird.party c
                          where not exists (select from party t where t.id = c.id);
                        """);

        assertFoundAndRepaired("party extra 1", true);

        assertThat(central.value("select count(*) from party where name = 'clinic 7'"))
                .isEqualTo("1");
    }

    @Test
    void aBitThatSaysWhatIsNotTrueIsCorrected() throws Exception {
        clinic.run(
                UNSEEN
                        + """
                        delete from address where street = 'street 9';
                        delete from doctorbird.address c
                          where not exists (select from address t where t.id = c.id);
                        """);
        assertFoundAndRepaired("address missing 1", true);

        central.run(
                """
                update doctorbird.party set synchronised_instances = ''
                where id in (select id from party where name in ('clinic 7', 'central 8'))
                """);
        assertFoundAndRepaired("party extra 2", true);
    }

    @Test
    void aVersionThatThePullPassedByIsFound() throws Exception {
        clinic.run(
                """
                update doctorbird.party set last_synchronisation = last_synchronisation
                  - interval '1 day', base_etag = base_etag - interval '1 day'
                where id in (select id from party where name = 'clinic 7')
                """);

        assertFoundAndRepaired("party outdated 1", true);
    }

    @Test
    void whatCentralForgotInARestoreIsPushedAgain() throws Exception {
        clinic.run("update party set name = 'newer' where name = 'clinic 7'");
        clinic.succeed("sync");
        central.run(
                UNSEEN
                        + """
                        update doctorbird.party set etag = etag - interval '1 day'
                          where id in (select id from party where name = 'newer');
                        update party set name = 'clinic 7' where name = 'newer';
                        """);

        assertFoundAndRepaired("party ahead 1", true);

        assertThat(central.value("select count(*) from party where name = 'newer'")).isEqualTo("1");
    }

    @Test
    void whatWaitsIsNoDamage() throws Exception {
        clinic.run("update country set name = 'here only' where code = 'JM'");

        assertThat(damage("--deep")).containsExactly("country waiting 1");
        assertThat(clinic.doctorbird("verify").exitCode()).isZero();
    }

    @Test
    void damageIsShownInTheStatusUntilItIsGone() throws Exception {
        clinic.run(UNSEEN + "delete from party where name = 'clinic 7'");

        assertThat(clinic.doctorbird("verify", "--model", "party").exitCode()).isEqualTo(1);
        assertThat(clinic.doctorbird("status", "--check").out())
                .contains("1 records of party are not as central has them");

        clinic.succeed("verify", "--model", "party", "--repair");
        assertThat(clinic.succeed("status", "--check").out()).contains("All is well.");
    }

    @Test
    void centralSaysWhereToRunIt() {
        Outcome outcome = central.doctorbird("verify");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("DRB-4007", "on the satellite");
        assertThat(clinic.doctorbird("verify", "--model", "no.such").err()).contains("DRB-3001");
    }
}
