package org.doctorbird.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the programs need of memory does not grow with the number of records.
final class MemoryTest {

    private static final String HEAP = "-Xmx256m";

    /// How many records travel; `-Dfaults.records=` for another number.
    private static final int RECORDS = Integer.getInteger("faults.records", 100_000);

    @TempDir Path folder = Path.of("");

    private final List<Program> programs = new ArrayList<>();

    @AfterEach
    void endPrograms() {
        for (Program program : programs) {
            program.close();
        }
    }

    private Program doctorbird(Region.Place place, String command) {
        Program program = Program.doctorbird(place.file(), HEAP, command);
        programs.add(program);
        return program;
    }

    @Test
    void aHundredThousandRecordsTravelInSmallHeaps()
            throws IOException, SQLException, InterruptedException {
        var region = new Region(folder, _ -> TestPostgres.NEWEST.freshDatabase().url(), 1000);
        Region.Place mayPen = region.satellite("may-pen", 1);
        Region.Place lionelTown = region.satellite("lionel-town", 2);
        doctorbird(region.central(), "serve").awaitSaid("central listens");
        var _ = Satellite.install(mayPen.settings());
        var _ = Satellite.install(lionelTown.settings());
        mayPen.run(
                "insert into party (name) select 'n' || n from generate_series(1, %d) n"
                        .formatted(RECORDS));

        for (Region.Place place : List.of(mayPen, lionelTown)) {
            Program sync = doctorbird(place, "sync");
            assertThat(sync.awaitEnd()).as(sync::said).isZero();
        }

        assertThat(region.central().texts("select count(*) from party"))
                .containsExactly(Integer.toString(RECORDS));
        assertThat(lionelTown.texts("select count(*) from party"))
                .containsExactly(Integer.toString(RECORDS));
    }
}
