package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumSet;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Invariant 6: cost follows change, not size.
final class IdleCycleTest {

    @TempDir private Path folder = Path.of("");

    @Test
    void aCycleWithNothingToDoIsOneRequestWhateverTheStoreHolds() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        central.succeed("install");
        try (Central serving = Central.open(central.settings());
                var relay = new CountingRelay(serving.port())) {
            TestInstance satellite =
                    TestInstance.satellite(folder.resolve("may-pen"), "may-pen", relay.port());
            central.succeed(
                    "instance",
                    "add",
                    "may-pen",
                    "--password-out",
                    satellite.passwordFile().toString());
            satellite.succeed("install");
            for (int people : new int[] {0, 10, 5_000}) {
                String insert =
                        "insert into party (name) select 'x' || i from generate_series(1, %d) i"
                                .formatted(people);
                satellite.run(insert);
                central.run(insert);
                assertIdle(satellite, relay, people);
            }
        }
    }

    private static void assertIdle(TestInstance instance, CountingRelay relay, int people) {
        try (Satellite satellite = Satellite.open(instance.settings(), ExchangeListener.NONE)) {
            synchronise(satellite);
            synchronise(satellite);
            relay.count();
            for (int cycle = 1; cycle <= 3; cycle++) {
                synchronise(satellite);
                assertThat(relay.count()).as("requests, %d people", people).isEqualTo(1);
            }
        }
        try (Satellite fresh = Satellite.open(instance.settings(), ExchangeListener.NONE)) {
            synchronise(fresh);
            assertThat(relay.count()).as("requests with login").isEqualTo(2);
        }
    }

    private static void synchronise(Satellite satellite) {
        var _ = satellite.synchronise(EnumSet.allOf(Cycle.Work.class));
    }
}
