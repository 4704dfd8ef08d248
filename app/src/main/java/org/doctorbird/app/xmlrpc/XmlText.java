package org.doctorbird.app.xmlrpc;

import java.io.IOException;
import java.io.Writer;

/// Texts in XML 1.0.
final class XmlText {

    private XmlText() {}

    /// Says whether XML can carry the text: no control characters but tab and line ends, no halves
    /// of surrogate pairs, no U+FFFE and U+FFFF. Source: XML 1.0, production 2.
    static boolean isCarried(String text) {
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            if (one < ' ' ? "\t\n\r".indexOf(one) < 0 : one >= 0xD800 && !isCarriedAt(text, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCarriedAt(String text, int i) {
        char one = text.charAt(i);
        if (Character.isHighSurrogate(one)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(one)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        return one < 0xFFFE;
    }

    /// Writes the text escaped. A carriage return needs a reference of its own: a parser would make
    /// a line feed of it.
    static void write(String text, Writer out) throws IOException {
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            String escaped =
                    switch (text.charAt(i)) {
                        case '&' -> "&amp;";
                        case '<' -> "&lt;";
                        case '>' -> "&gt;";
                        case '\r' -> "&#13;";
                        default -> "";
                    };
            if (!escaped.isEmpty()) {
                out.write(text, done, i - done);
                out.write(escaped);
                done = i + 1;
            }
        }
        out.write(text, done, text.length() - done);
    }
}
