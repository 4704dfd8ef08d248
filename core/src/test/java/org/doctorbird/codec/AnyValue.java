package org.doctorbird.codec;

import java.util.List;
import java.util.random.RandomGenerator;

/// Texts of values as databases hold them, the nasty ones often.
public final class AnyValue {

    private static final List<String> NASTY =
            List.of(
                    "",
                    " ",
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "infinity",
                    "null",
                    "true",
                    "t",
                    "0",
                    "-0",
                    "00",
                    "1e5",
                    "1e+15",
                    "5e-324",
                    "0.1",
                    ".1",
                    "1.",
                    "1d",
                    "0x1p3",
                    "9223372036854775808",
                    "24:00:00",
                    "12:30",
                    "0001-01-01",
                    "0044-03-15 BC",
                    "10000-01-01",
                    "2026-01-05 13:05:00",
                    "2026-02-30",
                    "2026-01-05T13:05:00",
                    "2026-01-05 13:05:00.5",
                    "\\x",
                    "\\xAB",
                    "\\xabc",
                    "\\x00ff",
                    "]]>",
                    "<&>\"'",
                    "\r\n",
                    "\r",
                    "\t",
                    "a\u0001b",
                    "\u000b",
                    "\u007f\u0085\u2028",
                    "\uFFFE",
                    "\uFFFF",
                    "\uFEFF",
                    "\uD83D\uDC26",
                    "é",
                    "e\u0301",
                    "\u202e",
                    "<!-- -->",
                    "<![CDATA[x]]>",
                    "&amp;",
                    "&#13;",
                    "%s",
                    "{}",
                    "  padded  ",
                    "\nline\n",
                    "1958-03-27",
                    "13:05:00.000001",
                    "18.01179000",
                    "1".repeat(5_000));

    private static final String ALPHABET = "0123456789-+:. eExX\\abcdefTZé<&\r\n\t";

    private AnyValue() {}

    /// Returns a text without zero character, as PostgreSQL can hold it.
    public static String text(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> NASTY.get(random.nextInt(NASTY.size()));
            case 2 -> Long.toString(random.nextLong() >> random.nextInt(64));
            case 3 -> FloatText.of(Double.longBitsToDouble(random.nextLong()));
            case 4 -> FloatText.of((float) random.nextGaussian());
            case 5 ->
                    "%04d-%02d-%02d"
                            .formatted(
                                    random.nextInt(10_001),
                                    random.nextInt(1, 13),
                                    random.nextInt(1, 32));
            case 6 ->
                    "%02d:%02d:%02d"
                            .formatted(random.nextInt(25), random.nextInt(60), random.nextInt(61));
            default -> {
                var text = new StringBuilder();
                for (int i = random.nextInt(12); i > 0; i--) {
                    text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                }
                yield text.toString();
            }
        };
    }
}
