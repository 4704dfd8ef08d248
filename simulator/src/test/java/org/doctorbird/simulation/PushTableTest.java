package org.doctorbird.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.simulation.PushCase.Rule;
import org.doctorbird.simulation.PushScene.Played;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The table of all pushes: whatever happened at central before, the outcome keeps what a push
/// promises.
final class PushTableTest {

    @ParameterizedTest
    @EnumSource
    void everyPushKeepsWhatIsPromised(Rule rule) {
        var broken = new ArrayList<String>();
        for (PushCase row : PushCase.all(rule)) {
            broken.addAll(new PushOracle(row, new PushScene(row).play()).broken());
        }
        assertThat(broken).isEmpty();
    }

    /// The table would prove nothing of an outcome that it never meets.
    @Test
    void theTableMeetsEveryOutcome() {
        Set<Class<? extends PushAnswer>> answers = new HashSet<>();
        Map<Dispute.Kind, Set<Boolean>> disputes = new EnumMap<>(Dispute.Kind.class);
        for (Rule rule : Rule.values()) {
            for (PushCase row : PushCase.all(rule)) {
                Played played = new PushScene(row).play();
                answers.add(played.first().getClass());
                played.after()
                        .conflicts()
                        .forEach(conflict ->
                                disputes.computeIfAbsent(
                                                conflict.dispute().kind(), _ -> new HashSet<>())
                                        .add(conflict.dispute().isOpen()));
            }
        }
        assertThat(answers)
                .containsExactlyInAnyOrderElementsOf(
                        List.of(
                                PushAnswer.Accepted.class,
                                PushAnswer.Merged.class,
                                PushAnswer.Superseded.class,
                                PushAnswer.Rejected.class,
                                PushAnswer.AskedForWhole.class));
        for (Dispute.Kind kind :
                List.of(Dispute.Kind.FIELDS, Dispute.Kind.DELETION, Dispute.Kind.REVIVAL)) {
            assertThat(disputes.get(kind)).as(kind.word()).containsExactlyInAnyOrder(true, false);
        }
    }
}
