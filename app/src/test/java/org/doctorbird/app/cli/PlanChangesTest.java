package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.cli.TestInstance.Outcome;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plans, tables and settings change while the programs run.
final class PlanChangesTest {

    private static final String VISIT =
            "create table visit (id serial primary key, party integer not null references party, note text)";

    @TempDir private Path folder = Path.of("");
    private @Nullable TestInstance central;
    private @Nullable Central serving;

    @BeforeEach
    void serve() throws Exception {
        central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        serving = Central.open(central.settings());
    }

    @AfterEach
    void end() {
        serving().close();
    }

    private TestInstance central() {
        return java.util.Objects.requireNonNull(central);
    }

    private Central serving() {
        return java.util.Objects.requireNonNull(serving);
    }

    @Test
    void aNewModelReachesEveryRunningProgram() throws Exception {
        TestInstance satellite = satellite();
        satellite.run("insert into party (name) values ('Ida')");
        try (Satellite first = open(satellite);
                Satellite second = open(satellite)) {
            synchronise(first);
            central().run(VISIT);
            satellite.run(VISIT);
            addVisitToThePlan();
            central().succeed("install");

            synchronise(first);
            satellite.run("insert into visit (party, note) values (1, 'well')");
            assertThat(synchronise(second).pushed()).isEqualTo(1);
        }
        assertThat(central().value("select note from visit")).isEqualTo("well");
    }

    @Test
    void aPlanThatDoesNotFitChangesNothing() throws Exception {
        TestInstance satellite = satellite();
        satellite.succeed("sync");
        String before = installed(satellite);
        central().run(VISIT);
        addVisitToThePlan();
        central().succeed("install");

        Outcome outcome = satellite.doctorbird("sync");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).startsWith("DRB-4002").contains("visit");
        assertThat(installed(satellite)).isEqualTo(before);
        assertThat(satellite.doctorbird("status", "--check").out()).contains("DRB-4002");
    }

    private void addVisitToThePlan() throws Exception {
        Path plan = folder.resolve("central/plan.toml");
        Files.writeString(
                plan, Files.readString(plan) + "[[model]]\nname = \"visit\"\ntable = \"visit\"\n");
    }

    /// Returns what is installed, without the contacts that are counted.
    private static String installed(TestInstance instance) throws Exception {
        return instance.value(
                """
                select string_agg(key || value, ',' order by key) from doctorbird.engine_meta
                where key not like 'contact%'
                """);
    }

    @Test
    void aWithheldModelStaysAtHome() throws Exception {
        TestInstance satellite = satellite();
        satellite.with("[withhold]\nmodels = [\"address\"]\n");
        satellite.run(
                """
                insert into party (name) values ('Ida');
                insert into address (party, street) values (1, 'Main Street');
                """);

        assertThat(satellite.succeed("sync").out()).contains("Pushed 1 changes");
        satellite.run("update address set street = 'Low Street'");
        assertThat(satellite.succeed("sync").out()).contains("Pushed 0 changes");
        assertThat(central().value("select count(*) from address")).isEqualTo("0");
    }

    @Test
    void aColumnThatCentralLacksStaysAtHomeUntilCentralHasIt() throws Exception {
        TestInstance satellite = satellite();
        satellite.run(
                """
                alter table party add phone text;
                insert into party (name, phone) values ('Ida', '876-555-0100');
                """);

        satellite.succeed("sync");
        assertThat(satellite.doctorbird("status").out()).contains("central lacks phone");

        central().run("alter table party add phone text");
        central().succeed("install");
        satellite.succeed("sync");
        assertThat(central().value("select phone from party")).isEqualTo("876-555-0100");
        assertThat(satellite.succeed("status", "--check").out()).startsWith("All is well.");
    }

    @Test
    void aColumnThatTheSatelliteLacksIsReadWhenItHasIt() throws Exception {
        TestInstance satellite = satellite();
        central()
                .run(
                        """
                        alter table party add phone text;
                        insert into party (name, phone) values ('Ida', '876-555-0100');
                        """);
        central().succeed("install");
        satellite.succeed("sync");

        satellite.run("alter table party add phone text");
        satellite.succeed("sync");

        assertThat(satellite.value("select phone from party")).isEqualTo("876-555-0100");
        assertThat(satellite.digest()).isEqualTo(central().digest());
    }

    @Test
    void aColumnThatBothGetTravelsAfterARestart() throws Exception {
        TestInstance satellite = satellite();
        satellite.run("insert into party (name) values ('Ida')");
        satellite.succeed("sync");
        satellite.run("alter table party add phone text");
        central().run("alter table party add phone text");

        int port = serving().port();
        serving().close();
        central()
                .rewrite(
                        Files.readString(central().file())
                                .replace("127.0.0.1:0", "127.0.0.1:" + port));
        serving = Central.open(central().settings());
        satellite.run("update party set phone = '876-555-0100'");
        satellite.succeed("sync");

        assertThat(central().value("select phone from party")).isEqualTo("876-555-0100");
    }

    @Test
    void triggersThatSomebodyRemovedComeBackWithTheNextCycle() throws Exception {
        TestInstance satellite = satellite();
        String dropAll =
                """
                do $$ declare t text; begin
                  for t in select tgname from pg_trigger
                    where tgrelid = 'party'::regclass and not tgisinternal loop
                    execute format('drop trigger %I on party', t);
                  end loop;
                end $$
                """;
        satellite.run(dropAll);
        satellite.run("insert into party (name) values ('Ida')");

        satellite.succeed("sync");
        satellite.succeed("sync");

        assertThat(central().value("select name from party")).isEqualTo("Ida");
    }

    private static Satellite open(TestInstance satellite) {
        return Satellite.open(satellite.settings(), ExchangeListener.NONE);
    }

    private static Cycle.Sum synchronise(Satellite satellite) {
        return satellite.synchronise(EnumSet.allOf(Cycle.Work.class));
    }

    private TestInstance satellite() throws Exception {
        TestInstance satellite =
                TestInstance.satellite(folder.resolve("may-pen"), "may-pen", serving().port());
        central()
                .succeed(
                        "instance",
                        "add",
                        "may-pen",
                        "--password-out",
                        satellite.passwordFile().toString());
        satellite.succeed("install");
        return satellite;
    }
}
