package org.doctorbird.app.settings;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the line of a key in a settings file that is written in the usual way: `[section]` and
/// `key = value` at the beginning of lines.
final class SettingsLines {

    private static final Pattern SECTION = Pattern.compile("\\s*\\[\\s*([A-Za-z0-9_.-]+)\\s*].*");
    private static final Pattern KEY = Pattern.compile("\\s*[\"']?([A-Za-z0-9_.-]+)[\"']?\\s*=.*");

    private final List<String> lines;

    SettingsLines(String text) {
        this.lines = text.lines().toList();
    }

    /// Returns the line, from 1, of a key; for one that is missing, of its section.
    ///
    /// @param key such as `database.url`, or `role` outside of sections
    OptionalInt of(String key) {
        String section = "";
        OptionalInt found = OptionalInt.empty();
        for (int i = 0; i < lines.size(); i++) {
            Matcher heading = SECTION.matcher(lines.get(i));
            Matcher pair = KEY.matcher(lines.get(i));
            if (heading.matches()) {
                section = heading.group(1);
                if (key.equals(section) || key.startsWith(section + ".")) {
                    found = OptionalInt.of(i + 1);
                }
            } else if (pair.matches() && key.equals(named(section, pair.group(1)))) {
                return OptionalInt.of(i + 1);
            }
        }
        return found;
    }

    private static String named(String section, String key) {
        return section.isEmpty() ? key : section + "." + key;
    }
}
