package org.doctorbird.app.plan;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// Finds the line of a key in a plan that is written in the usual way: `[[model]]` and `key =
/// value` at the beginning of lines. For another way it finds nothing or the model's first line.
final class PlanLines {

    private static final Pattern MODEL = Pattern.compile("\\s*\\[\\[\\s*\"?model\"?\\s*]].*");

    private final List<String> lines;

    PlanLines(String text) {
        this.lines = text.lines().toList();
    }

    /// Returns the line, from 1, of a key.
    ///
    /// @param model the place among the models, from 0; -1 for keys outside of them
    OptionalInt of(int model, String key) {
        Pattern line = Pattern.compile("\\s*[\"']?" + Pattern.quote(key) + "[\"']?\\s*=.*");
        OptionalInt found = OptionalInt.empty();
        int current = -1;
        for (int i = 0; i < lines.size(); i++) {
            if (MODEL.matcher(lines.get(i)).matches()) {
                current++;
                if (current == model) {
                    found = OptionalInt.of(i + 1);
                }
            } else if (current == model && line.matcher(lines.get(i)).matches()) {
                return OptionalInt.of(i + 1);
            }
        }
        return found;
    }
}
