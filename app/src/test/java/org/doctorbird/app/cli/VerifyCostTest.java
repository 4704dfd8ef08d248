package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.comparison.Difference.Kind;
import org.doctorbird.exchange.Comparison;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a comparison costs on the wire, all headers included. `-Dpeople=1000000 -Dtimes=true` tells
/// how long it takes, too.
final class VerifyCostTest {

    private static final int PEOPLE = Integer.getInteger("people", 20_000);
    private static final int MODELS = 3;

    /// The headers of a request and its answer.
    private static final int HEADERS = 500;

    /// For the plan, for a cycle, and to pass by what is own; the last two before each look.
    private static final int GREETINGS = 3;

    @TempDir private Path folder = Path.of("");

    @Test
    void whatIsEqualCostsOneRequestAndOneDifferenceAFewKilobytes() throws Exception {
        TestInstance central = TestInstance.central(folder.resolve("central"));
        Files.writeString(
                folder.resolve("central").resolve("plan.toml"),
                TestInstance.PLAN.replace("batch = 100\n", "batch = 5000\n"));
        central.succeed("install");
        try (Central serving = Central.open(central.settings());
                var relay = new CountingRelay(serving.port())) {
            TestInstance clinic =
                    TestInstance.satellite(folder.resolve("may-pen"), "may-pen", relay.port());
            central.succeed(
                    "instance",
                    "add",
                    "may-pen",
                    "--password-out",
                    clinic.passwordFile().toString());
            clinic.succeed("install");
            central.run(
                    "insert into party (name) select 'person ' || i from generate_series(1, %d) i"
                            .formatted(PEOPLE));
            clinic.succeed("sync");
            clinic.succeed("sync");
            central.run("vacuum analyze");
            clinic.run("vacuum analyze");
            try (Satellite satellite = Satellite.open(clinic.settings(), ExchangeListener.NONE)) {
                assertCosts(satellite, clinic, relay);
            }
        }
    }

    private static void assertCosts(Satellite satellite, TestInstance clinic, CountingRelay relay)
            throws Exception {
        int cycle = cycle(satellite, relay);
        var _ = relay.count();

        assertThat(verify(satellite, false)).allMatch(some -> some.counts().isEmpty());
        assertThat(relay.count()).as("requests").isEqualTo(GREETINGS + 1);
        int equal = relay.bytes() - GREETINGS * cycle;
        assertThat(equal).as("bytes when all is equal").isLessThan(HEADERS + 100 * MODELS);

        clinic.run(
                """
                set session_replication_role = replica;
                delete from party where id = (select max(id) from party)
                """);
        assertThat(verify(satellite, false).stream().mapToLong(Comparison::damaged).sum())
                .isEqualTo(1);
        int twoLooks = relay.bytes() - (1 + 2 * (GREETINGS - 1)) * cycle;
        assertThat(twoLooks / 2).as("bytes of one difference").isLessThan(16_000);
        List<Comparison> deep = verify(satellite, true);
        assertThat(deep.stream().mapToLong(some -> some.counts().getOrDefault(Kind.MISSING, 0L)))
                .contains(1L);
        System.out.printf(
                "equal: %,d bytes; one difference in %,d: %,d bytes%n",
                equal, PEOPLE, twoLooks / 2);
    }

    private static int cycle(Satellite satellite, CountingRelay relay) {
        for (int i = 0; i < 2; i++) {
            var _ = relay.bytes();
            var _ = satellite.synchronise(EnumSet.allOf(Cycle.Work.class));
        }
        return relay.bytes();
    }

    private static List<Comparison> verify(Satellite satellite, boolean isDeep) {
        long begun = System.nanoTime();
        List<Comparison> found = satellite.verify(List.of(), isDeep, false).found();
        if (Boolean.getBoolean("times")) {
            System.out.printf(
                    "%s comparison with two cycles or more: %,d ms%n",
                    isDeep ? "deep" : "shallow", (System.nanoTime() - begun) / 1_000_000);
        }
        return found;
    }
}
