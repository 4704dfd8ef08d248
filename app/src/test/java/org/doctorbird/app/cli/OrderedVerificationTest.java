package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.cli.TestInstance.Outcome;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.VerifyOrder;
import org.doctorbird.exchange.VerifyReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Central's people have a clinic compare and repair, over real HTTP.
final class OrderedVerificationTest {

    private static final String DAMAGE =
            "set session_replication_role = replica; update party set name = 'unseen' where id = 7";

    @TempDir private Path folder = Path.of("");
    private TestInstance central;
    private TestInstance clinic;
    private Central serving;

    @BeforeEach
    void open() throws Exception {
        central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        serving = Central.open(central.settings());
        clinic = TestInstance.satellite(folder.resolve("may-pen"), "may-pen", serving.port());
        central.succeed(
                "instance", "add", "may-pen", "--password-out", clinic.passwordFile().toString());
        clinic.succeed("install");
        clinic.run("insert into party (name) select 'p ' || g from generate_series(1, 20) g");
        clinic.succeed("sync");
    }

    @AfterEach
    void close() {
        serving.close();
    }

    private Outcome order(String... options) {
        String[] all = new String[options.length + 3];
        all[0] = "verify";
        all[1] = "--instance";
        all[2] = "may-pen";
        System.arraycopy(options, 0, all, 3, options.length);
        return central.doctorbird(all);
    }

    private String shown() {
        return central.succeed("instance", "show", "may-pen").out();
    }

    @Test
    void theNextCycleComparesRepairsAndReports() throws Exception {
        clinic.run(DAMAGE);
        assertThat(shown()).doesNotContain("comparison");

        Outcome ordered = order("--deep", "--repair", "--wait", "0");
        assertThat(ordered.exitCode()).isEqualTo(1);
        assertThat(ordered.out()).contains("No report yet.", "instance show may-pen");
        assertThat(shown()).contains("not reported yet");
        clinic.succeed("sync");

        assertThat(shown()).contains("22 records compared, 1 damaged, 0 left.");
        assertThat(clinic.digest()).isEqualTo(central.digest());
        String reported = reported();
        clinic.succeed("sync");
        assertThat(reported()).isEqualTo(reported);
    }

    private String reported() {
        return central.succeed("instance", "show", "may-pen", "--json")
                .json()
                .get("verification")
                .get("answered")
                .asString();
    }

    @Test
    void whoServesReportsWhileCentralWaits() throws Exception {
        clinic.run(DAMAGE);
        Files.writeString(
                clinic.file(), "[tasks]\ncycle = \"* * * * * *\"\n", StandardOpenOption.APPEND);
        try (var _ = Satellite.serve(clinic.settings(), ExchangeListener.NONE)) {
            Outcome alike = order("--model", "party", "--wait", "60");
            assertThat(alike.out()).contains("20 records compared, no damage.");
            assertThat(alike.exitCode()).isZero();

            Outcome deep = order("--deep", "--json", "--wait", "60");
            assertThat(deep.exitCode()).isEqualTo(1);
            assertThat(deep.json().get("left").asInt()).isEqualTo(1);
            assertThat(deep.json().get("models").get(0).asString()).isEqualTo("party");
        }
    }

    @Test
    void anOrderThatCannotBeCarriedOutIsReportedToo() throws Exception {
        order("--wait", "0");
        central.run("update doctorbird.engine_verify_order set models = '{no.such}'");

        clinic.succeed("sync");

        assertThat(shown()).contains("Could not be done: DRB-3001.");
    }

    @Test
    void onlyTheReportOfTheLastOrderCounts() throws Exception {
        order("--wait", "0");
        try (var satellite = Satellite.open(clinic.settings(), ExchangeListener.NONE)) {
            VerifyOrder first = satellite.begin().order().orElseThrow();
            clinic.run(DAMAGE);
            order("--deep", "--wait", "0");

            satellite.link().verified(VerifyReport.of(first, List.of(), List.of()));
            assertThat(shown()).contains("not reported yet");
        }
        clinic.succeed("sync");
        assertThat(shown()).contains("1 damaged, 1 left in party.");
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThat(central.doctorbird("verify").err()).contains("DRB-4007", "--instance");
        assertThat(clinic.doctorbird("verify", "--instance", "1").err()).contains("DRB-4007");
        assertThat(central.doctorbird("verify", "--instance", "may-pan").err())
                .contains("DRB-", "may-pen");
        assertThat(order("--model", "no.such", "--wait", "0").err()).contains("DRB-3001");
        assertThat(shown()).doesNotContain("comparison");
    }
}
