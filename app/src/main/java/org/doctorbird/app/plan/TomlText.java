package org.doctorbird.app.plan;

/// Texts in TOML. Source: TOML 1.0, "String" and "Comment".
final class TomlText {

    private TomlText() {}

    /// Returns a basic string in quotes.
    static String string(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7F) {
                        quoted.append("\\u00")
                                .append(java.util.HexFormat.of().toHexDigits((byte) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /// Returns a text that can stand in a comment: control characters become question marks.
    static String comment(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
