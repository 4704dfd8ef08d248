package org.doctorbird.app.postgres;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Writing names and texts into SQL. Every name in a statement comes through here.
final class Sql {

    private static final int NAME_BYTES_MAX = 63;

    private Sql() {}

    /// Quotes a name: `"res_user-company_company"`.
    static String identifier(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a name");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// Quotes a text, whatever `standard_conforming_strings` says.
    static String literal(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("text with a zero character");
        }
        String doubled = text.replace("'", "''");
        return doubled.indexOf('\\') < 0
                ? "'" + doubled + "'"
                : "E'" + doubled.replace("\\", "\\\\") + "'";
    }

    /// Returns the name if PostgreSQL takes it whole, else its beginning and a hash of it.
    static String fitted(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= NAME_BYTES_MAX) {
            return name;
        }
        var hash = new CRC32C();
        hash.update(bytes);
        String kept = name;
        while (kept.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX - 9) {
            kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
        }
        return kept + "~" + String.format(java.util.Locale.ROOT, "%08x", hash.getValue());
    }
}
