package org.doctorbird.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.doctorbird.app.testing.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// 100,000 records move, in batches of 1,000, between programs that have 256 MB of heap each.
final class SmallHeapTest {

    private static final int RECORDS = 100_000;

    @TempDir private Path folder = Path.of("");

    @Test
    void aHundredThousandRecordsNeed256Megabytes() throws Exception {
        int port = Cluster.freePort();
        TestInstance central = TestInstance.central(folder.resolve("central"), port);
        Path plan = central.file().resolveSibling("plan.toml");
        Files.writeString(plan, Files.readString(plan).replace("batch = 100", "batch = 1000"));
        central.succeed("install");
        TestInstance first = satellite(central, "first", port);
        TestInstance second = satellite(central, "second", port);
        try (var programs = new TestPrograms(folder.resolve("logs"), "256m")) {
            Process serving = programs.start(central, "serve");
            awaitPort(port);
            first.succeed("install");
            second.succeed("install");
            first.run(
                    """
                    insert into party (name, born)
                    select 'Invented Name ' || i, date '1950-01-01' + i %% 20000
                    from generate_series(1, %d) i
                    """
                            .formatted(RECORDS));

            programs.run(first, "sync");
            programs.run(second, "sync");

            assertThat(second.value("select count(*) from party"))
                    .isEqualTo(Integer.toString(RECORDS));
            assertThat(second.digest()).isEqualTo(first.digest()).isEqualTo(central.digest());
            assertThat(serving.isAlive()).isTrue();
        }
    }

    static void awaitPort(int port) throws Exception {
        for (int i = 0; i < 600; i++) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (java.io.IOException e) {
                Thread.sleep(100);
            }
        }
        throw new AssertionError("nobody listens on port " + port);
    }

    private TestInstance satellite(TestInstance central, String name, int port) throws Exception {
        TestInstance satellite = TestInstance.satellite(folder.resolve(name), name, port);
        central.succeed(
                "instance", "add", name, "--password-out", satellite.passwordFile().toString());
        return satellite;
    }
}
