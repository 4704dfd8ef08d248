package org.doctorbird.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AgendaTest {

    private final Agenda agenda = new Agenda();
    private final List<String> done = new ArrayList<>();

    private void note(String what) {
        done.add(agenda.now() + " " + what);
    }

    private void work(String name, long step) {
        for (int i = 0; i < 3; i++) {
            note(name);
            agenda.pause(step);
        }
        note(name + " ends");
    }

    @Test
    void processesTakeTurnsAsTimePasses() {
        agenda.at(10, () -> agenda.start(() -> work("a", 20)));
        agenda.at(15, () -> agenda.start(() -> work("b", 10)));
        agenda.at(31, () -> note("event"));

        agenda.runUntil(40);
        assertThat(agenda.now()).isEqualTo(40);
        agenda.runUntil(100);

        assertThat(done)
                .containsExactly(
                        "10 a",
                        "15 b",
                        "25 b",
                        "30 a",
                        "31 event",
                        "35 b",
                        "45 b ends",
                        "50 a",
                        "70 a ends");
    }

    @Test
    void aKilledProcessGoesNoFurther() {
        var processes = new ArrayList<Agenda.Actor>();
        agenda.at(0, () -> processes.add(agenda.start(() -> work("a", 20))));
        agenda.at(30, () -> agenda.kill(processes.getFirst()));

        agenda.runUntil(100);

        assertThat(done).containsExactly("0 a", "20 a");
        assertThat(processes.getFirst().isOver()).isTrue();
    }

    @Test
    void theFailureOfAProcessIsTheFailureOfTheRun() {
        agenda.at(
                5,
                () ->
                        agenda.start(() -> {
                            agenda.pause(5);
                            throw new IllegalStateException("broke");
                        }));
        agenda.at(7, () -> note("event"));

        assertThatThrownBy(() -> agenda.runUntil(100)).hasMessage("broke");
        assertThat(done).containsExactly("7 event");
    }

    @Test
    void closingEndsWhatStillWaits() {
        agenda.at(0, () -> agenda.start(() -> work("a", 1_000)));
        agenda.runUntil(10);

        agenda.close();

        assertThat(done).containsExactly("0 a");
    }
}
