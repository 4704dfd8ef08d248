package org.doctorbird.app.postgres;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a value's text becomes a value of a column's type.
final class ColumnType {

    private static final Pattern CUTTING =
            Pattern.compile(
                    "(character varying|character|bit varying|bit)(\\(\\d+\\))?((?:\\[\\])*)");

    private ColumnType() {}

    /// Returns the type to cast a text to, so that storing it in the column loses nothing.
    ///
    /// A cast to `varchar(3)` cuts a longer text without a word, as does one to `bit(3)`; storing a
    /// `varchar` of any length in that column fails instead. So these four types lose their length
    /// here.
    ///
    /// @param type as PostgreSQL writes it, such as `character varying(10)[]`
    static String uncut(String type) {
        Matcher cutting = CUTTING.matcher(type);
        if (!cutting.matches()) {
            return type;
        }
        String base =
                switch (cutting.group(1)) {
                    case "character varying" -> "varchar";
                    case "character" -> "bpchar";
                    default -> "varbit";
                };
        return "pg_catalog." + base + cutting.group(3);
    }
}
