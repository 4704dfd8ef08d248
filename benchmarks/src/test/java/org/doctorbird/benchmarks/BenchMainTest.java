package org.doctorbird.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class BenchMainTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--stored 9990",
                "--stored 10001",
                "--stored 100000010",
                "--rounds 0",
                "--seconds 9",
                "--size huge",
                "--case W9"
            })
    void refusesWhatItCannotMeasureBeforeAnythingStarts(String line) {
        List<String> arguments = List.of(line.split(" "));
        assertThat(
                        new CommandLine(new BenchMain(arguments))
                                .execute(arguments.toArray(String[]::new)))
                .isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @Test
    void changesOfASizeOnlyWhatIsGiven() {
        Size standard = Size.STANDARD;
        assertThat(standard.with(null, null)).isEqualTo(standard);
        assertThat(standard.with(20_000, null).stored()).isEqualTo(20_000);
        assertThat(standard.with(20_000, null).with(standard.stored(), null)).isEqualTo(standard);
        assertThat(standard.with(null, 17).scaleSeconds()).isEqualTo(17);
        assertThat(standard.with(null, 17).with(null, standard.scaleSeconds())).isEqualTo(standard);
    }
}
