package org.doctorbird.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.ModelShape;
import org.junit.jupiter.api.Test;

final class DependencyOrderTest {

    @Test
    void putsWhatIsPointedToFirst() {
        assertThat(
                        names(
                                model("evaluation", "patient!"),
                                model("patient", "party!"),
                                model("party")))
                .containsExactly("party", "patient", "evaluation");
    }

    @Test
    void keepsTheGivenOrderOfIndependentModels() {
        assertThat(names(model("c"), model("a"), model("b"))).containsExactly("c", "a", "b");
    }

    @Test
    void ignoresSelfReferencesAndModelsThatAreNotGiven() {
        assertThat(names(model("category", "category!", "elsewhere!"), model("a", "category")))
                .containsExactly("category", "a");
    }

    @Test
    void letsNullableReferencesGiveWayInACircle() {
        assertThat(
                        names(
                                model("certificate", "party!", "institution"),
                                model("institution", "party!", "specialty"),
                                model("specialty", "institution!"),
                                model("party", "certificate")))
                .containsExactly("party", "institution", "certificate", "specialty");
    }

    @Test
    void doesNotTearOpenWhatOnlyHangsOnACircle() {
        assertThat(names(model("leaf", "a"), model("a", "b"), model("b", "a!")))
                .containsExactly("a", "leaf", "b");
    }

    @Test
    void ordersACircleOfRequiredReferencesAllTheSame() {
        assertThat(names(model("a", "b!"), model("b", "c!"), model("c", "a!")))
                .containsExactly("a", "c", "b");
        assertThat(
                        DependencyOrder.requiredCircles(
                                List.of(model("a", "b!"), model("b", "a!"), model("c", "a"))))
                .containsExactly(List.of("a", "b"));
        assertThat(DependencyOrder.requiredCircles(List.of(model("a", "b!"), model("b", "a"))))
                .isEmpty();
    }

    @Test
    void givesLevelsWhoseModelsAreIndependent() {
        assertThat(
                        DependencyOrder.levels(
                                        List.of(
                                                model("patient", "party!"),
                                                model("country"),
                                                model("party", "country"),
                                                model("address", "party!")))
                                .stream()
                                .map(level -> level.stream().map(ModelShape::model).toList()))
                .containsExactly(
                        List.of("country"), List.of("party"), List.of("patient", "address"));
    }

    private static List<String> names(ModelShape... shapes) {
        return DependencyOrder.of(List.of(shapes)).stream().map(ModelShape::model).toList();
    }

    /// @param references the models it points to; with `!` if required
    private static ModelShape model(String name, String... references) {
        return new ModelShape(
                name,
                Stream.concat(
                                Stream.of(FieldShape.plain("text", FieldKind.TEXT, false)),
                                Arrays.stream(references)
                                        .map(to ->
                                                FieldShape.reference(
                                                        "to_" + to,
                                                        to.replace("!", ""),
                                                        to.endsWith("!"))))
                        .toList());
    }
}
