package org.doctorbird.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PromptTest {

    @Test
    void theTableOfTheModelsIsNoNews() {
        String status =
                """
                This needs you:
                  3 conflicts: doctorbird conflicts list

                model              records    waiting local only     held   parked quarantine conflicts withdrawn  push
                party.party          1,234          0          0        0        0          0         0         0  -
                party.address           12          0          0        1        0          0         3         0  2026-11-29 06:08
                party.party 6c7: a change made here waits for a decision at central (key)
                last cycle: 2026-11-29 06:08
                """;
        assertThat(status.lines().filter(Prompt::isNews))
                .containsExactly(
                        "This needs you:",
                        "  3 conflicts: doctorbird conflicts list",
                        "party.party 6c7: a change made here waits for a decision at central (key)",
                        "last cycle: 2026-11-29 06:08");
    }
}
