package org.doctorbird.app.plan;

import java.util.ArrayList;
import java.util.List;
import org.doctorbird.app.plan.Finding.Severity;

/// Collects findings on one model, or on the whole plan.
final class Findings {

    private final String model;
    private final List<Finding> list = new ArrayList<>();

    /// @param model empty text for the whole plan
    Findings(String model) {
        this.model = model;
    }

    /// @param sentence with a `%s` for each word
    void error(String sentence, Object... words) {
        list.add(new Finding(Severity.ERROR, model, filled(sentence, words)));
    }

    /// @param sentence with a `%s` for each word
    void warn(String sentence, Object... words) {
        list.add(new Finding(Severity.WARNING, model, filled(sentence, words)));
    }

    /// Returns the findings in the order they were made.
    List<Finding> list() {
        return List.copyOf(list);
    }

    private static String filled(String sentence, Object... words) {
        var filled = new StringBuilder();
        int from = 0;
        for (Object word : words) {
            int place = sentence.indexOf("%s", from);
            filled.append(sentence, from, place).append(word);
            from = place + 2;
        }
        return filled.append(sentence, from, sentence.length()).toString();
    }
}
