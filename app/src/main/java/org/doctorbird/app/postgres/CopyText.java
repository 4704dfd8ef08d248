package org.doctorbird.app.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rows in the text form of COPY, as bytes in UTF-8.
///
/// Source: PostgreSQL manual, COPY, "Text Format".
final class CopyText {

    private static final int FIRST = 1 << 14;

    /// What stands behind a backslash for each character that cannot stand for itself.
    private static final byte[] LETTERS = letters();

    private byte[] bytes = new byte[FIRST];
    private int size;
    private boolean isRowBegun;

    private static byte[] letters() {
        byte[] letters = new byte['\\' + 1];
        letters['\\'] = '\\';
        letters['\n'] = 'n';
        letters['\r'] = 'r';
        letters['\t'] = 't';
        return letters;
    }

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
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        room(2 * text.length);
        byte[] to = bytes;
        int place = size;
        for (byte some : text) {
            byte letter = some < LETTERS.length && some >= 0 ? LETTERS[some] : 0;
            if (letter == 0) {
                to[place++] = some;
            } else {
                to[place++] = '\\';
                to[place++] = letter;
            }
        }
        size = place;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
