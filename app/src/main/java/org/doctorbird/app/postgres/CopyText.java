package org.doctorbird.app.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rows in the text form of COPY, as bytes in UTF-8.
///
/// Source: PostgreSQL manual, COPY, "Text Format".
final class CopyText {

    private static final int FIRST = 1 << 14;

    private byte[] bytes = new byte[FIRST];
    private int size;
    private boolean isRowBegun;

    /// Adds a cell to the row.
    CopyText cell(@Nullable String value) {
        separate();
        if (value == null) {
            put('\\');
            put('N');
        } else {
            escaped(value);
        }
        return this;
    }

    /// Adds a cell to the row.
    CopyText cell(long number) {
        separate();
        plain(Long.toString(number));
        return this;
    }

    /// Adds a cell to the row.
    CopyText cell(boolean truth) {
        separate();
        put(truth ? 't' : 'f');
        return this;
    }

    /// Ends the row.
    void end() {
        put('\n');
        isRowBegun = false;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void separate() {
        if (isRowBegun) {
            put('\t');
        }
        isRowBegun = true;
    }

    private void put(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
    }

    private void plain(String ascii) {
        room(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            bytes[size++] = (byte) ascii.charAt(i);
        }
    }

    private void escaped(String value) {
        room(2 * value.length());
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character >= 0x80) {
                encoded(value, i);
                return;
            }
            character(character);
        }
    }

    /// Adds the rest of a text that is not all ASCII.
    private void encoded(String value, int first) {
        byte[] rest = value.substring(first).getBytes(StandardCharsets.UTF_8);
        room(2 * rest.length);
        for (byte some : rest) {
            if (some < 0) {
                bytes[size++] = some;
            } else {
                character((char) some);
            }
        }
    }

    private void character(char ascii) {
        char letter =
                switch (ascii) {
                    case '\\' -> '\\';
                    case '\n' -> 'n';
                    case '\r' -> 'r';
                    case '\t' -> 't';
                    default -> 0;
                };
        if (letter == 0) {
            bytes[size++] = (byte) ascii;
        } else {
            bytes[size++] = '\\';
            bytes[size++] = (byte) letter;
        }
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
