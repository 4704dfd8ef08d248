package org.doctorbird.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScriptTest {

    private static List<String> play(Script script) {
        var played = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            if (script.beginsEvent()) {
                played.add(
                        script.nextInt(100) + " " + script.happens(300) + " " + script.nextLong());
            }
        }
        return played;
    }

    @Test
    void aRepeatedWorldIsTheSame() {
        var script = new Script(7);
        List<String> first = play(script);

        assertThat(play(script.with(_ -> true))).isEqualTo(first);
        assertThat(play(new Script(7))).isEqualTo(first);
    }

    @Test
    void whatIsLeftOutChangesNothingElse() {
        var script = new Script(7);
        List<String> first = play(script);

        var shorter = script.with(name -> !name.equals("event 4"));
        List<String> second = play(shorter);

        assertThat(second).hasSize(9).isSubsetOf(first);
        assertThat(shorter.happened()).doesNotContain("event 4");
    }
}
